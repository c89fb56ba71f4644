package dev.imgcompat.core.layer;

import static java.util.Objects.requireNonNull;

import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.tar.Compression;
import java.util.List;
import java.util.Optional;

/**
 * What one layer says, whichever image it is in. Immutable; the unit that is stored.
 *
 * @param digest which was verified, of the blob or of the tar in it ({@link
 *     dev.imgcompat.core.image.LayerContent.DigestOf}); absent for a directory
 * @param bytes of what the digest is of; for a directory, of the files that were looked at
 * @param compression of what the digest is of
 * @param unpacked the sizes of all its files together, in bytes
 * @param entries how many entries the tar or the directory has
 * @param items what it does, in its order
 * @param unread paths that could not be read, with the reason; only a directory has them
 * @param readBy by what all that was found
 */
public record LayerFacts(
    Optional<Digest> digest,
    long bytes,
    Compression compression,
    long unpacked,
    long entries,
    List<LayerItem> items,
    List<String> unread,
    ReadBy readBy) {
  public LayerFacts {
    items = List.copyOf(items);
    unread = List.copyOf(unread);
    requireNonNull(readBy, "readBy is null");
  }

  /** The same facts, known by another digest of the same layer. */
  LayerFacts named(Digest other, long length, Compression how) {
    return new LayerFacts(
        Optional.of(other), length, how, unpacked, entries, items, unread, readBy);
  }

  /** The same facts, as if others had found them. */
  LayerFacts with(ReadBy others) {
    return new LayerFacts(digest, bytes, compression, unpacked, entries, items, unread, others);
  }
}
