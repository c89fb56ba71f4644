package dev.imgcompat.service.lookup;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.imgcompat.core.export.ExportException;
import dev.imgcompat.core.export.ExportOptions;
import dev.imgcompat.core.export.RouterHint;
import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.image.ImageReference.InRegistry;
import dev.imgcompat.core.image.Platform;
import dev.imgcompat.core.image.Printable;
import dev.imgcompat.core.rules.Finding;
import dev.imgcompat.core.verdict.Decision;
import dev.imgcompat.core.verdict.Report.ImageReport;
import dev.imgcompat.core.verdict.Report.ScanError;
import dev.imgcompat.core.verdict.Verdict;
import dev.imgcompat.service.http.EntityTag;
import dev.imgcompat.service.scan.Reports;
import dev.imgcompat.service.store.StoredReference;
import dev.imgcompat.service.subject.Knowledge;
import dev.imgcompat.service.subject.Subject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/** Writes answers. Safe for use by several threads. */
final class AnswerWriter {
  private static final Logger LOG = LoggerFactory.getLogger(AnswerWriter.class);

  private static final int MAX_REASONS = 20;
  private static final int MAX_SHOWN = 100;
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .changeDefaultPropertyInclusion(v -> v.withValueInclusion(JsonInclude.Include.NON_ABSENT))
          .build();

  private final ExportOptions options;
  private final boolean scans;

  /**
   * Creates one.
   *
   * @param options by which the router places builds
   * @param scans whether lookups cause scans
   */
  AnswerWriter(ExportOptions options, boolean scans) {
    this.options = options;
    this.scans = scans;
  }

  EncodedAnswer write(String image, LookupEntry entry, boolean stale, long revision) {
    Subject subject = entry.subject();
    Knowledge known = entry.known();
    Optional<Verdict> found = known.verdict(subject.runtime());
    Verdict verdict = found.orElseGet(() -> Verdict.unknown(subject.runtime()));
    Optional<StoredReference> reference = known.reference();
    RouterHint hint = hint(entry, verdict);
    Answer answer =
        new Answer(
            Printable.of(image),
            subject.key().canonical(),
            reference.flatMap(StoredReference::digest).map(Digest::value),
            subject.key().platform(),
            subject.runtime(),
            verdict.decision(),
            hint.executor(),
            verdict.kernelParams(),
            hint.annotations(),
            reasons(entry, found, stale),
            found.flatMap(v -> known.image()).map(i -> i.report().scannedAt()),
            stale,
            revision);
    byte[] body = JSON.writeValueAsBytes(answer);
    return new EncodedAnswer(
        body, EntityTag.of(body), !stale && verdict.decision() != Decision.UNKNOWN);
  }

  /** The answer to what cannot be judged, though the reference is one. */
  EncodedAnswer write(LookupQuestion question, InRegistry reference, String why, long revision) {
    Answer answer =
        new Answer(
            Printable.of(question.image()),
            reference.canonical(),
            Optional.empty(),
            shown(question.platform()),
            shown(question.runtime()),
            Decision.UNKNOWN,
            options.excludeUnknown() ? options.router().fallback() : options.router().executor(),
            List.of(),
            Map.of(),
            List.of(Printable.of(why)),
            Optional.empty(),
            false,
            revision);
    byte[] body = JSON.writeValueAsBytes(answer);
    return new EncodedAnswer(body, EntityTag.of(body), false);
  }

  private static String shown(Optional<String> asked) {
    String text = Printable.of(asked.orElse(""));
    return text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN) + "…";
  }

  private RouterHint hint(LookupEntry entry, Verdict verdict) {
    Optional<ImageReport> report =
        entry.known().image().map(i -> Reports.of(i, entry.known().reference().orElseThrow()));
    try {
      return RouterHint.of(report.orElseGet(() -> unknown(entry.subject())), verdict, options);
    } catch (ExportException e) {
      // A rule of one's own names what is no kernel parameter: nothing can be given to a guest.
      LOG.warn("no hint for {}: {}", entry.subject().key().canonical(), e.getMessage());
      return new RouterHint(options.router().fallback(), new TreeMap<>());
    }
  }

  private static boolean isFor(String wanted, String text) {
    try {
      return Platform.parse(wanted).accepts(Platform.parse(text));
    } catch (IllegalArgumentException e) {
      return false; // what an image says of its platform is its author's text
    }
  }

  private static ImageReport unknown(Subject subject) {
    String canonical = subject.key().canonical();
    return new ImageReport(
        canonical,
        canonical,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        "",
        Optional.empty(),
        List.of(),
        List.of(),
        Optional.empty());
  }

  private List<String> reasons(LookupEntry entry, Optional<Verdict> verdict, boolean stale) {
    List<String> reasons = new ArrayList<>();
    Optional<ScanError> failure = entry.known().reference().flatMap(StoredReference::failure);
    if (verdict.isPresent()) {
      verdict.get().findings().stream()
          .filter(Finding::decides)
          .map(Finding::summary)
          .forEach(reasons::add);
      entry
          .known()
          .image()
          .flatMap(i -> i.report().platform())
          .filter(p -> !isFor(entry.subject().key().platform(), p))
          .ifPresent(
              p ->
                  reasons.add(
                      "the image is for " + p + ", not for " + entry.subject().key().platform()));
      if (verdict.get().decision() == Decision.UNKNOWN) {
        reasons.addAll(verdict.get().notes());
      }
      if (stale && failure.isPresent()) {
        reasons.add("it could not be looked at again: " + failure.get().message());
      }
    } else if (!entry.isAllowed()) {
      reasons.add(
          "registry "
              + entry.subject().reference().registry()
              + " is not one that may be asked from here");
    } else if (failure.isPresent()) {
      reasons.add("it could not be scanned: " + failure.get().message());
    } else if (entry.isUncertain()) {
      reasons.add("the store does not answer, and nothing is in memory");
    } else {
      reasons.add(
          "it was not scanned yet"
              + (scans
                  ? ": it will be in its turn, unless the queue is full"
                  : ", and lookups cause no scan"));
    }
    return reasons.stream().limit(MAX_REASONS).map(Printable::of).toList();
  }
}
