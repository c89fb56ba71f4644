package dev.imgcompat.core.elf;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * The dynamic section: offsets into the string table, and where the tables are.
 *
 * @param strings file offset of {@code DT_STRTAB}, or -1
 * @param stringsSize {@code DT_STRSZ}
 * @param versions file offset of {@code DT_VERDEF}, or -1
 * @param versionCount {@code DT_VERDEFNUM}
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
    long soname,
    long rpath,
    long runpath,
    List<Long> needed,
    long flags1) {
  private static final int DT_NULL = 0;
  private static final int DT_NEEDED = 1;
  private static final int DT_STRTAB = 5;
  private static final int DT_STRSZ = 10;
  private static final int DT_SONAME = 14;
  private static final int DT_RPATH = 15;
  private static final int DT_RUNPATH = 29;
  private static final int DT_FLAGS_1 = 0x6ffffffb;
  private static final int DT_VERDEF = 0x6ffffffc;
  private static final int DT_VERDEFNUM = 0x6ffffffd;

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
        strings, stringsSize, versions, versionCount, soname, rpath, runpath, needed, flags1);
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
