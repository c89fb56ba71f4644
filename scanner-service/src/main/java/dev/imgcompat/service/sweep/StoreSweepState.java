package dev.imgcompat.service.sweep;

import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.image.Platform;
import dev.imgcompat.core.image.PlatformRequest;
import dev.imgcompat.core.sweep.state.SweepState;
import dev.imgcompat.core.sweep.state.TagOutcome;
import dev.imgcompat.core.sweep.state.TagRecord;
import dev.imgcompat.core.verdict.Report.ImageReport;
import dev.imgcompat.core.verdict.Report.ScanError;
import dev.imgcompat.service.scan.Findings;
import dev.imgcompat.service.store.ReferenceKey;
import dev.imgcompat.service.store.Store;
import dev.imgcompat.service.store.StoredReference;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Keeps what sweeps of one plan find where lookups and lists look for it. The record of a tag is
 * kept last, so that whatever was begun before a crash is done once more.
 */
final class StoreSweepState implements SweepState {
  private static final int PAGE = 500;

  private static final ScanError GONE =
      new ScanError("not-found", "the registry has it no more", "user", false);

  private final Store store;
  private final Findings findings;
  private final String plan;
  private final Optional<Platform> wanted;
  private final String usual;
  private final OptionalLong size;
  private final AtomicBoolean changed = new AtomicBoolean();

  /**
   * Creates one.
   *
   * @param platforms that the plan asks for
   * @param usual platform of questions without one
   * @param size how many tags the sweep before dealt with
   */
  StoreSweepState(
      Store store,
      Findings findings,
      String plan,
      PlatformRequest platforms,
      Platform usual,
      OptionalLong size) {
    this.store = store;
    this.findings = findings;
    this.plan = plan;
    this.wanted = platforms.explicit() ? platforms.wanted() : Optional.empty();
    this.usual = usual.toString();
    this.size = size;
  }

  /** Whether something was found that lists may have, since it was asked last. */
  boolean takeChanged() {
    return changed.getAndSet(false);
  }

  /** One whose images are gone from the store counts as judged by nothing, and is looked at. */
  @Override
  public Optional<TagRecord> tag(String reference) {
    return store
        .sweptTags()
        .tag(plan, reference)
        .map(tag -> areKept(tag.outcomes()) ? tag : withoutBasis(tag));
  }

  private static TagRecord withoutBasis(TagRecord tag) {
    return new TagRecord(
        tag.reference(),
        tag.run(),
        tag.lookedAt(),
        tag.digest(),
        "",
        tag.outcomes(),
        tag.failure(),
        tag.brokenSince(),
        tag.goneSince(),
        tag.history());
  }

  @Override
  public Optional<List<TagOutcome>> outcomes(Digest digest, String basis) {
    return store.sweptTags().outcomes(digest, basis).filter(this::areKept);
  }

  private boolean areKept(List<TagOutcome> outcomes) {
    return store
        .images()
        .keep(
            outcomes.stream()
                .filter(o -> o.error().isEmpty())
                .flatMap(o -> o.digest().stream())
                .toList());
  }

  @Override
  public void keep(TagRecord record, List<ImageReport> reports) {
    if (!reports.isEmpty()) {
      reports.forEach(report -> keep(record, report));
      record
          .digest()
          .ifPresent(
              digest ->
                  store
                      .sweptTags()
                      .putOutcomes(
                          digest,
                          record.basis(),
                          reports.stream().map(TagOutcome::of).toList(),
                          record.lookedAt()));
    } else if (record.goneSince().isPresent()) {
      failed(record, record.failure().orElse(GONE), false);
    } else if (isOfLook(record)) {
      failed(record, record.failure().orElseThrow(), true);
    } else {
      record.outcomes().forEach(outcome -> keep(record, outcome));
    }
    store.sweptTags().put(plan, record);
    if (record.history().stream().anyMatch(c -> c.run() == record.run())) {
      changed.set(true);
    }
  }

  /** Whether the look itself failed, rather than one of the images that are known. */
  private static boolean isOfLook(TagRecord record) {
    return record.failure().isPresent()
        && record.outcomes().stream().noneMatch(o -> o.error().equals(record.failure()));
  }

  private void keep(TagRecord record, ImageReport report) {
    ReferenceKey key = key(record, report.platform());
    if (report.error().isPresent()) {
      failed(record, key, report.error().get());
      return;
    }
    Digest image = report.digest().orElseThrow();
    findings.keepImage(report);
    findings.keepSwept(key, image, report.indexDigest(), record.lookedAt(), plan);
    findings.noteVerdicts(image, record.lookedAt());
  }

  private void keep(TagRecord record, TagOutcome outcome) {
    ReferenceKey key = key(record, outcome.platform());
    if (outcome.error().isPresent()) {
      failed(record, key, outcome.error().get());
    } else if (outcome.digest().isPresent() && areKept(List.of(outcome))) {
      Digest image = outcome.digest().get();
      findings.keepSwept(
          key,
          image,
          record.digest().filter(d -> !Objects.equals(d, image)),
          record.lookedAt(),
          plan);
    }
  }

  /**
   * For every platform that is known of it, or for the usual one.
   *
   * @param isNews whether to say so of a reference of which nothing is known
   */
  private void failed(TagRecord record, ScanError failure, boolean isNews) {
    List<StoredReference> known = store.references().ofAllPlatforms(record.reference());
    known.forEach(
        before ->
            findings.keepSweptFailure(
                before.key(), Optional.of(before), failure, record.lookedAt(), plan));
    if (known.isEmpty() && isNews) {
      failed(record, key(record, Optional.empty()), failure);
    }
  }

  private void failed(TagRecord record, ReferenceKey key, ScanError failure) {
    findings.keepSweptFailure(
        key, store.references().reference(key), failure, record.lookedAt(), plan);
  }

  /** As lookups ask for it: by the platform that is asked for, or else that of the image. */
  private ReferenceKey key(TagRecord record, Optional<String> claimed) {
    return new ReferenceKey(
        record.reference(),
        wanted.map(Platform::toString).or(() -> claimed.map(StoreSweepState::named)).orElse(usual));
  }

  private static String named(String platform) {
    try {
      return Platform.parse(platform).toString();
    } catch (IllegalArgumentException e) {
      return platform;
    }
  }

  @Override
  public void forget(String reference) {
    store.sweptTags().forget(plan, reference);
  }

  /** Its reference stays on lists until the registry has it no more. */
  @Override
  public void unselect(TagRecord record) {
    store.sweptTags().put(plan, record);
  }

  @Override
  public OptionalLong size() {
    return size;
  }

  /** Page by page, so that no connection waits for the consumer. */
  @Override
  public void forEach(Consumer<TagRecord> consumer) {
    Optional<String> last = Optional.empty();
    List<TagRecord> page;
    do {
      page = store.sweptTags().page(plan, last, PAGE);
      for (TagRecord tag : page) {
        consumer.accept(tag);
        last = Optional.of(tag.reference());
      }
    } while (page.size() == PAGE);
  }
}
