package dev.imgcompat.core.sweep;

import dev.imgcompat.core.sweep.state.TagOutcome;
import dev.imgcompat.core.verdict.Report.ScanError;
import java.util.List;
import java.util.Set;

/** Tells failures that lie in an image itself, which the same bytes would give again. */
final class Broken {
  private static final Set<String> KINDS =
      Set.of(
          "damaged",
          "digest-mismatch",
          "encrypted",
          "limit-exceeded",
          "not-an-image",
          "platform-missing");

  private Broken() {}

  static boolean is(ScanError failure) {
    return KINDS.contains(failure.kind());
  }

  /** Whether looking again would find nothing else. */
  static boolean areSettled(List<TagOutcome> outcomes) {
    return outcomes.stream().flatMap(o -> o.error().stream()).allMatch(Broken::is);
  }
}
