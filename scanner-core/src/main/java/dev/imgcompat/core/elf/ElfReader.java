package dev.imgcompat.core.elf;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads an ELF file that streams past once, start to end, without seeking.
 *
 * <p>Kept in memory are the start of the file, up to {@value #PREFIX_BYTES} bytes, and beyond it
 * only the regions that the program headers and the dynamic section point to. The code of x86-64
 * files is searched for calls of the vsyscall page as it passes. Damage never throws: it is a fact.
 * Not thread-safe.
 *
 * @see <a href="https://gabi.xinuos.com/">System V ABI: object files</a>
 */
public final class ElfReader {
  /** Enough for the dynamic string tables of all but the very largest libraries. */
  static final int PREFIX_BYTES = 8 << 20;

  /** Program headers follow the header; few files have more than a dozen. */
  private static final int HEADERS_BYTES = 16 << 10;

  private static final VsyscallCode UNREAD = new VsyscallCode(false, 0, List.of(), 0);

  private final long size;
  private final RetainedBytes retained = new RetainedBytes();
  private final List<PendingRegion> pending = new ArrayList<>();
  private long position;
  private @Nullable ElfLayout layout;
  private @Nullable ElfSegments segments;
  private @Nullable VsyscallSearch code;
  private boolean tablesPlanned;
  private long neededUntil;

  /**
   * Creates a reader.
   *
   * @param size of the file in bytes
   */
  public ElfReader(long size) {
    this.size = size;
  }

  /** Whether the first {@code length} bytes of {@code head} start as every ELF file does. */
  public static boolean hasMagic(byte[] head, int length) {
    return length >= 4 && head[0] == 0x7f && head[1] == 'E' && head[2] == 'L' && head[3] == 'F';
  }

  /** Takes the next bytes of the file. */
  public void accept(byte[] buffer, int offset, int length) {
    int prefix = Math.min(length, PREFIX_BYTES - retained.prefixLength());
    if (prefix > 0) {
      retained.extendPrefix(buffer, offset, prefix);
    }
    long start = position;
    position += length;
    fill(start, buffer, offset, length);
    if (segments == null) {
      planSegments(start);
      // What this very chunk made known may begin in it.
      fill(start, buffer, offset, length);
    }
    if (code != null) {
      code.take(start, buffer, offset, length);
    }
    if (!tablesPlanned && dynamicRead()) {
      planTables(start);
      fill(start, buffer, offset, length);
    }
  }

  private void fill(long start, byte[] buffer, int offset, int length) {
    for (PendingRegion region : pending) {
      region.take(start, buffer, offset, length);
    }
  }

  /** Whether nothing that is still to come could add a fact. */
  public boolean satisfied() {
    long until = code == null ? neededUntil : Math.max(neededUntil, code.end());
    return segments != null && tablesPlanned && position >= Math.min(size, until);
  }

  /** The end of the file, or of what is needed of it, has come: says what was found. */
  public ElfFacts finish() {
    release();
    ElfLayout whole = ElfLayout.of(retained);
    VsyscallCode calls =
        code != null && !retained.isPacked()
            ? code.finish()
            : whole.isX86_64Code() && whole.programHeaderCount() > 0
                ? UNREAD // packed, or its headers came too late, or never
                : VsyscallCode.NONE;
    return new ElfParser(retained, whole, size).parse(calls);
  }

  private void planSegments(long start) {
    if (position >= HEADERS_BYTES || position >= size) {
      layout = ElfLayout.of(retained);
      if (awaitsHeaders(layout, start)) {
        return; // a linker may put them anywhere
      }
      release();
      segments = ElfSegments.read(retained, layout);
      tablesPlanned = segments.dynamic() == null;
      segments.metadata().forEach(region -> keep(region, start));
      if (layout.isX86_64Code() && segments.unread() == 0) {
        code = new VsyscallSearch(segments.executable(), layout.type() == ElfFacts.EXEC);
        retained.showPrefix(code);
      }
    }
  }

  private boolean awaitsHeaders(ElfLayout layout, long start) {
    long end = layout.programHeadersEnd();
    if (position >= Math.min(size, end)) {
      return false;
    }
    if (end > PREFIX_BYTES && pending.isEmpty() && end <= size) {
      keep(new ElfSegments.Region(layout.programHeaders(), end - layout.programHeaders()), start);
    }
    return true;
  }

  private boolean dynamicRead() {
    return segments != null && segments.dynamic() != null && position >= segments.dynamic().end();
  }

  private void planTables(long start) {
    tablesPlanned = true;
    if (layout != null && segments != null && segments.dynamic() != null) {
      release();
      ElfDynamic.read(retained, layout, segments.dynamic(), segments)
          .tables()
          .forEach(region -> keep(region, start));
    }
  }

  /** Keeps what the prefix will not hold. What has already gone by is lost; the parser says so. */
  private void keep(ElfSegments.Region region, long start) {
    neededUntil = Math.max(neededUntil, region.end());
    if (region.end() > PREFIX_BYTES && region.offset() >= start && region.offset() < size) {
      pending.add(new PendingRegion(region, size));
    }
  }

  private void release() {
    for (PendingRegion region : pending) {
      retained.add(region.offset, region.bytes, region.filled);
    }
  }

  private static final class PendingRegion {
    private final long offset;
    private final byte[] bytes;
    private int filled;

    PendingRegion(ElfSegments.Region region, long fileSize) {
      this.offset = region.offset();
      this.bytes = new byte[(int) Math.min(region.length(), fileSize - region.offset())];
    }

    void take(long position, byte[] buffer, int from, int length) {
      long start = Math.max(offset + filled, position);
      long end = Math.min(offset + bytes.length, position + length);
      if (start < end && start == offset + filled) {
        System.arraycopy(
            buffer, (int) (from + start - position), bytes, filled, (int) (end - start));
        filled += (int) (end - start);
      }
    }
  }
}
