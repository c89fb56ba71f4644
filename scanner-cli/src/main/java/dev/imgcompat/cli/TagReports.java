package dev.imgcompat.cli;

import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.sweep.state.TagOutcome;
import dev.imgcompat.core.sweep.state.TagRecord;
import dev.imgcompat.core.verdict.Report.ImageReport;
import dev.imgcompat.core.verdict.Report.ScanError;
import dev.imgcompat.core.verdict.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The reports on the images that tags name, made of those that were kept. For one thread. */
final class TagReports {
  private static final ScanError LOST =
      new ScanError(
          "not-kept",
          "what was found is not kept any more: sweep with --restart",
          "operator",
          true);

  private final Function<Digest, Optional<ImageReport>> kept;
  private final List<String> runtimes;
  private final Instant now;
  private final Duration keepGone;

  /**
   * Creates one.
   *
   * @param kept the newest report on an image, by whichever tag it was scanned
   * @param runtimes that were asked for
   * @param now the time
   * @param keepGone for how long a tag counts that is gone
   */
  TagReports(
      Function<Digest, Optional<ImageReport>> kept,
      List<String> runtimes,
      Instant now,
      Duration keepGone) {
    this.kept = kept;
    this.runtimes = List.copyOf(runtimes);
    this.now = now;
    this.keepGone = keepGone;
  }

  /**
   * One report for each image of a tag, or one that says why there is none; nothing for a tag that
   * is gone for too long.
   */
  List<ImageReport> of(TagRecord tag) {
    if (tag.goneSince().filter(since -> since.plus(keepGone).isBefore(now)).isPresent()) {
      return List.of();
    }
    boolean isKnown = tag.outcomes().stream().anyMatch(image -> image.error().isEmpty());
    boolean isOfAnother =
        tag.brokenSince().isPresent()
            && tag.outcomes().stream().allMatch(image -> image.error().isEmpty());
    if (!isKnown || isOfAnother) {
      return List.of(failed(tag, Optional.empty(), tag.failure()));
    }
    List<ImageReport> reports = new ArrayList<>();
    for (TagOutcome image : tag.outcomes()) {
      reports.add(
          image.error().isPresent()
              ? failed(tag, image.platform(), image.error())
              : known(tag, image));
    }
    return reports;
  }

  private ImageReport known(TagRecord tag, TagOutcome image) {
    Optional<ImageReport> report =
        image.digest().flatMap(kept).filter(found -> found.error().isEmpty());
    if (report.isEmpty()) {
      return failed(tag, image.platform(), Optional.empty());
    }
    ImageReport found = report.get();
    List<String> notes = new ArrayList<>(found.notes());
    if (isOld(tag)) {
      notes.add(
          "it could not be looked at on "
              + seconds(tag.lookedAt())
              + " ("
              + tag.failure().map(ScanError::message).orElse("")
              + "): this is what was known on "
              + found.scannedAt());
    }
    tag.goneSince()
        .ifPresent(
            since ->
                notes.add(
                    "the registry has it no more since "
                        + seconds(since)
                        + "; it counts until "
                        + seconds(since.plus(keepGone))));
    return new ImageReport(
        tag.reference(),
        tag.reference(),
        found.digest(),
        isOld(tag)
            ? found.indexDigest()
            : tag.digest().filter(d -> !found.digest().equals(Optional.of(d))),
        found.configDigest(),
        found.platform(),
        found.scannedAt(),
        found.facts(),
        found.verdicts(),
        notes,
        Optional.empty());
  }

  /** Whether the tag may name another image by now than the one that is known. */
  private static boolean isOld(TagRecord tag) {
    return tag.failure().isPresent()
        && tag.goneSince().isEmpty()
        && tag.outcomes().stream().allMatch(image -> image.error().isEmpty());
  }

  /** Nothing is known: not which image it is, either, where it was known by another name. */
  private ImageReport failed(TagRecord tag, Optional<String> platform, Optional<ScanError> why) {
    return new ImageReport(
        tag.reference(),
        tag.reference(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        platform,
        seconds(tag.lookedAt()),
        Optional.empty(),
        unknown(),
        List.of(),
        Optional.of(why.orElse(LOST)));
  }

  private List<Verdict> unknown() {
    return runtimes.stream().map(Verdict::unknown).toList();
  }

  private static String seconds(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
