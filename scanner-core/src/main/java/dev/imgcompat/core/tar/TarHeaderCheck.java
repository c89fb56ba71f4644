package dev.imgcompat.core.tar;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the raw headers of one entry for what Commons Compress and the tar reader of container
 * runtimes (Go's archive/tar) understand differently: an author could show us one file system and
 * the runtime another. Such headers are refused; no tool that builds images writes them. What
 * entries are called and where they end is taken from here.
 */
final class TarHeaderCheck {
  /** In a sparse entry of GNU's old format: whether more of the map follows the header. */
  private static final int MORE_IN_HEADER = 482;

  private static final int MORE_IN_MAP = 504;

  private final byte[] raw;
  private final Set<Byte> extensions = new HashSet<>();
  private PaxRecords pax = new PaxRecords();
  private String longName = "";
  private String longLink = "";
  private int at;

  private TarHeaderCheck(byte[] raw, int from) {
    this.raw = raw;
    this.at = from;
  }

  /**
   * What the headers say.
   *
   * @param name of the entry, decoded byte by byte
   * @param link its target, decoded so, too
   * @param headerEnd where the content begins in what was read for the headers
   * @param size of the content that follows; 0 for what has none, whatever is stated
   * @param mapInContent whether a map of a sparse file is the first part of the content
   */
  record Names(String name, String link, int headerEnd, long size, boolean mapInContent) {}

  /**
   * Checks the headers of one entry.
   *
   * @param raw all that was read for them
   * @param from where the first header begins in it
   * @return null if no entry follows them
   * @throws IOException naming what is wrong
   */
  static @Nullable Names check(byte[] raw, int from) throws IOException {
    TarHeaderCheck check = new TarHeaderCheck(raw, from);
    HeaderBlock main = check.toEntry();
    return main == null || main.isZero() ? null : check.names(main);
  }

  /** Whether the mark follows that ends a tar. */
  static boolean isEnd(byte[] raw, int from) throws IOException {
    HeaderBlock main = new TarHeaderCheck(raw, from).toEntry();
    return main != null && main.isZero();
  }

  /** Goes through the headers that extend others, to that of an entry or the end mark. */
  private @Nullable HeaderBlock toEntry() throws IOException {
    while (at + TarReader.BLOCK <= raw.length) {
      HeaderBlock block = new HeaderBlock(raw, at);
      at += TarReader.BLOCK;
      if (block.isZero()) {
        return block;
      }
      block.check();
      if (!isExtension(block.flag())) {
        return block;
      }
      if (block.size() > raw.length - at) {
        throw new IOException("it ends within a tar header");
      }
      extend(block, (int) block.size());
      at += (int) padded(block.size());
    }
    return null;
  }

  private static boolean isExtension(byte flag) throws IOException {
    if (flag == 'X') {
      throw new IOException("a PAX header of Solaris, which runtimes do not know");
    }
    return flag == 'x' || flag == 'g' || flag == 'L' || flag == 'K';
  }

  private void extend(HeaderBlock block, int size) throws IOException {
    byte flag = block.flag();
    if (flag == 'g' ? !extensions.isEmpty() : !extensions.add(flag)) {
      throw new IOException("an entry with more than one tar header of a kind before its own");
    }
    switch (flag) {
      case 'L' -> longName = longText(size);
      case 'K' -> longLink = longText(size);
      case 'x' -> pax = new PaxRecords(raw, at, size);
      default -> {
        String name = block.name();
        if (name.substring(name.lastIndexOf('/') + 1).startsWith(".wh.")) {
          throw new IOException("a global tar header that removes " + name);
        }
        new PaxRecords(raw, at, size).checkGlobal();
      }
    }
  }

  private String longText(int size) throws IOException {
    int end = size;
    while (end > 0 && raw[at + end - 1] == 0) {
      end--;
    }
    String text = new String(raw, at, end, StandardCharsets.ISO_8859_1);
    if (text.indexOf(0) >= 0) {
      throw new IOException("a long name with a NUL in it");
    }
    return text;
  }

  private Names names(HeaderBlock main) throws IOException {
    String paxName = pax.path();
    String paxLink = pax.link();
    if ((!longName.isEmpty() && paxName != null) || (!longLink.isEmpty() && paxLink != null)) {
      throw new IOException("an entry with two long names");
    }
    byte flag = main.flag();
    pax.checkSparse();
    if (pax.isSparse() && flag != '0') {
      throw new IOException("a sparse file that is no file");
    }
    if (flag == 'S') {
      passMap(main);
    }
    String name = first(longName, paxName, main.name());
    boolean empty = (flag >= '1' && flag <= '6') || (flag == 0 && name.endsWith("/"));
    return new Names(
        name,
        first(longLink, paxLink, main.link()),
        at,
        empty ? 0 : pax.size(main.size()),
        pax.isMapInContent());
  }

  private static String first(String gnu, @Nullable String pax, String plain) {
    if (!gnu.isEmpty()) {
      return gnu;
    }
    return pax == null ? plain : pax;
  }

  /** The map of a sparse file of GNU's old format may go on in blocks after the header. */
  private void passMap(HeaderBlock main) throws IOException {
    if (!main.isGnu()) {
      throw new IOException("a sparse file in a format that has none");
    }
    int more = at - TarReader.BLOCK + MORE_IN_HEADER;
    while (more < raw.length && raw[more] != 0) {
      if (raw[more] != 1) {
        throw new IOException("a sparse file with a map of which nobody knows the end");
      }
      more = at + MORE_IN_MAP;
      at += TarReader.BLOCK;
    }
    if (at > raw.length) {
      throw new IOException("it ends within a tar header");
    }
  }

  private static long padded(long size) {
    return (size + TarReader.BLOCK - 1) / TarReader.BLOCK * TarReader.BLOCK;
  }
}
