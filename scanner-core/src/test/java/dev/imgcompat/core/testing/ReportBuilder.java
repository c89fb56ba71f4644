package dev.imgcompat.core.testing;

import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.image.ImageReference;
import dev.imgcompat.core.image.ScanException;
import dev.imgcompat.core.rootfs.Scope;
import dev.imgcompat.core.rules.Effect;
import dev.imgcompat.core.rules.Evidence;
import dev.imgcompat.core.rules.Finding;
import dev.imgcompat.core.rules.Remedy;
import dev.imgcompat.core.verdict.Decision;
import dev.imgcompat.core.verdict.Report;
import dev.imgcompat.core.verdict.Report.ImageReport;
import dev.imgcompat.core.verdict.Report.ScanError;
import dev.imgcompat.core.verdict.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Builds a report on images for one runtime; each image has a digest that follows from its name.
 */
public final class ReportBuilder {
  public static final String VSYSCALL = "vsyscall=emulate";
  public static final String INIT = "init=/usr/bin/kata-agent";

  private final String runtime;
  private final List<ImageReport> images = new ArrayList<>();
  private String scannedAt = "2026-11-01T12:00:00Z";
  private String platform = "linux/amd64";
  private Optional<Digest> index = Optional.empty();
  private Optional<Digest> digest = Optional.empty();

  private ReportBuilder(String runtime) {
    this.runtime = runtime;
  }

  /** A report for a runtime, such as {@code kata:3.19}. */
  public static ReportBuilder on(String runtime) {
    return new ReportBuilder(runtime);
  }

  /** The digest that follows from a text. */
  public static Digest digestOf(String text) {
    return Digest.ofText(text);
  }

  /** When the images that follow were scanned. */
  public ReportBuilder at(String time) {
    scannedAt = time;
    return this;
  }

  /** The platform of the images that follow. */
  public ReportBuilder platform(String name) {
    platform = name;
    return this;
  }

  /** The digest of the next image only. */
  public ReportBuilder digest(Digest value) {
    digest = Optional.of(value);
    return this;
  }

  /** The index that leads to the next image only. */
  public ReportBuilder index(Digest value) {
    index = Optional.of(value);
    return this;
  }

  public ReportBuilder compatible(String reference) {
    return image(reference, Decision.COMPATIBLE, List.of());
  }

  /** Compatible, but with old rpm. */
  public ReportBuilder slow(String reference) {
    return image(reference, Decision.COMPATIBLE, List.of(), oldRpm());
  }

  public ReportBuilder excluded(String reference) {
    return image(reference, Decision.EXCLUDED, List.of(), program32());
  }

  public ReportBuilder needsVsyscall(String reference) {
    return image(reference, Decision.NEEDS_KERNEL_PARAMS, List.of(VSYSCALL), oldGlibc());
  }

  /** Needs a parameter, and has old rpm. */
  public ReportBuilder needsVsyscallAndIsSlow(String reference) {
    return image(reference, Decision.NEEDS_KERNEL_PARAMS, List.of(VSYSCALL), oldGlibc(), oldRpm());
  }

  /** Could not be scanned. */
  public ReportBuilder failed(String reference) {
    images.add(
        new ImageReport(
            reference,
            canonical(reference),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            scannedAt,
            Optional.empty(),
            List.of(Verdict.unknown(runtime)),
            List.of(),
            Optional.of(
                new ScanError("not-found", "the registry knows no such image", "user", false))));
    return this;
  }

  /** Could not be scanned, for a reason of any text. */
  public ReportBuilder failed(String reference, ScanError error) {
    failed(reference);
    ImageReport last = images.remove(images.size() - 1);
    images.add(
        new ImageReport(
            last.reference(),
            last.canonical(),
            last.digest(),
            last.indexDigest(),
            last.configDigest(),
            last.platform(),
            last.scannedAt(),
            last.facts(),
            last.verdicts(),
            last.notes(),
            Optional.of(error)));
    return this;
  }

  /** Any image. */
  public ReportBuilder image(
      String reference, Decision decision, List<String> parameters, Finding... findings) {
    images.add(
        new ImageReport(
            reference,
            canonical(reference),
            Optional.of(digest.orElseGet(() -> digestOf(reference))),
            index,
            Optional.empty(),
            Optional.of(platform),
            scannedAt,
            Optional.empty(),
            List.of(new Verdict(runtime, decision, parameters, List.of(findings), List.of())),
            List.of(),
            Optional.empty()));
    index = Optional.empty();
    digest = Optional.empty();
    return this;
  }

  public Report build() {
    return new Report(
        Report.SCHEMA_VERSION,
        new Report.Tool("imgcompat", "1", "sha256:" + "0".repeat(64)),
        images);
  }

  /** A 32-bit program on the start chain. */
  public static Finding program32() {
    return finding(
        "ia32-program",
        Effect.DECIDES,
        "32-bit x86 programs",
        new Evidence("/bin/sh", Optional.of(digestOf("layer")), "ELF 32-bit, EM_386"));
  }

  /** A C library that calls the vsyscall page. */
  public static Finding oldGlibc() {
    return finding(
        "vsyscall-glibc",
        Effect.DECIDES,
        "calls the vsyscall page",
        new Evidence("/lib64/libc-2.12.so", Optional.of(digestOf("layer")), "2 call sites"),
        VSYSCALL);
  }

  /** Advice on an rpm that closes every descriptor. */
  public static Finding oldRpm() {
    return finding(
        "rpm-descriptor-loop",
        Effect.ADVICE,
        "old rpm hangs for minutes",
        new Evidence("/bin/rpm", Optional.of(digestOf("layer")), "rpm 4.8.0"),
        INIT);
  }

  /** A finding with a text of strangers wherever one can be. */
  public static Finding hostile(String text) {
    return new Finding(
        "ia32-program",
        Scope.PATH,
        Effect.DECIDES,
        true,
        text,
        List.of(
            new Evidence("/" + text, Optional.of(digestOf("layer")), text),
            new Evidence("/second" + text, Optional.empty(), text)),
        7,
        List.of(text),
        List.of(new Remedy(List.of(), Optional.of(text), Optional.of(text))),
        List.of(text, "javascript:alert(1) " + text, "https://example.org/ " + text));
  }

  private static Finding finding(
      String rule, Effect effect, String summary, Evidence evidence, String... parameters) {
    List<Remedy> remedies =
        parameters.length == 0
            ? List.of(new Remedy(List.of(), Optional.of("kata"), Optional.of("another runtime")))
            : List.of(
                new Remedy(List.of(parameters), Optional.of("kata 1.0–3.24"), Optional.empty()));
    return new Finding(
        rule,
        Scope.START,
        effect,
        effect == Effect.DECIDES,
        summary,
        List.of(evidence),
        1,
        List.of(),
        remedies,
        List.of("https://example.org/" + rule));
  }

  private static String canonical(String reference) {
    try {
      return ImageReference.parse(reference).canonical();
    } catch (ScanException.InvalidReference e) {
      throw new IllegalArgumentException(e);
    }
  }
}
