package dev.imgcompat.core.sweep.source;

import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.image.ImageReference.InRegistry;
import java.time.Instant;
import java.util.Optional;

/**
 * A reference that is there.
 *
 * @param reference with a tag, a digest, or both
 * @param digest that the tag names now, where the listing says so
 * @param pushedAt when it was made to name that, where the listing says so
 */
public record ListedReference(
    InRegistry reference, Optional<Digest> digest, Optional<Instant> pushedAt) {
  /** One of which nothing else is known. */
  public static ListedReference of(InRegistry reference) {
    return new ListedReference(reference, Optional.empty(), Optional.empty());
  }

  /** A tag of which nothing else is known. */
  public static ListedReference tagged(String registry, String repository, String tag) {
    return of(
        new InRegistry(
            registry + "/" + repository + ":" + tag,
            registry,
            repository,
            Optional.of(tag),
            Optional.empty()));
  }

  /** The same, of which more is known. */
  ListedReference with(Optional<Digest> names, Optional<Instant> since) {
    return new ListedReference(reference, names, since);
  }
}
