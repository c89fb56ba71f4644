package dev.imgcompat.service.lookup;

import dev.imgcompat.service.store.Store;
import dev.imgcompat.service.store.StoreUnavailableException;
import dev.imgcompat.service.subject.Freshness;
import dev.imgcompat.service.subject.Knowledge;
import dev.imgcompat.service.subject.Subject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads from the store for lookups, with patience that is short: a store that is down or slow must
 * not keep a build waiting. After a failure it is left alone for a moment. Of several who ask for
 * the same at the same time one reads. Safe for use by several threads.
 */
final class StoreReader implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StoreReader.class);

  private static final int SLOW_IN_A_ROW = 3;
  private static final int SEVERAL = 10;
  private static final int THREADS = 4;
  private static final int QUEUE = 1_000;
  private static final Duration LEFT_ALONE = Duration.ofSeconds(1);

  private final Store store;
  private final Duration patience;
  private final ThreadPoolExecutor threads;
  private final ConcurrentHashMap<Subject, CompletableFuture<Knowledge>> reading =
      new ConcurrentHashMap<>();
  private final AtomicInteger slow = new AtomicInteger();
  private final AtomicLong failedAt = new AtomicLong(Long.MIN_VALUE);

  StoreReader(Store store, Duration patience) {
    this.store = store;
    this.patience = patience;
    AtomicInteger number = new AtomicInteger();
    this.threads =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            1,
            TimeUnit.MINUTES,
            new LinkedBlockingQueue<>(QUEUE),
            task -> {
              Thread thread = new Thread(task, "lookup-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
  }

  /** What is known of a subject; empty if the store does not say in time. */
  Optional<Knowledge> read(Subject subject) {
    try {
      Knowledge known = start(subject).get(patience.toNanos(), TimeUnit.NANOSECONDS);
      slow.set(0);
      return Optional.of(known);
    } catch (TimeoutException e) {
      // One that hangs is as good as down: who asks for many does not wait for each.
      if (slow.incrementAndGet() >= SLOW_IN_A_ROW) {
        slow.set(0);
        failedAt.set(System.nanoTime());
      }
      return Optional.empty();
    } catch (ExecutionException | RejectedExecutionException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  /**
   * Reads for several at once, and waits for all of them ten times as long as for one. If that is
   * not enough, the store is too slow, and is left alone for a moment.
   */
  void readAll(Collection<Subject> subjects, BiConsumer<Subject, Knowledge> found) {
    List<CompletableFuture<Knowledge>> reads = new ArrayList<>();
    try {
      for (Subject subject : subjects) {
        reads.add(start(subject).thenApply(known -> accepted(subject, known, found)));
      }
      CompletableFuture.allOf(reads.toArray(CompletableFuture[]::new))
          .get(SEVERAL * patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      failedAt.set(System.nanoTime());
    } catch (ExecutionException | RejectedExecutionException e) {
      LOG.debug("the store does not answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Knowledge accepted(
      Subject subject, Knowledge known, BiConsumer<Subject, Knowledge> found) {
    found.accept(subject, known);
    return known;
  }

  /** Reads in the background. */
  void readLater(Subject subject, Consumer<Knowledge> found, Runnable failed) {
    try {
      var unused =
          start(subject)
              .whenComplete(
                  (known, failure) -> {
                    if (failure == null) {
                      found.accept(known);
                    } else {
                      failed.run();
                    }
                  });
    } catch (RejectedExecutionException e) {
      failed.run();
    }
  }

  private CompletableFuture<Knowledge> start(Subject subject) {
    long failed = failedAt.get();
    if (failed != Long.MIN_VALUE && System.nanoTime() - failed < LEFT_ALONE.toNanos()) {
      throw new RejectedExecutionException("the store failed a moment ago");
    }
    CompletableFuture<Knowledge> mine = new CompletableFuture<>();
    CompletableFuture<Knowledge> other = reading.putIfAbsent(subject, mine);
    if (other != null) {
      return other;
    }
    try {
      threads.execute(() -> readInto(subject, mine));
    } catch (RejectedExecutionException e) {
      reading.remove(subject, mine);
      mine.completeExceptionally(e);
      throw e;
    }
    return mine;
  }

  private void readInto(Subject subject, CompletableFuture<Knowledge> result) {
    try {
      Knowledge known = Freshness.read(store, subject);
      reading.remove(subject, result);
      failedAt.set(Long.MIN_VALUE);
      result.complete(known);
    } catch (StoreUnavailableException e) {
      failedAt.set(System.nanoTime());
      reading.remove(subject, result);
      result.completeExceptionally(e);
    } catch (RuntimeException e) {
      LOG.error("what is known of {} cannot be read", subject.key().canonical(), e);
      reading.remove(subject, result);
      result.completeExceptionally(e);
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
