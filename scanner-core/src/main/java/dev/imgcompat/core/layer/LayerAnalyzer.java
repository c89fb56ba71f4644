package dev.imgcompat.core.layer;

import java.util.Optional;

/**
 * Looks at the files of a layer as they stream past. Safe for use by several threads; the readers
 * that it opens are not.
 */
public interface LayerAnalyzer {
  /** A stable name, part of the key under which facts are stored. */
  String name();

  /** Raised whenever the same bytes would give other facts. */
  int version();

  /**
   * Raised, besides {@link #version}, whenever it would open other files than before. As long as it
   * stays, a layer in which it opened none need not be read again for a new version.
   */
  default int scope() {
    return 1;
  }

  /**
   * Asks for the content of a file.
   *
   * @param entry its header
   * @param head its first bytes
   * @param length how many of {@code head} are valid: up to {@link LayerReader#HEAD_BYTES}, fewer
   *     only where the file is shorter
   * @return a reader that is then given the whole content from its first byte, or empty if this
   *     file is of no interest
   */
  Optional<ContentReader> open(LayerEntry entry, byte[] head, int length);

  /** Takes the content of one file, in order. */
  interface ContentReader {
    /** Takes the next bytes; {@code buffer} is reused afterwards. */
    void accept(byte[] buffer, int offset, int length);

    /** Whether the rest of the file would add nothing. */
    boolean satisfied();

    /** Called once, at the end of the content or when satisfied. */
    Optional<FileFact> finish();
  }
}
