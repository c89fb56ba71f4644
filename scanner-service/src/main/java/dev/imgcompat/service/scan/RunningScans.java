package dev.imgcompat.service.scan;

import dev.imgcompat.service.background.Background;
import dev.imgcompat.service.store.ScanRecord;
import dev.imgcompat.service.store.ScanStore;
import dev.imgcompat.service.store.StoreUnavailableException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The scans that this process does, whose progress is stored every now and then. */
final class RunningScans implements AutoCloseable {
  private static final Duration EVERY = Duration.ofSeconds(1);

  private final ScanStore scans;
  private final Map<String, Running> running = new ConcurrentHashMap<>();
  private final Background background = new Background("scan-progress");

  private record Running(ScanRecord scan, ScanProgress progress) {}

  RunningScans(ScanStore scans) {
    this.scans = scans;
    background.every(EVERY, this::keep);
  }

  void put(ScanRecord scan, ScanProgress progress) {
    running.put(scan.id(), new Running(scan, progress));
  }

  /** After this nothing more is stored of a scan. */
  void remove(String id) {
    synchronized (running) {
      running.remove(id);
    }
  }

  private void keep() {
    for (String id : running.keySet()) {
      synchronized (running) {
        Running one = running.get(id);
        if (one != null) {
          try {
            scans.update(one.progress().of(one.scan()));
          } catch (StoreUnavailableException e) {
            return; // progress is not worth more than that
          }
        }
      }
    }
  }

  @Override
  public void close() {
    background.close();
  }
}
