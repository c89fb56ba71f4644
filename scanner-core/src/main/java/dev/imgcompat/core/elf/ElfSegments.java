package dev.imgcompat.core.elf;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The program headers that matter here.
 *
 * @param loads the {@code PT_LOAD} segments
 * @param executable the parts of the file that are mapped to be executed
 * @param interpreter the first {@code PT_INTERP}, or null
 * @param dynamic the first {@code PT_DYNAMIC}, or null
 * @param notes the {@code PT_NOTE} segments
 * @param end of the last of interpreter, dynamic and notes in the file
 * @param unread how many of the headers lie beyond what was kept, hence beyond the file
 */
record ElfSegments(
    List<Load> loads,
    List<Region> executable,
    @Nullable Region interpreter,
    @Nullable Region dynamic,
    List<Region> notes,
    long end,
    int unread) {
  /** The kernel takes at most 64 KiB of program headers. */
  private static final int MAX_HEADERS = 65536 / 56;

  private static final int MAX_INTERPRETER = 4096;
  private static final int MAX_NOTE = 64 << 10;
  private static final int MAX_NOTES = 16;
  static final int MAX_DYNAMIC = 128 << 10;

  private static final int PT_LOAD = 1;
  private static final int PT_DYNAMIC = 2;
  private static final int PT_INTERP = 3;
  private static final int PT_NOTE = 4;
  private static final int PF_X = 1;

  /** A part of the file. */
  record Region(long offset, long length) {
    long end() {
      return offset + length;
    }
  }

  /** A part of the file and where it is mapped. */
  record Load(long offset, long address, long length) {}

  static ElfSegments read(RetainedBytes bytes, ElfLayout layout) {
    List<Load> loads = new ArrayList<>();
    List<Region> executable = new ArrayList<>();
    List<Region> notes = new ArrayList<>();
    Region interpreter = null;
    Region dynamic = null;
    int unread = 0;
    boolean wide = layout.wide();
    int count = layout.hasProgramHeaders() ? Math.min(layout.programHeaderCount(), MAX_HEADERS) : 0;
    for (int i = 0; i < count; i++) {
      long at = layout.programHeaders() + (long) i * layout.programHeaderSize();
      OptionalLong type = bytes.u32(at);
      OptionalLong offset = bytes.word(at + (wide ? 8 : 4), wide);
      OptionalLong address = bytes.word(at + (wide ? 16 : 8), wide);
      OptionalLong length = bytes.word(at + (wide ? 32 : 16), wide);
      if (type.isEmpty() || offset.isEmpty() || address.isEmpty() || length.isEmpty()) {
        unread++;
        continue;
      }
      long from = offset.getAsLong();
      long size = length.getAsLong();
      if (from < 0 || size < 0 || from > Long.MAX_VALUE - size) {
        continue;
      }
      switch ((int) type.getAsLong()) {
        case PT_LOAD -> {
          loads.add(new Load(from, address.getAsLong(), size));
          if ((bytes.u32(at + (wide ? 4 : 24)).orElse(0) & PF_X) != 0) {
            executable.add(new Region(from, size));
          }
        }
        case PT_INTERP ->
            interpreter = interpreter == null ? bounded(from, size, MAX_INTERPRETER) : interpreter;
        case PT_DYNAMIC -> dynamic = dynamic == null ? bounded(from, size, MAX_DYNAMIC) : dynamic;
        case PT_NOTE -> {
          if (notes.size() < MAX_NOTES) {
            notes.add(bounded(from, size, MAX_NOTE));
          }
        }
        default -> {}
      }
    }
    long end = 0;
    for (Region region : regions(interpreter, dynamic, notes)) {
      end = Math.max(end, region.end());
    }
    return new ElfSegments(loads, executable, interpreter, dynamic, notes, end, unread);
  }

  /** What is needed beyond the headers, before the dynamic section is read. */
  List<Region> metadata() {
    return regions(interpreter, dynamic, notes);
  }

  /** Where in the file an address is mapped from. */
  OptionalLong fileOffset(long address) {
    for (Load load : loads) {
      long into = address - load.address();
      if (into >= 0 && into < load.length()) {
        return OptionalLong.of(load.offset() + into);
      }
    }
    return OptionalLong.empty();
  }

  private static List<Region> regions(
      @Nullable Region interpreter, @Nullable Region dynamic, List<Region> notes) {
    List<Region> all = new ArrayList<>(notes);
    if (interpreter != null) {
      all.add(interpreter);
    }
    if (dynamic != null) {
      all.add(dynamic);
    }
    return all;
  }

  private static Region bounded(long offset, long length, int most) {
    return new Region(offset, Math.min(length, most));
  }
}
