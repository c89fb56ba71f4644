package dev.imgcompat.cli;

import static dev.imgcompat.cli.SweepStatus.number;

import dev.imgcompat.core.image.Printable;
import dev.imgcompat.core.sweep.SweepProgress;
import dev.imgcompat.core.sweep.SweepSummary;
import dev.imgcompat.core.sweep.SweepSummary.ChangedTag;
import dev.imgcompat.core.sweep.SweepSummary.End;
import dev.imgcompat.core.sweep.SweepSummary.RepositoryResult;
import dev.imgcompat.core.sweep.state.TagChange;
import dev.imgcompat.core.verdict.Decision;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Help.Ansi.Style;

/**
 * What a sweep came to, for people. All that comes from strangers is made safe for the terminal.
 */
final class SweepText implements SweepOutput {
  private final PrintWriter out;
  private final Colours colours;
  private final Sections sections;
  private final Optional<String> report;

  /**
   * Creates one.
   *
   * @param report the file of the report that was asked for besides, if it was
   */
  SweepText(PrintWriter out, boolean coloured, Optional<String> report) {
    this.out = out;
    this.colours = new Colours(coloured);
    this.sections = new Sections(out, colours);
    this.report = report;
  }

  @Override
  public void end(SweepSummary summary) {
    if (summary.end() == End.CANCELLED) {
      return;
    }
    head(summary);
    decisions(summary);
    repositories(summary);
    changes(summary);
    new SweepCauses(sections).print(summary);
    next(summary);
    out.flush();
  }

  private void head(SweepSummary summary) {
    SweepProgress progress = summary.progress();
    out.println(
        colours.styled(Printable.of(summary.plan()), Style.bold)
            + ", sweep "
            + summary.run()
            + ": "
            + number(progress.done())
            + (progress.done() == 1 ? " tag" : " tags")
            + " looked at in "
            + Times.of(Duration.between(progress.startedAt(), summary.endedAt()))
            + (summary.end() == End.INCOMPLETE ? "; not everything could be listed" : ""));
    List<String> parts = new ArrayList<>();
    parts.add(number(progress.unchanged()) + " unchanged");
    parts.add(number(progress.known()) + " with an image that is known from another tag");
    parts.add(number(progress.scanned()) + " scanned");
    parts.add(number(progress.failed()) + " failed");
    if (progress.resumed() > 0) {
      parts.add(number(progress.resumed()) + " done before it was interrupted");
    }
    out.println("  " + String.join(", ", parts));
    out.println(
        "  "
            + number(progress.pulled())
            + " layers pulled ("
            + Sizes.of(progress.bytes())
            + "), "
            + number(progress.shared())
            + " needed that were known already");
    out.println();
  }

  private void decisions(SweepSummary summary) {
    if (summary.decisions().values().stream().allMatch(n -> n == 0)) {
      return;
    }
    sections.heading("Decisions for " + summary.runtime());
    for (Decision decision : Decision.values()) {
      long count = summary.decisions().getOrDefault(decision, 0L);
      if (count > 0) {
        out.println(
            String.format(Locale.ROOT, "  %,9d  ", count)
                + colours.styled(decision.name(), Colours.of(decision), Style.bold));
      }
    }
    out.println();
  }

  private void repositories(SweepSummary summary) {
    List<RepositoryResult> concerned =
        summary.repositories().stream().filter(r -> concerned(r) > 0).toList();
    if (concerned.isEmpty()) {
      return;
    }
    sections.heading("Repositories with most tags that do not run as they are");
    for (RepositoryResult repository : Sections.shown(concerned)) {
      List<String> parts = new ArrayList<>();
      for (Decision decision :
          List.of(Decision.EXCLUDED, Decision.NEEDS_KERNEL_PARAMS, Decision.UNKNOWN)) {
        long count = repository.decisions().getOrDefault(decision, 0L);
        if (count > 0) {
          parts.add(number(count) + " " + sections.styled(decision));
        }
      }
      long tags = repository.decisions().values().stream().mapToLong(n -> n).sum();
      out.println(
          "  "
              + Printable.of(repository.repository())
              + ": "
              + String.join(", ", parts)
              + " of "
              + number(tags));
    }
    sections.more(concerned.size(), summary.repositoryCount(), "repositories in all");
    out.println();
  }

  private static long concerned(RepositoryResult repository) {
    return repository.decisions().entrySet().stream()
        .filter(e -> e.getKey() != Decision.COMPATIBLE)
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  private void changes(SweepSummary summary) {
    long all = summary.changes().values().stream().mapToLong(n -> n).sum();
    if (all == 0) {
      return;
    }
    sections.heading("What changed since the sweep before");
    List<String> parts = new ArrayList<>();
    for (TagChange.Kind kind : TagChange.Kind.values()) {
      long count = summary.changes().getOrDefault(kind, 0L);
      if (count > 0) {
        parts.add(number(count) + " " + words(kind));
      }
    }
    out.println("  " + String.join(", ", parts));
    for (ChangedTag tag : Sections.shown(summary.changed())) {
      out.println("  " + Printable.of(tag.reference()) + "  " + change(tag));
    }
    sections.more(summary.changed().size(), all, "changes in all");
    out.println();
  }

  private static String words(TagChange.Kind kind) {
    return switch (kind) {
      case NEW -> "new";
      case DECISION -> "with another decision";
      case MOVED -> "moved to another image with the same decision";
      case GONE -> "gone";
      case BACK -> "back";
    };
  }

  private String change(ChangedTag tag) {
    String before = tag.before().map(sections::styled).orElse("");
    String now = tag.now().map(sections::styled).orElse("");
    return switch (tag.kind()) {
      case NEW -> "new: " + now;
      case DECISION -> before + " -> " + now;
      case MOVED -> "moved: " + now;
      case GONE -> "gone: " + before;
      case BACK -> "back: " + now;
    };
  }

  private void next(SweepSummary summary) {
    sections.heading("Next");
    if (!summary.mayShrink()) {
      out.println(
          "  This sweep does not show what may leave a list: look at what failed and was not"
              + " listed, and publish with --max-removals.");
    }
    out.println(
        report
            .map(
                file ->
                    "  imgcompat export exclusions --write exclusions.json " + Printable.of(file))
            .orElse(
                "  --json report.json keeps a report, of which 'imgcompat export' makes lists; the"
                    + " same sweep again asks one question a tag."));
    if (summary.decisions().getOrDefault(Decision.EXCLUDED, 0L) > 0) {
      out.println(
          "  'imgcompat scan --explain REFERENCE' shows step by step why an image is EXCLUDED.");
    }
  }
}
