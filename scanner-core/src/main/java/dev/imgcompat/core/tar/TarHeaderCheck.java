package dev.imgcompat.core.tar;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarUtils;

/**
 * Looks at the raw headers of one entry for what Commons Compress and the tar reader of container
 * runtimes (Go's archive/tar) understand differently: an author could show us one file system and
 * the runtime another. Such headers are refused; no tool that builds images writes them.
 */
final class TarHeaderCheck {
  private static final int BLOCK = 512;
  private static final int MAGIC = 257;
  private static final int PREFIX = 345;

  private final byte[] raw;
  private final Set<String> pax = new HashSet<>();
  private boolean longName;
  private boolean longLink;

  private TarHeaderCheck(byte[] raw) {
    this.raw = raw;
  }

  /**
   * What the headers say of the names.
   *
   * @param path whether the path came from a PAX header, hence is Unicode
   * @param link whether the link's target did
   */
  record Names(boolean path, boolean link) {}

  /**
   * Checks the headers of one entry.
   *
   * @param raw all that was read for them
   * @param from where the first header begins in it
   * @throws IOException naming what is wrong
   */
  static Names check(byte[] raw, int from) throws IOException {
    return new TarHeaderCheck(raw).run(from);
  }

  private Names run(int from) throws IOException {
    for (int at = from; at + BLOCK <= raw.length; ) {
      byte flag = raw[at + 156];
      if (flag != 'x' && flag != 'X' && flag != 'g' && flag != 'L' && flag != 'K') {
        main(at);
        break;
      }
      long size = size(at);
      int content = at + BLOCK;
      long next = content + (size + BLOCK - 1) / BLOCK * BLOCK;
      if (size < 0 || next > raw.length) {
        break; // Commons Compress has failed on it, or will
      }
      switch (flag) {
        case 'L' -> longName = true;
        case 'K' -> longLink = true;
        case 'g' -> global(keys(content, (int) size));
        default -> pax.addAll(keys(content, (int) size));
      }
      at = (int) next;
    }
    if ((longName && pax.contains("path")) || (longLink && pax.contains("linkpath"))) {
      throw new IOException("an entry with two long names");
    }
    sparse();
    return new Names(pax.contains("path"), pax.contains("linkpath"));
  }

  private void main(int at) throws IOException {
    boolean named = new String(raw, at + MAGIC, 5, StandardCharsets.ISO_8859_1).equals("ustar");
    if (!named && raw[at + PREFIX] != 0) {
      throw new IOException("an old tar header with a prefix of the name, which it cannot have");
    }
  }

  private static void global(Set<String> keys) throws IOException {
    for (String key : keys) {
      if (key.equals("path") || key.equals("linkpath") || key.equals("size") || isSparse(key)) {
        throw new IOException("a global tar header that sets " + key + " of all entries");
      }
    }
  }

  private void sparse() throws IOException {
    boolean mapped =
        pax.contains("GNU.sparse.map")
            || pax.contains("GNU.sparse.numblocks")
            || (pax.contains("GNU.sparse.major") && pax.contains("GNU.sparse.minor"));
    if (!mapped && pax.stream().anyMatch(TarHeaderCheck::isSparse)) {
      throw new IOException("a sparse file without a map of its parts");
    }
  }

  private static boolean isSparse(String key) {
    return key.startsWith("GNU.sparse.")
        || key.equals("SCHILY.filetype")
        || key.equals("SCHILY.realsize");
  }

  private long size(int at) throws IOException {
    try {
      return TarUtils.parseOctalOrBinary(raw, at + 124, 12);
    } catch (IllegalArgumentException e) {
      throw new IOException("a tar header with a size that is no number", e);
    }
  }

  /** The keys of PAX records: a decimal length, a space, key=value, a newline. */
  private Set<String> keys(int start, int length) {
    Set<String> keys = new HashSet<>();
    int at = start;
    int end = start + length;
    while (at < end) {
      int space = at;
      long record = 0;
      while (space < end && raw[space] >= '0' && raw[space] <= '9' && record < end) {
        record = record * 10 + raw[space++] - '0';
      }
      if (space == at || space >= end || raw[space] != ' ' || record > end - at) {
        break; // Commons Compress complains of it
      }
      int equals = space + 1;
      while (equals < at + record && raw[equals] != '=') {
        equals++;
      }
      keys.add(new String(raw, space + 1, equals - space - 1, StandardCharsets.UTF_8));
      at += (int) Math.max(record, 1);
    }
    return keys;
  }
}
