package dev.imgcompat.service.scan;

import dev.imgcompat.core.verdict.Report.ScanError;
import dev.imgcompat.core.verdict.Verdict;
import dev.imgcompat.service.store.ReferenceKey;
import dev.imgcompat.service.store.ScanRecord;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** Tells several what one is told. */
public final class ScanWatches implements ScanWatch {
  private final List<ScanWatch> watches = new CopyOnWriteArrayList<>();

  /** Tells one more from now on. */
  public void add(ScanWatch watch) {
    watches.add(watch);
  }

  @Override
  public void changed(ReferenceKey key) {
    watches.forEach(w -> w.changed(key));
  }

  @Override
  public void tried(
      ScanRecord scan, List<Verdict> verdicts, Optional<ScanError> failure, Duration took) {
    watches.forEach(w -> w.tried(scan, verdicts, failure, took));
  }

  @Override
  public void layer(boolean fromCache) {
    watches.forEach(w -> w.layer(fromCache));
  }

  @Override
  public void pulled(long bytes) {
    watches.forEach(w -> w.pulled(bytes));
  }
}
