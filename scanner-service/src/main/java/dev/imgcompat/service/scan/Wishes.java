package dev.imgcompat.service.scan;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.imgcompat.core.verdict.Report.ScanError;
import dev.imgcompat.core.verdict.Verdict;
import dev.imgcompat.service.background.Background;
import dev.imgcompat.service.store.ReferenceKey;
import dev.imgcompat.service.store.ScanRecord;
import dev.imgcompat.service.store.ScanRecord.Cause;
import dev.imgcompat.service.store.StoreUnavailableException;
import dev.imgcompat.service.subject.Subject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Scans that lookups wish for. A wish costs whoever has it no time: it is kept here until the queue
 * has taken it, each once, and not more of them than a bound. Safe for use by several threads.
 */
public final class Wishes implements ScanWatch, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Wishes.class);

  private static final int MOST = 10_000;

  /** A wish that the queue took is not put to it again for so long. */
  private static final Duration TAKEN = Duration.ofSeconds(30);

  private static final Duration PAUSE = Duration.ofMillis(50);
  private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);

  private final ScanQueue queue;
  private final Map<Wish, Details> waiting = new ConcurrentHashMap<>();
  private final Cache<Wish, Boolean> taken =
      Caffeine.newBuilder().expireAfterWrite(TAKEN).maximumSize(100_000).build();
  private final Background background = new Background("wishes");

  private record Wish(ReferenceKey key, String runtime) {}

  private record Details(Subject subject, Cause cause, Optional<String> traceParent) {}

  public Wishes(ScanQueue queue) {
    this.queue = queue;
    background.after(PAUSE, this::grant);
  }

  /** Wishes for a scan; does nothing if it was wished for just now, or if there are too many. */
  public void add(Subject subject, Cause cause, Optional<String> traceParent) {
    Wish wish = new Wish(subject.key(), subject.runtime());
    if (taken.getIfPresent(wish) == null && waiting.size() < MOST) {
      waiting.putIfAbsent(wish, new Details(subject, cause, traceParent));
    }
  }

  /** A scan that has ended may be wished for again. */
  @Override
  public void tried(
      ScanRecord scan, List<Verdict> verdicts, Optional<ScanError> failure, Duration took) {
    taken.invalidate(new Wish(scan.key(), scan.runtime()));
  }

  /** How many the queue has not taken yet. */
  public int count() {
    return waiting.size();
  }

  private void grant() {
    Duration pause = PAUSE;
    for (Map.Entry<Wish, Details> entry : List.copyOf(waiting.entrySet())) {
      Details wish = entry.getValue();
      try {
        queue.add(wish.subject(), wish.cause(), wish.traceParent());
        taken.put(entry.getKey(), Boolean.TRUE);
        waiting.remove(entry.getKey());
      } catch (QueueFullException e) {
        // Whoever asks again wishes again.
        waiting.remove(entry.getKey());
      } catch (StoreUnavailableException e) {
        pause = PAUSE_AFTER_FAILURE;
        break;
      } catch (RuntimeException e) {
        LOG.error("a scan could not be queued", e);
        waiting.remove(entry.getKey());
      }
    }
    background.after(pause, this::grant);
  }

  @Override
  public void close() {
    background.close();
  }
}
