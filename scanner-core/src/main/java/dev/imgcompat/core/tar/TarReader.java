package dev.imgcompat.core.tar;

import java.io.IOException;
import java.io.InputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Goes through the entries of a tar. What an entry's headers take is bounded, and headers that two
 * tar readers understand differently are refused ({@link TarHeaderCheck}). Not thread-safe; has
 * nothing to close but the stream below, which is the caller's.
 */
public final class TarReader {
  private final BudgetedInputStream uncompressed;
  private final TarArchiveInputStream tar;
  private final int headerBytes;

  /**
   * The headers of one entry.
   *
   * @param entry as Commons Compress understands it, its names decoded byte by byte
   * @param path normalised: no leading slash, no {@code .} or {@code ..}; empty for the root
   * @param target of a link, as written
   */
  public record Header(TarArchiveEntry entry, String path, String target) {}

  /**
   * Begins to read.
   *
   * @param uncompressed the tar
   * @param headerBytes that the headers of one entry may take
   */
  public TarReader(InputStream uncompressed, int headerBytes) {
    this.uncompressed = new BudgetedInputStream(uncompressed);
    // Names are decoded byte by byte here and looked at by PathNames, since not all are UTF-8.
    this.tar = new TarArchiveInputStream(this.uncompressed, "ISO-8859-1");
    this.headerBytes = headerBytes;
  }

  /**
   * Returns the next entry, whose content {@link #content} gives then; null at the end.
   *
   * @throws BudgetedInputStream.Exhausted if its headers take too much
   * @throws IOException if they make no sense
   */
  public @Nullable Header next() throws IOException {
    // What is left of the entry before is no header.
    passContent();
    uncompressed.allow(
        headerBytes, "the headers of an entry take more than " + headerBytes + " bytes");
    int padding = (int) (-uncompressed.count() & 511);
    uncompressed.record();
    TarArchiveEntry entry = tar.getNextEntry();
    byte[] raw = uncompressed.recorded();
    uncompressed.allow(Long.MAX_VALUE, "");
    if (entry == null) {
      if (uncompressed.count() % 512 != 0) {
        throw new IOException("it ends within a tar header, or is no tar");
      }
      return null;
    }
    TarHeaderCheck.Names names = TarHeaderCheck.check(raw, padding);
    return new Header(
        entry,
        PathNames.normalise(names.path() ? entry.getName() : PathNames.decode(entry.getName())),
        names.link() ? entry.getLinkName() : PathNames.decode(entry.getLinkName()));
  }

  /** The content of the entry at hand; it ends where the entry does. */
  public InputStream content() {
    return tar;
  }

  /** Bytes of the tar so far: after {@link #next}, where the content begins. */
  public long position() {
    return uncompressed.count();
  }

  private void passContent() throws IOException {
    if (tar.getCurrentEntry() != null) {
      long skipped;
      do {
        skipped = tar.skip(Long.MAX_VALUE);
      } while (skipped > 0);
    }
  }
}
