package dev.imgcompat.service.scan;

import dev.imgcompat.core.verdict.Report.ScanError;
import dev.imgcompat.core.verdict.Verdict;
import dev.imgcompat.service.store.ReferenceKey;
import dev.imgcompat.service.store.ScanRecord;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Is told of scans in this process. Called by several threads; must not block or throw. */
public interface ScanWatch {
  /** More is known of a reference. */
  default void changed(ReferenceKey key) {}

  /**
   * A scan was tried.
   *
   * @param verdicts that it gave; none if it failed
   * @param failure why it failed
   * @param took how long that was
   */
  default void tried(
      ScanRecord scan, List<Verdict> verdicts, Optional<ScanError> failure, Duration took) {}

  /** The facts of a layer were needed. */
  default void layer(boolean fromCache) {}

  /** So many bytes of layers were pulled. */
  default void pulled(long bytes) {}
}
