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
  /** What tars consist of, in bytes. */
  public static final int BLOCK = 512;

  private static final String UNCLEAR = "tar headers that readers understand differently";

  private final BudgetedInputStream uncompressed;
  private TarArchiveInputStream tar;
  private final int headerBytes;
  private long contentFrom;
  private long contentTo;
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
    this.uncompressed = new BudgetedInputStream(new FullReads(uncompressed));
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
    int padding = (int) (-uncompressed.count() & (BLOCK - 1));
    long before = uncompressed.count();
    uncompressed.record();
    TarArchiveEntry entry = tar.getNextEntry();
    byte[] raw = uncompressed.recorded();
    uncompressed.allow(Long.MAX_VALUE, "");
    TarHeaderCheck.Names names = TarHeaderCheck.check(raw, padding);
    if (entry == null) {
      end(raw, padding, names);
      return null;
    }
    if (names == null) {
      throw new IOException(UNCLEAR);
    }
    begin(entry, names, before);
    return new Header(
        entry, PathNames.normalise(PathNames.decode(names.name())), PathNames.decode(names.link()));
  }

  private void end(byte[] raw, int padding, TarHeaderCheck.@Nullable Names names)
      throws IOException {
    complete = TarHeaderCheck.isEnd(raw, padding);
    if (names != null) {
      throw new IOException(UNCLEAR);
    }
    if (!complete && uncompressed.count() % BLOCK != 0) {
      throw new IOException("it ends within a tar header, or is no tar");
    }
  }

  /** Sees to it that the entry is called, begins and ends as its headers say. */
  private void begin(TarArchiveEntry entry, TarHeaderCheck.Names names, long before)
      throws IOException {
    contentFrom = before + names.headerEnd();
    contentTo = contentFrom + names.size();
    if (!names.mapInContent() && uncompressed.count() != contentFrom) {
      throw new IOException(UNCLEAR);
    }
    entry.setName(names.name());
    if (names.size() == 0 && entry.getSize() > 0) {
      // Some writers state the size of a link's target. Runtimes know that no content follows,
      // while Commons Compress would pass over the next entries.
      entry.setSize(0);
      tar = begin(uncompressed);
    }
    if (entry.getSize() != names.size()) {
      throw new IOException(UNCLEAR);
    }
  }

  /** The content of the entry at hand; it ends where the entry does. */
  public InputStream content() {
    return tar.getCurrentEntry() == null ? InputStream.nullInputStream() : tar;
  }

  /** Where the content of the entry at hand begins, in bytes from where this began to read. */
  public long position() {
    return contentFrom;
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
    HeaderBlock block = new HeaderBlock(head, 0);
    return block.isZero() || block.hasChecksum();
  }

  private void passContent() throws IOException {
    if (tar.getCurrentEntry() != null) {
      long skipped;
      do {
        skipped = tar.skip(Long.MAX_VALUE);
      } while (skipped > 0);
      if (uncompressed.count() != contentTo) {
        throw new IOException("an entry that does not end where its header says");
      }
    }
  }
}
