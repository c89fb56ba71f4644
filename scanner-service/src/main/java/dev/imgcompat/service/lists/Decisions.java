package dev.imgcompat.service.lists;

import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.verdict.Decision;
import dev.imgcompat.core.verdict.Report;
import dev.imgcompat.core.verdict.Report.ImageReport;
import dev.imgcompat.core.verdict.Verdict;
import dev.imgcompat.service.scan.Reports;
import dev.imgcompat.service.store.ReferenceWithImage;
import dev.imgcompat.service.store.Store;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * All decisions, as lists are made of them, and a fingerprint that is the same for the same ones:
 * when an image was scanned, by what, and which digest a tag has that runs, change no list.
 *
 * @param report with an image for each reference
 * @param fingerprint hexadecimal
 */
record Decisions(Report report, String fingerprint) {
  private static final String NOT_FOUND = "not-found";

  /**
   * Makes them of what is known.
   *
   * @param held what of it is not for lists yet
   * @param parts that the reports share
   */
  static Decisions of(Store store, Basis basis, HeldFindings held, SharedParts parts) {
    List<ImageReport> images = new ArrayList<>();
    store
        .references()
        .forEach(
            found ->
                held.instead(found, report(found, basis).orElse(null))
                    .map(parts::of)
                    .ifPresent(images::add));
    return of(new Report(Report.SCHEMA_VERSION, basis.tool(), images));
  }

  static Decisions of(Report report) {
    MessageDigest sha256 = sha256();
    report.images().forEach(i -> sha256.update(line(i).getBytes(StandardCharsets.UTF_8)));
    return new Decisions(report, HexFormat.of().formatHex(sha256.digest()));
  }

  /**
   * What is known of an image stays known when its registry does not answer. What no registry has
   * is in no list: nobody can start it.
   */
  private static Optional<ImageReport> report(ReferenceWithImage found, Basis basis) {
    if (found.image().isPresent()) {
      return Optional.of(
          Reports.forRuntimes(found.image().get(), found.reference(), basis.runtimes()));
    }
    return found
        .reference()
        .failure()
        .filter(f -> !f.kind().equals(NOT_FOUND))
        .filter(f -> found.reference().key().platform().equals(basis.platform()))
        .map(f -> Reports.failed(found.reference(), basis.runtimes()));
  }

  private static String line(ImageReport image) {
    StringBuilder line = new StringBuilder(image.canonical());
    line.append(' ').append(image.platform().orElse("-"));
    boolean runs = true;
    for (Verdict verdict : image.verdicts()) {
      line.append(' ').append(verdict.runtime()).append(' ').append(verdict.decision());
      verdict.kernelParams().forEach(p -> line.append(' ').append(p));
      verdict.findings().forEach(f -> line.append(' ').append(f.rule()).append(f.kernelParams()));
      runs &= verdict.decision() == Decision.COMPATIBLE && verdict.findings().isEmpty();
    }
    if (!runs) {
      line.append(' ').append(image.digest().map(Digest::value).orElse("-"));
      line.append(' ').append(image.indexDigest().map(Digest::value).orElse("-"));
    }
    image.error().ifPresent(e -> line.append(' ').append(e.kind()));
    return line.append('\n').toString();
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
