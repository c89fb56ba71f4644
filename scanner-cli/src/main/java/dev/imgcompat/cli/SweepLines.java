package dev.imgcompat.cli;

import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.sweep.SweepProgress;
import dev.imgcompat.core.sweep.SweepSummary;
import dev.imgcompat.core.sweep.SweepSummary.ChangedTag;
import dev.imgcompat.core.sweep.SweepSummary.FailureCause;
import dev.imgcompat.core.sweep.SweepSummary.LayerBlame;
import dev.imgcompat.core.sweep.SweepSummary.Unlisted;
import dev.imgcompat.core.sweep.state.Ruling;
import dev.imgcompat.core.sweep.state.TagChange;
import dev.imgcompat.core.sweep.state.TagOutcome;
import dev.imgcompat.core.sweep.state.TagRecord;
import dev.imgcompat.core.verdict.Decision;
import dev.imgcompat.core.verdict.Report.ScanError;
import dev.imgcompat.core.verdict.ReportFormat;
import java.io.IOException;
import java.io.Writer;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A sweep as lines, each a JSON object, as {@code sweep-1.schema.json} has it: one for each tag as
 * soon as it is done, then one for each repository, and one for all.
 */
final class SweepLines implements SweepOutput {
  private final Writer out;
  private final boolean atOnce;
  private final List<String> runtimes;

  /** A tag. */
  private record TagLine(
      String type,
      String reference,
      Optional<Digest> digest,
      Instant lookedAt,
      Map<String, Decision> decisions,
      List<ImageOfTag> images,
      Optional<ScanError> failure,
      Optional<Instant> goneSince,
      Optional<TagChange.Kind> change) {}

  /** An image that it names. */
  private record ImageOfTag(
      Optional<String> platform,
      Optional<Digest> digest,
      List<Ruling> verdicts,
      Optional<ScanError> error) {
    static ImageOfTag of(TagOutcome outcome) {
      return new ImageOfTag(
          outcome.platform(), outcome.digest(), outcome.rulings(), outcome.error());
    }
  }

  /** A repository. */
  private record RepositoryLine(
      String type,
      String repository,
      long tags,
      long gone,
      long failed,
      Map<String, Map<Decision, Long>> decisions) {}

  /** All. */
  private record SummaryLine(
      String type,
      String sweep,
      long run,
      SweepSummary.End end,
      Instant startedAt,
      Instant endedAt,
      Counts tags,
      Layers layers,
      String runtime,
      Map<Decision, Long> decisions,
      long repositories,
      Map<TagChange.Kind, Long> changes,
      List<ChangedTag> changed,
      List<FailureCause> failures,
      List<LayerBlame> blame,
      List<Unlisted> unlisted,
      long unlistedCount,
      boolean mayShrink) {}

  /** How tags were dealt with. */
  private record Counts(
      long done, long resumed, long unchanged, long known, long scanned, long failed) {}

  /** What became of layers. */
  private record Layers(long pulled, long shared, long bytes) {}

  /**
   * Creates one.
   *
   * @param out is not closed
   * @param atOnce whether somebody waits for each line
   * @param runtimes that were asked for
   */
  SweepLines(Writer out, boolean atOnce, List<String> runtimes) {
    this.out = out;
    this.atOnce = atOnce;
    this.runtimes = List.copyOf(runtimes);
  }

  @Override
  public void done(TagRecord tag) throws IOException {
    line(
        new TagLine(
            "tag",
            tag.reference(),
            tag.digest(),
            tag.lookedAt(),
            decisions(tag),
            tag.outcomes().stream().map(ImageOfTag::of).toList(),
            tag.failure(),
            tag.goneSince(),
            change(tag)));
  }

  private Map<String, Decision> decisions(TagRecord tag) {
    Map<String, Decision> decisions = new LinkedHashMap<>();
    runtimes.forEach(runtime -> decisions.put(runtime, tag.decision(runtime)));
    return decisions;
  }

  /** What this sweep found to be otherwise. */
  private static Optional<TagChange.Kind> change(TagRecord tag) {
    List<TagChange> history = tag.history();
    return history.isEmpty()
        ? Optional.empty()
        : Optional.of(history.get(history.size() - 1))
            .filter(last -> last.run() == tag.run())
            .map(TagChange::kind);
  }

  @Override
  public void repository(RepositoryTally repository) throws IOException {
    line(
        new RepositoryLine(
            "repository",
            repository.repository(),
            repository.tags(),
            repository.gone(),
            repository.failed(),
            repository.decisions()));
  }

  @Override
  public void end(SweepSummary summary) throws IOException {
    SweepProgress progress = summary.progress();
    line(
        new SummaryLine(
            "summary",
            summary.plan(),
            summary.run(),
            summary.end(),
            summary.startedAt(),
            summary.endedAt(),
            new Counts(
                progress.done(),
                progress.resumed(),
                progress.unchanged(),
                progress.known(),
                progress.scanned(),
                progress.failed()),
            new Layers(progress.pulled(), progress.shared(), progress.bytes()),
            summary.runtime(),
            summary.decisions(),
            summary.repositoryCount(),
            summary.changes(),
            summary.changed(),
            summary.failures(),
            summary.layers(),
            summary.unlisted(),
            summary.unlistedCount(),
            summary.mayShrink()));
    out.flush();
  }

  private void line(Object line) throws IOException {
    out.write(ReportFormat.line(line) + "\n");
    if (atOnce) {
      out.flush();
    }
  }
}
