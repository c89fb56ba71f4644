package dev.imgcompat.core.sweep.source;

import dev.imgcompat.core.image.ScanException;

/** Takes what a {@link ReferenceSource} lists. Called by one thread. */
public interface Listing {
  /**
   * Whether anything in a repository can be of interest; otherwise its tags need not be asked for.
   * May block while nothing is to be asked.
   */
  boolean wants(String registry, String repository) throws InterruptedException;

  /** Takes a reference; may block until there is room for more. */
  void found(ListedReference reference) throws InterruptedException;

  /**
   * Takes note that something could not be listed, and nobody knows how much that is; the listing
   * goes on with what comes after.
   *
   * @param what in words, such as {@code project ci of harbor.example}
   */
  void unlisted(String what, ScanException why);

  /** The same of the tags of one repository. */
  default void unlisted(String registry, String repository, ScanException why) {
    unlisted("repository " + registry + "/" + repository, why);
  }
}
