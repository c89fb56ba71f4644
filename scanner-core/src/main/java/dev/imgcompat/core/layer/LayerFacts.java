package dev.imgcompat.core.layer;

import dev.imgcompat.core.image.Digest;
import java.util.List;
import java.util.Optional;

/**
 * What one layer says, whichever image it is in. Immutable; the unit that is stored.
 *
 * @param digest of the blob, which was verified; absent for a directory
 * @param bytes of the blob as transferred; for a directory, of the files that were looked at
 * @param unpacked the sizes of all its files together, in bytes
 * @param entries how many entries the tar or the directory has
 * @param items what it does, in its order
 * @param unread paths that could not be read, with the reason; only a directory has them
 */
public record LayerFacts(
    Optional<Digest> digest,
    long bytes,
    long unpacked,
    long entries,
    List<LayerItem> items,
    List<String> unread) {
  public LayerFacts {
    items = List.copyOf(items);
    unread = List.copyOf(unread);
  }
}
