package dev.imgcompat.core.sweep;

import dev.imgcompat.core.sweep.source.ListedReference;
import dev.imgcompat.core.verdict.Report.ScanError;
import java.util.Optional;

/** Something to be done about one reference. */
interface Errand {
  /** What it is about. */
  ListedReference about();

  /** Whether nothing is left to be done, by what is known already. */
  default boolean isDone() {
    return false;
  }

  /** Does it; says why it failed, if it did. */
  Optional<ScanError> run() throws InterruptedException;

  /** Is called in the place of {@link #run} where the registry is not asked any more. */
  void giveUp(ScanError why);
}
