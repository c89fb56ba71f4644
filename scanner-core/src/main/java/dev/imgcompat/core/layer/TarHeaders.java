package dev.imgcompat.core.layer;

import dev.imgcompat.core.tar.TarReader;
import java.io.IOException;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;

/** Translates the headers of Commons Compress. */
final class TarHeaders {
  private TarHeaders() {}

  /** Returns the entry of a layer; those that runtimes do not know are refused, as there. */
  static LayerEntry entry(TarReader.Header read) throws IOException {
    TarArchiveEntry header = read.entry();
    EntryType type = type(header);
    if (type != EntryType.DIRECTORY && header.isDirectory() && header.getSize() > 0) {
      // Runtimes write its content; Commons Compress does not even skip it.
      throw new IOException("a file with the name of a directory");
    }
    boolean link = type == EntryType.SYMBOLIC_LINK || type == EntryType.HARD_LINK;
    return new LayerEntry(
        read.path(),
        type,
        header.getMode() & 07777,
        type == EntryType.FILE ? header.getRealSize() : 0,
        link ? read.target() : "");
  }

  private static EntryType type(TarArchiveEntry header) throws IOException {
    if (header.isSymbolicLink()) {
      return EntryType.SYMBOLIC_LINK;
    }
    if (header.isLink()) {
      return EntryType.HARD_LINK;
    }
    if (header.getLinkFlag() == '5' || (header.getLinkFlag() == 0 && header.isDirectory())) {
      return EntryType.DIRECTORY;
    }
    if (header.isCharacterDevice() || header.isBlockDevice() || header.isFIFO()) {
      return EntryType.OTHER;
    }
    return switch (header.getLinkFlag()) {
      // Regular files: the three spellings of POSIX, and the two of GNU sparse files.
      case 0, '0', '7', 'S' -> EntryType.FILE;
      default ->
          throw new IOException(
              String.format(
                  "an entry of the type 0x%02x, which runtimes do not unpack",
                  header.getLinkFlag()));
    };
  }
}
