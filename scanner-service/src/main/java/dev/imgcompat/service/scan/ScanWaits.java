package dev.imgcompat.service.scan;

import dev.imgcompat.service.background.Background;
import dev.imgcompat.service.store.StoreUnavailableException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * Waits for the end of scans, of which another replica may do some: looks every now and then. One
 * thread for all.
 */
final class ScanWaits implements AutoCloseable {
  private static final Duration EVERY = Duration.ofMillis(200);

  private final int most;
  private final AtomicInteger waiting = new AtomicInteger();
  private final Background background = new Background("scan-waits");

  ScanWaits(int most) {
    this.most = most;
  }

  CompletableFuture<ScanView> await(
      ScanView scan, Duration atMost, Function<String, Optional<ScanView>> find) {
    CompletableFuture<ScanView> ended = new CompletableFuture<>();
    if (!scan.scan().state().isActive() || atMost.isZero() || atMost.isNegative()) {
      ended.complete(scan);
      return ended;
    }
    if (waiting.incrementAndGet() > most) {
      waiting.decrementAndGet();
      ended.complete(scan);
      return ended;
    }
    var unused = ended.whenComplete((view, failure) -> waiting.decrementAndGet());
    look(scan, System.nanoTime() + atMost.toNanos(), find, ended);
    return ended;
  }

  private void look(
      ScanView last,
      long deadline,
      Function<String, Optional<ScanView>> find,
      CompletableFuture<ScanView> ended) {
    if (ended.isDone()) {
      return; // whoever waited hung up
    }
    ScanView now = last;
    try {
      now = find.apply(last.scan().id()).orElse(last);
    } catch (StoreUnavailableException e) {
      // It may be back before the time is up.
    } catch (RuntimeException e) {
      ended.completeExceptionally(e);
      return;
    }
    long left = deadline - System.nanoTime();
    if (!now.scan().state().isActive() || left <= 0) {
      ended.complete(now);
      return;
    }
    ScanView seen = now;
    background.after(
        Duration.ofNanos(Math.min(EVERY.toNanos(), left)), () -> look(seen, deadline, find, ended));
  }

  @Override
  public void close() {
    background.close();
  }
}
