package dev.imgcompat.service.scan;

import dev.imgcompat.service.subject.InvalidQuestionException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Scans on demand. Safe for use by several threads. */
public interface Scans {
  /**
   * Takes an order: once this returns, the scan will be done, whatever becomes of this process. One
   * that is under way, or was done and still holds, is not done again unless it is forced.
   *
   * @throws InvalidQuestionException if the reference, the platform or the runtime is none, or the
   *     registry is not one of those that may be asked
   * @throws QueueFullException if too many are waiting
   */
  ScanView order(ScanOrder order) throws InvalidQuestionException, QueueFullException;

  /** A scan, with what it found. */
  Optional<ScanView> find(String id);

  /**
   * Waits for the end of a scan without taking a thread.
   *
   * @param atMost is cut to the bound of the settings
   * @return done with the scan as it is at its end, or after that time; at once if too many wait
   */
  CompletableFuture<ScanView> await(ScanView scan, Duration atMost);
}
