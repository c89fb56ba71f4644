package dev.imgcompat.service.scan;

import dev.imgcompat.service.store.ScanRecord;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;

/** Puts a scan into the trace of whoever asked for it. */
public interface ScanTraces {
  /** What is traced. */
  @FunctionalInterface
  interface Attempt {
    /** Makes it. */
    Optional<Instant> make() throws InterruptedException;
  }

  /** Makes an attempt. */
  Optional<Instant> within(ScanRecord scan, Attempt attempt) throws InterruptedException;

  /** The W3C trace context of what this thread does, to be stored with a scan. */
  Optional<String> current();

  /** Returns a task that goes on in another thread with what this one does. */
  <T> Callable<T> wrap(Callable<T> task);
}
