package dev.imgcompat.core.export;

import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.image.Printable;
import dev.imgcompat.core.rules.Effect;
import dev.imgcompat.core.rules.Evidence;
import dev.imgcompat.core.rules.Finding;
import dev.imgcompat.core.verdict.Report.ScanError;
import java.util.List;
import java.util.Locale;

/**
 * What the page shows of one image.
 *
 * @param why in short
 * @param outcome what becomes of it, as a sentence without a full stop
 * @param open whether it is shown unfolded
 */
record PageCard(
    String decision,
    String label,
    String reference,
    String platform,
    String why,
    String outcome,
    boolean open,
    List<Problem> errors,
    List<Found> findings,
    boolean hasNotes,
    List<String> notes,
    List<PageFacts.Fact> facts) {

  /** Why an image was not scanned. */
  record Problem(String kind, String message, String move) {}

  /** A finding. */
  record Found(
      String rule,
      String mark,
      String weight,
      String summary,
      List<Seen> evidence,
      List<String> more,
      boolean hasChain,
      List<String> chain,
      boolean hasRemedies,
      List<String> remedies,
      boolean hasReferences,
      List<Link> references) {}

  /** Where something was seen. */
  record Seen(String path, String detail, String layer) {}

  /** Where to check a claim; the URL is empty unless it may be made a link of. */
  record Link(String url, String text, String remark) {}

  static PageCard of(GateImage image, boolean open) {
    List<String> notes = image.notes();
    return new PageCard(
        image.decision().name(),
        PageContent.label(image.decision()),
        Printable.of(image.image().reference()),
        Printable.of(image.image().platform().orElse("")),
        PlainWords.shortened(String.join("; ", image.reasons()), 400),
        sentence("the image " + image.headline()),
        open,
        image.image().error().map(PageCard::problem).stream().toList(),
        image.verdict().findings().stream().map(PageCard::found).toList(),
        !notes.isEmpty(),
        notes,
        PageFacts.of(image));
  }

  private static Problem problem(ScanError error) {
    return new Problem(
        Printable.of(error.kind()),
        Printable.of(error.message()),
        sentence(PlainWords.move(error)) + ".");
  }

  private static Found found(Finding finding) {
    List<Seen> evidence = finding.evidence().stream().map(PageCard::seen).toList();
    List<String> chain = finding.chain().stream().map(Printable::of).toList();
    List<String> remedies =
        finding.remedies().stream().map(PlainWords::remedy).filter(r -> !r.isEmpty()).toList();
    List<Link> references =
        finding.references().stream()
            .map(Reference::parse)
            .map(r -> new Link(r.url().orElse(""), r.text(), r.remark()))
            .toList();
    return new Found(
        Printable.of(finding.rule()),
        mark(finding),
        finding.decides() ? "decides" : finding.effect().name().toLowerCase(Locale.ROOT),
        Printable.of(finding.summary()),
        evidence,
        PlainWords.more(finding, evidence.size()),
        !chain.isEmpty(),
        chain,
        !remedies.isEmpty(),
        remedies,
        !references.isEmpty(),
        references);
  }

  private static Seen seen(Evidence evidence) {
    return new Seen(
        Printable.of(evidence.path()),
        Printable.of(evidence.detail()),
        evidence.layer().map(Digest::value).orElse(""));
  }

  private static String mark(Finding finding) {
    if (finding.effect() == Effect.ADVICE) {
      return "advice, does not decide"; // wherever the program is
    }
    String where =
        switch (finding.scope()) {
          case START -> "on the way of every start";
          case PATH -> "on the PATH";
          case ANY -> "an executable off the PATH";
          case LIBRARY -> "a shared object";
          case INERT -> "nothing that is run";
        };
    return (finding.decides() ? "decides" : "informs") + " · " + where;
  }

  /** Words of ours with a capital; of a name the case may count. */
  private static String sentence(String text) {
    return Character.toUpperCase(text.charAt(0)) + text.substring(1);
  }
}
