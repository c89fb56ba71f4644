package dev.imgcompat.service.store;

import static java.util.Objects.requireNonNull;

import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.verdict.Report.ScanError;
import java.time.Instant;
import java.util.Optional;

/**
 * One scan. All times are whole milliseconds.
 *
 * @param id 32 characters of hexadecimal
 * @param reference as it was asked for
 * @param key the same in full, with the platform
 * @param runtime that it was asked for
 * @param cause why it is done
 * @param forced whether the layers' images are to be looked at even if all is known
 * @param state how far it is
 * @param requestedAt when it was asked for
 * @param startedAt when it was begun last
 * @param finishedAt when it ended
 * @param attempts how often it was begun
 * @param layers of the image, once they are known
 * @param layersDone of these
 * @param bytes that were pulled so far
 * @param digest of the image that was found
 * @param error why it failed, or failed last
 * @param traceParent W3C trace context of whoever asked
 */
public record ScanRecord(
    String id,
    String reference,
    ReferenceKey key,
    String runtime,
    Cause cause,
    boolean forced,
    State state,
    Instant requestedAt,
    Optional<Instant> startedAt,
    Optional<Instant> finishedAt,
    int attempts,
    int layers,
    int layersDone,
    long bytes,
    Optional<Digest> digest,
    Optional<ScanError> error,
    Optional<String> traceParent) {
  public ScanRecord {
    requireNonNull(id, "id is null");
    requireNonNull(key, "key is null");
  }

  /** The same, begun once more. */
  public ScanRecord begun(Instant at) {
    return with(State.RUNNING, Optional.of(at), Optional.empty(), attempts + 1, error)
        .progressed(0, 0, 0);
  }

  /** The same, but forced. */
  public ScanRecord force() {
    return with(true, state, startedAt, finishedAt, attempts, digest, error);
  }

  /** The same, further on. */
  public ScanRecord progressed(int allLayers, int doneLayers, long pulled) {
    return new ScanRecord(
        id,
        reference,
        key,
        runtime,
        cause,
        forced,
        state,
        requestedAt,
        startedAt,
        finishedAt,
        attempts,
        allLayers,
        doneLayers,
        pulled,
        digest,
        error,
        traceParent);
  }

  /** The same, done. */
  public ScanRecord done(Instant at, Digest image) {
    return with(
        forced,
        State.DONE,
        startedAt,
        Optional.of(at),
        attempts,
        Optional.of(image),
        Optional.empty());
  }

  /** The same, failed: given up, or to be tried again. */
  public ScanRecord failed(Instant at, ScanError why, boolean again) {
    return with(
        again ? State.QUEUED : State.FAILED,
        startedAt,
        again ? Optional.empty() : Optional.of(at),
        attempts,
        Optional.of(why));
  }

  /** The same, interrupted before its end: it waits again, and this attempt does not count. */
  public ScanRecord interrupted() {
    return with(State.QUEUED, startedAt, Optional.empty(), Math.max(0, attempts - 1), error);
  }

  /** The same, as it is now, without an image. */
  private ScanRecord with(
      State now,
      Optional<Instant> started,
      Optional<Instant> finished,
      int begun,
      Optional<ScanError> why) {
    return with(forced, now, started, finished, begun, Optional.empty(), why);
  }

  private ScanRecord with(
      boolean force,
      State now,
      Optional<Instant> started,
      Optional<Instant> finished,
      int begun,
      Optional<Digest> image,
      Optional<ScanError> why) {
    return new ScanRecord(
        id,
        reference,
        key,
        runtime,
        cause,
        force,
        now,
        requestedAt,
        started,
        finished,
        begun,
        layers,
        layersDone,
        bytes,
        image,
        why,
        traceParent);
  }

  /** Why a scan is done. */
  public enum Cause {
    /** A lookup of an image of which nothing was known. */
    LOOKUP,
    /** A lookup of an image whose answer is stale. */
    STALE,
    /** Somebody asked for it. */
    REQUEST
  }

  /** How far a scan is. */
  public enum State {
    /** It waits for its turn, perhaps once more. */
    QUEUED,
    /** It is being done. */
    RUNNING,
    /** It is done, and there is a verdict. */
    DONE,
    /** It is given up. */
    FAILED;

    /** Whether there is still something to come. */
    public boolean isActive() {
      return this == QUEUED || this == RUNNING;
    }
  }
}
