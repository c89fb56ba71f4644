package dev.imgcompat.service.subject;

import dev.imgcompat.core.image.ImageReference.InRegistry;
import dev.imgcompat.core.rules.Target;
import dev.imgcompat.service.store.ReferenceKey;

/**
 * What a question is about.
 *
 * @param reference of the image
 * @param key under which it is known
 * @param target for which it is judged
 */
public record Subject(InRegistry reference, ReferenceKey key, Target target) {
  /** The runtime, such as {@code kata} or {@code kata:3.19}. */
  public String runtime() {
    return target.name();
  }

  /** Whether the reference names the same image for ever. */
  public boolean isPinned() {
    return reference.digest().isPresent();
  }
}
