package dev.imgcompat.core.sweep.source;

import dev.imgcompat.core.image.ImageReference.InRegistry;
import dev.imgcompat.core.image.ScanException;

/**
 * Says which references there are. What it says is streamed: memory does not grow with the number
 * of repositories and tags. Each implementation passes {@code ReferenceSourceContract}.
 */
public interface ReferenceSource extends AutoCloseable {
  /** What it lists, in words, such as {@code the catalog of registry.example}. */
  String name();

  /**
   * Lists everything, from the beginning; may be called again. The references of a repository come
   * one after the other, without others between them, and each once, but for what changes
   * meanwhile; only what people wrote into a list comes in the order of that, and as often.
   *
   * @throws ScanException if the listing cannot go on: more may be there than was listed
   */
  void list(Listing listing) throws ScanException, InterruptedException;

  /**
   * Whether its listing would have a reference, if that is there: then one that is missing from it
   * is looked for. Not so where the listing itself says what is of interest.
   */
  default boolean enumerates(InRegistry reference) {
    return false;
  }

  /** Whether somebody wrote what it lists, or chose it otherwise, be it of many registries. */
  default boolean isWritten() {
    return false;
  }

  /** Frees what it holds, but no client that it was given. */
  @Override
  void close();
}
