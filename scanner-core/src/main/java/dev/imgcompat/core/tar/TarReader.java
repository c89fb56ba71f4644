package dev.imgcompat.core.tar;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarUtils;
import org.jspecify.annotations.Nullable;

/**
 * Goes through the entries of a tar. What an entry's headers take is bounded, and headers that two
 * tar readers understand differently are refused ({@link TarHeaderCheck}). Not thread-safe; has
 * nothing to close but the stream below, which is the caller's.
 */
public final class TarReader {
  /** What tars consist of, in bytes. */
  public static final int BLOCK = 512;

  private final BudgetedInputStream uncompressed;
  private TarArchiveInputStream tar;
  private final int headerBytes;
  private boolean complete;

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
    this.tar = begin(this.uncompressed);
    this.headerBytes = headerBytes;
  }

  private static TarArchiveInputStream begin(InputStream uncompressed) {
    // Names are decoded byte by byte here and looked at by PathNames, since not all are UTF-8.
    return new TarArchiveInputStream(uncompressed, "ISO-8859-1");
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
    long before = uncompressed.count();
    uncompressed.record();
    TarArchiveEntry entry = tar.getNextEntry();
    byte[] raw = uncompressed.recorded();
    uncompressed.allow(Long.MAX_VALUE, "");
    if (entry == null) {
      complete = uncompressed.count() - before - padding >= BLOCK;
      if (uncompressed.count() % 512 != 0) {
        throw new IOException("it ends within a tar header, or is no tar");
      }
      return null;
    }
    if (entry.getSize() > 0 && hasNoContent(entry)) {
      // Some writers state the size of a link's target. Runtimes know that no content follows,
      // while
      // Commons Compress would pass over the next entries.
      entry.setSize(0);
      tar = begin(uncompressed);
    }
    TarHeaderCheck.Names names = TarHeaderCheck.check(raw, padding);
    return new Header(
        entry,
        PathNames.normalise(names.path() ? entry.getName() : PathNames.decode(entry.getName())),
        names.link() ? entry.getLinkName() : PathNames.decode(entry.getLinkName()));
  }

  /** The content of the entry at hand; it ends where the entry does. */
  public InputStream content() {
    return tar.getCurrentEntry() == null ? InputStream.nullInputStream() : tar;
  }

  /** Bytes of the tar so far: after {@link #next}, where the content begins. */
  public long position() {
    return uncompressed.count();
  }

  /** Whether the tar ended with the mark that ends one, rather than with the stream. */
  public boolean isComplete() {
    return complete;
  }

  /** Whether a tar may begin with these bytes; one without entries begins with zeros. */
  public static boolean mayBegin(byte[] head) {
    if (head.length < BLOCK) {
      return false;
    }
    boolean zero = true;
    for (int i = 0; i < BLOCK; i++) {
      zero &= head[i] == 0;
    }
    try {
      return zero || TarUtils.verifyCheckSum(Arrays.copyOf(head, BLOCK));
    } catch (IllegalArgumentException e) {
      return false; // what should be a checksum is no number
    }
  }

  /** As {@code isHeaderOnly} of Go's archive/tar. */
  private static boolean hasNoContent(TarArchiveEntry entry) {
    return entry.getLinkFlag() >= '1' && entry.getLinkFlag() <= '6';
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
