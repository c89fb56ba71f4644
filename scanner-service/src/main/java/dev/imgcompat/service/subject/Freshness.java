package dev.imgcompat.service.subject;

import dev.imgcompat.core.Scanner;
import dev.imgcompat.core.rules.RulePack;
import dev.imgcompat.service.settings.Settings;
import dev.imgcompat.service.store.Store;
import dev.imgcompat.service.store.StoredImage;
import dev.imgcompat.service.store.StoredReference;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Says for how long what is known holds: a tag may name another image after a while, and rules and
 * analyzers change with the program. Immutable.
 */
public final class Freshness {
  private final String judgedBy;
  private final String analyzers;
  private final Duration tagAge;
  private final Duration retryAge;

  public Freshness(Scanner scanner, Settings settings) {
    this(
        judgedBy(scanner.rules(), settings),
        scanner.analyzers(),
        settings.lookup().tagAge(),
        settings.lookup().retryAge());
  }

  Freshness(String judgedBy, String analyzers, Duration tagAge, Duration retryAge) {
    this.judgedBy = judgedBy;
    this.analyzers = analyzers;
    this.tagAge = tagAge;
    this.retryAge = retryAge;
  }

  private static String judgedBy(RulePack rules, Settings settings) {
    return rules.digest().value() + " " + settings.judging().policy();
  }

  /** By what images are judged now: the rule pack and the policy. */
  public String judgedBy() {
    return judgedBy;
  }

  /** By what layers are read now. */
  public String analyzers() {
    return analyzers;
  }

  /** Reads what is known of a subject. */
  public static Knowledge read(Store store, Subject subject) {
    Optional<StoredReference> reference = store.references().reference(subject.key());
    return new Knowledge(
        reference, reference.flatMap(StoredReference::digest).flatMap(store.images()::image));
  }

  /** Whether there is a verdict of the rules and analyzers of now. */
  public boolean isJudged(Knowledge known, Subject subject) {
    return known.image().filter(i -> isJudged(i, subject.runtime())).isPresent();
  }

  /** Whether an image was judged for a runtime by the rules and analyzers of now. */
  public boolean isJudged(StoredImage image, String runtime) {
    return image.analyzers().equals(analyzers) && judgedBy.equals(image.judgedBy().get(runtime));
  }

  /**
   * From when on what is known no longer holds, or must be looked at again: the epoch if it never
   * did.
   */
  public Instant until(Knowledge known, Subject subject) {
    Optional<StoredReference> reference = known.reference();
    Optional<Instant> failedAt = reference.flatMap(StoredReference::failedAt);
    if (failedAt.isPresent()) {
      // What failed is tried again, but not at once; the answer before it holds no longer than it
      // did.
      return failedAt.get().plus(retryAge);
    }
    if (!isJudged(known, subject)) {
      return Instant.EPOCH;
    }
    return holdsUntil(known, subject);
  }

  /** Until when the verdict that is known holds, whatever happened since. */
  public Instant holdsUntil(Knowledge known, Subject subject) {
    if (!isJudged(known, subject)) {
      return Instant.EPOCH;
    }
    return subject.isPinned()
        ? Instant.MAX
        : known.reference().map(r -> r.checkedAt().plus(tagAge)).orElse(Instant.EPOCH);
  }
}
