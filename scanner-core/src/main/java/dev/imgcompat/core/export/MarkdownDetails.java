package dev.imgcompat.core.export;

import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.image.Printable;
import dev.imgcompat.core.rules.Effect;
import dev.imgcompat.core.rules.Evidence;
import dev.imgcompat.core.rules.Finding;
import dev.imgcompat.core.verdict.Report.ScanError;
import java.util.Optional;

/** What there is to say of one image in a comment, folded. */
final class MarkdownDetails {
  /** Whoever chooses a name of thousands of characters shall not fill the comment with it. */
  private static final int MAX_TEXT = 300;

  private static final int MAX_EVIDENCE = 5;

  private MarkdownDetails() {}

  /** Returns the details, which end with an empty line; none where there is nothing to say. */
  static Optional<String> of(GateImage image) {
    StringBuilder text = new StringBuilder();
    image.image().error().ifPresent(e -> error(text, e));
    image.verdict().findings().forEach(f -> finding(text, f));
    image.notes().forEach(n -> text.append("- Note: ").append(prose(n)).append('\n'));
    if (text.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        "<details><summary>"
            + MarkdownText.html(shortened(image.title()))
            + " "
            + image.decision()
            + "</summary>\n\n"
            + image
                .image()
                .digest()
                .map(d -> "Digest " + code(d.value()) + ", scanned ")
                .orElse("Scanned ")
            + code(image.image().scannedAt())
            + "\n\n"
            + text
            + "\n</details>\n\n");
  }

  private static void error(StringBuilder text, ScanError error) {
    text.append("- Not scanned, ")
        .append(code(error.kind()))
        .append(": ")
        .append(prose(error.message()))
        .append("\n  - ")
        .append(prose(PlainWords.move(error)))
        .append('\n');
  }

  private static void finding(StringBuilder text, Finding finding) {
    text.append("- ").append(code(finding.rule())).append(" (").append(mark(finding)).append("): ");
    text.append(prose(finding.summary())).append('\n');
    int told = 0;
    for (Evidence evidence : finding.evidence()) {
      if (told == MAX_EVIDENCE) {
        break;
      }
      text.append("  - Found: ").append(code(evidence.path()));
      text.append(", ").append(prose(evidence.detail()));
      evidence
          .layer()
          .map(Digest::abbreviated)
          .ifPresent(d -> text.append(", in layer ").append(code(d)));
      text.append('\n');
      told++;
    }
    PlainWords.more(finding, told).forEach(m -> text.append("  - ").append(m).append('\n'));
    finding.remedies().stream()
        .map(PlainWords::remedy)
        .filter(r -> !r.isEmpty())
        .forEach(r -> text.append("  - What helps: ").append(prose(r)).append('\n'));
  }

  private static String mark(Finding finding) {
    return finding.effect() == Effect.ADVICE
        ? "advice"
        : finding.scope() + (finding.decides() ? ", decides" : ", informs");
  }

  /** A code span of a bounded length. */
  static String code(String text) {
    return MarkdownText.code(shortened(text));
  }

  /** A sentence of a bounded length. */
  static String prose(String text) {
    return MarkdownText.prose(shortened(text));
  }

  private static String shortened(String text) {
    return PlainWords.shortened(Printable.of(text), MAX_TEXT);
  }
}
