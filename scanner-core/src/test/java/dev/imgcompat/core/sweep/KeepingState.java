package dev.imgcompat.core.sweep;

import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.sweep.state.SweepState;
import dev.imgcompat.core.sweep.state.TagOutcome;
import dev.imgcompat.core.sweep.state.TagRecord;
import dev.imgcompat.core.verdict.Report.ImageReport;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Keeps what is not selected any more, too. */
record KeepingState(SweepState state) implements SweepState {
  @Override
  public Optional<TagRecord> tag(String reference) {
    return state.tag(reference);
  }

  @Override
  public Optional<List<TagOutcome>> outcomes(Digest digest, String basis) {
    return state.outcomes(digest, basis);
  }

  @Override
  public void keep(TagRecord record, List<ImageReport> reports) {
    state.keep(record, reports);
  }

  @Override
  public void forget(String reference) {
    state.forget(reference);
  }

  @Override
  public void unselect(TagRecord record) {
    state.keep(record, List.of());
  }

  @Override
  public void forEach(Consumer<TagRecord> consumer) {
    state.forEach(consumer);
  }
}
