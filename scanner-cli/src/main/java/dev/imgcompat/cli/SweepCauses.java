package dev.imgcompat.cli;

import static dev.imgcompat.cli.SweepStatus.number;

import dev.imgcompat.core.image.Printable;
import dev.imgcompat.core.sweep.SweepSummary;
import dev.imgcompat.core.sweep.SweepSummary.FailureCause;
import dev.imgcompat.core.sweep.SweepSummary.LayerBlame;
import dev.imgcompat.core.sweep.SweepSummary.Unlisted;
import dev.imgcompat.core.verdict.Decision;
import java.util.List;

/** What somebody can do something about after a sweep: failures, layers, what was not listed. */
final class SweepCauses {
  private final Sections sections;

  SweepCauses(Sections sections) {
    this.sections = sections;
  }

  void print(SweepSummary summary) {
    failures(summary.failures());
    layers(summary.layers());
    unlisted(summary);
  }

  private void failures(List<FailureCause> failures) {
    if (failures.isEmpty()) {
      return;
    }
    sections.heading("Failures");
    for (FailureCause failure : Sections.shown(failures)) {
      sections.line(
          number(failure.tags())
              + (failure.tags() == 1 ? " tag: " : " tags: ")
              + Printable.of(failure.kind())
              + "; "
              + move(failure.whoseMove()));
      sections.line(
          "  " + Printable.of(failure.example()) + ": " + Printable.of(failure.message()));
    }
    sections.more(failures.size(), failures.size(), "causes in all");
    sections.end();
  }

  /** Who can do something about it. */
  private static String move(String whose) {
    return switch (whose) {
      case "user" -> "you can do something about it: names, options, credentials";
      case "image-author" -> "whoever made the image can do something about it";
      case "registry" -> "whoever runs the registry can do something about it";
      default -> "whoever runs this scanner can do something about it";
    };
  }

  private void layers(List<LayerBlame> layers) {
    if (layers.isEmpty()) {
      return;
    }
    sections.heading("Layers that cause most exclusions");
    for (LayerBlame layer : Sections.shown(layers)) {
      sections.line(
          "layer "
              + layer.layer().abbreviated()
              + " makes "
              + number(layer.tags())
              + (layer.tags() == 1 ? " image" : " images")
              + " in "
              + number(layer.repositories())
              + (layer.repositories() == 1 ? " repository " : " repositories ")
              + sections.styled(Decision.EXCLUDED)
              + " ("
              + Printable.of(layer.rule())
              + layer.path().map(path -> ": " + Printable.of(path)).orElse("")
              + "), such as "
              + Printable.of(layer.example()));
    }
    sections.more(
        layers.size(),
        layers.size(),
        layers.size() < SweepSummary.MOST ? "layers in all" : "layers or more");
    sections.end();
  }

  private void unlisted(SweepSummary summary) {
    if (summary.unlistedCount() == 0) {
      return;
    }
    sections.heading("Not listed");
    for (Unlisted one : Sections.shown(summary.unlisted())) {
      sections.line(
          Printable.of(one.what())
              + ": "
              + Printable.of(one.message())
              + "; "
              + move(one.whoseMove()));
    }
    sections.more(summary.unlisted().size(), summary.unlistedCount(), "in all");
    sections.end();
  }
}
