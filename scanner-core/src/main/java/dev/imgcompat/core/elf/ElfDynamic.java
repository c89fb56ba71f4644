package dev.imgcompat.core.elf;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/**
 * The dynamic section: offsets into the string table, and where the tables are.
 *
 * @param strings file offset of {@code DT_STRTAB}, or -1
 * @param stringsSize {@code DT_STRSZ}
 * @param versions file offset of {@code DT_VERDEF}, or -1
 * @param versionCount {@code DT_VERDEFNUM}
 * @param symbols file offset of {@code DT_SYMTAB}, or -1
 * @param hash file offset of {@code DT_HASH}, or -1
 * @param soname offset of a string, or -1
 * @param rpath offset of a string, or -1
 * @param runpath offset of a string, or -1
 * @param needed offsets of strings
 * @param flags1 {@code DT_FLAGS_1}
 */
record ElfDynamic(
    long strings,
    long stringsSize,
    long versions,
    int versionCount,
    long symbols,
    long hash,
    long soname,
    long rpath,
    long runpath,
    List<Long> needed,
    long flags1) {
  private static final int DT_NULL = 0;
  private static final int DT_NEEDED = 1;
  private static final int DT_HASH = 4;
  private static final int DT_STRTAB = 5;
  private static final int DT_SYMTAB = 6;
  private static final int DT_STRSZ = 10;
  private static final int DT_SONAME = 14;
  private static final int DT_RPATH = 15;
  private static final int DT_RUNPATH = 29;
  private static final int DT_FLAGS_1 = 0x6ffffffb;
  private static final int DT_VERDEF = 0x6ffffffc;
  private static final int DT_VERDEFNUM = 0x6ffffffd;

  /** The functions of glibc that may call the vsyscall page, which programs import by name. */
  private static final Set<String> CLOCKS = Set.of("gettimeofday", "sched_getcpu", "time");

  private static final int SYMBOL_BYTES = 24;
  private static final int MAX_SYMBOLS = 100_000;
  private static final int MAX_NEEDED = 4096;
  private static final int MAX_TABLE = 8 << 20;

  /** One definition with one name takes 28 bytes; more names per definition are rare. */
  private static final int BYTES_PER_VERSION = 64;

  static final int MAX_VERSIONS = 4096;

  static ElfDynamic read(
      RetainedBytes bytes, ElfLayout layout, ElfSegments.Region region, ElfSegments segments) {
    boolean wide = layout.wide();
    int step = wide ? 16 : 8;
    long strings = -1;
    long stringsSize = 0;
    long versions = -1;
    int versionCount = 0;
    long symbols = -1;
    long hash = -1;
    long soname = -1;
    long rpath = -1;
    long runpath = -1;
    long flags1 = 0;
    List<Long> needed = new ArrayList<>();
    for (long at = region.offset(); at + step <= region.end(); at += step) {
      OptionalLong tag = bytes.word(at, wide);
      OptionalLong value = bytes.word(at + step / 2, wide);
      if (tag.isEmpty() || value.isEmpty() || tag.getAsLong() == DT_NULL) {
        break;
      }
      long v = value.getAsLong();
      if (tag.getAsLong() != (int) tag.getAsLong()) {
        continue;
      }
      switch ((int) tag.getAsLong()) {
        case DT_NEEDED -> {
          if (needed.size() < MAX_NEEDED) {
            needed.add(v);
          }
        }
        case DT_STRTAB -> strings = segments.fileOffset(v).orElse(-1);
        case DT_STRSZ -> stringsSize = v;
        case DT_SYMTAB -> symbols = segments.fileOffset(v).orElse(-1);
        case DT_HASH -> hash = segments.fileOffset(v).orElse(-1);
        case DT_SONAME -> soname = v;
        case DT_RPATH -> rpath = v;
        case DT_RUNPATH -> runpath = v;
        case DT_FLAGS_1 -> flags1 = v;
        case DT_VERDEF -> versions = segments.fileOffset(v).orElse(-1);
        case DT_VERDEFNUM -> versionCount = (int) Math.max(0, Math.min(v, MAX_VERSIONS));
        default -> {}
      }
    }
    return new ElfDynamic(
        strings,
        stringsSize,
        versions,
        versionCount,
        symbols,
        hash,
        soname,
        rpath,
        runpath,
        needed,
        flags1);
  }

  /**
   * Which clocks a 64-bit file imports; empty where its symbols were not kept, or their number is
   * not known.
   */
  Optional<List<String>> importedClocks(RetainedBytes bytes, long fileSize) {
    long count = symbolCount(bytes);
    if (symbols < 0 || strings < 0 || count < 0 || count > MAX_SYMBOLS || strings > fileSize) {
      return Optional.empty();
    }
    ByteBuffer table = bytes.slice(symbols, count * SYMBOL_BYTES);
    if (table == null) {
      return Optional.empty();
    }
    Set<String> found = new TreeSet<>();
    for (int at = 0; at < table.limit(); at += SYMBOL_BYTES) {
      boolean undefined = table.getShort(at + 6) == 0;
      long name = Integer.toUnsignedLong(table.getInt(at));
      if (undefined && name > 0 && name < stringsSize) {
        // One byte more than the longest: what is longer comes out as null.
        String text = bytes.string(strings + name, "gettimeofday".length() + 1);
        if (text != null && CLOCKS.contains(text)) {
          found.add(text);
        }
      }
    }
    return Optional.of(List.copyOf(found));
  }

  /** The hash table has a chain entry for each symbol; without it, strings follow the symbols. */
  private long symbolCount(RetainedBytes bytes) {
    if (hash >= 0) {
      return bytes.u32(hash + 4).orElse(-1);
    }
    return strings > symbols ? (strings - symbols) / SYMBOL_BYTES : -1;
  }

  /** The tables that the strings and the version names are in. */
  List<ElfSegments.Region> tables() {
    List<ElfSegments.Region> tables = new ArrayList<>();
    if (strings >= 0 && stringsSize > 0) {
      tables.add(new ElfSegments.Region(strings, Math.min(stringsSize, MAX_TABLE)));
    }
    if (versions >= 0 && versionCount > 0) {
      tables.add(new ElfSegments.Region(versions, (long) versionCount * BYTES_PER_VERSION));
    }
    return tables;
  }
}
