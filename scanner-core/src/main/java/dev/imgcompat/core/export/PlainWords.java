package dev.imgcompat.core.export;

import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.image.Printable;
import dev.imgcompat.core.rules.Evidence;
import dev.imgcompat.core.rules.Finding;
import dev.imgcompat.core.rules.Remedy;
import dev.imgcompat.core.verdict.Report.ScanError;
import java.util.List;

/** What reports say in words that several forms share; printable, but escaped for no form. */
final class PlainWords {
  private PlainWords() {}

  /** A remedy in a line: what, for which versions, and more on it. */
  static String remedy(Remedy remedy) {
    return Printable.of(
        remedy.kernelParams().isEmpty()
            ? remedy.text().orElse("") + remedy.holdsFor().map(h -> " (" + h + ")").orElse("")
            : String.join(" ", remedy.kernelParams())
                + remedy.holdsFor().map(h -> " on " + h).orElse("")
                + remedy.text().map(t -> " (" + t + ")").orElse(""));
  }

  /** What was seen where. */
  static String evidence(Evidence evidence) {
    return Printable.of(
        evidence.path()
            + ": "
            + evidence.detail()
            + evidence.layer().map(Digest::abbreviated).map(d -> ", in layer " + d).orElse(""));
  }

  /** How much more was seen than is told; none if that is all. */
  static List<String> more(Finding finding, int told) {
    int more = finding.evidenceCount() - told;
    return more > 0 ? List.of("and " + more + " more") : List.of();
  }

  /** Who has to do something about a failed scan, and whether another try may do. */
  static String move(ScanError error) {
    String who =
        switch (error.whoseMove()) {
          case "user" -> "whoever asked for the image";
          case "image-author" -> "the author of the image";
          case "registry" -> "the registry";
          case "operator" -> "the operator of the scanner";
          default -> Printable.of(error.whoseMove());
        };
    return "it is the move of "
        + who
        + (error.retryable() ? "; another try may succeed" : "; another try comes to the same");
  }

  /** A text of a bounded length; what is left out shows. */
  static String shortened(String text, int most) {
    if (text.length() <= most) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(most - 2)) ? most - 2 : most - 1;
    return text.substring(0, end) + "…";
  }
}
