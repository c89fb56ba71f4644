package dev.imgcompat.core.elf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a file that were kept while it streamed past: the start of it, and the regions that
 * were asked for. Reads outside of them are empty, never wrong.
 */
final class RetainedBytes {
  private static final int MARK_BYTES = 512;
  private static final int FIRST_BUFFER = 16 << 10;

  private final List<Kept> regions = new ArrayList<>();
  private byte[] prefix = new byte[FIRST_BUFFER];
  private int prefixLength;
  private ByteOrder order = ByteOrder.LITTLE_ENDIAN;

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Kept(long offset, byte[] bytes, int length) {}

  void order(ByteOrder order) {
    this.order = order;
  }

  int prefixLength() {
    return prefixLength;
  }

  /** Shows the start of the file, as far as it was kept. */
  void showPrefix(VsyscallSearch search) {
    search.take(0, prefix, 0, prefixLength);
  }

  /**
   * Whether UPX packed it, which has its mark after the program headers: the code is not to see.
   */
  boolean isPacked() {
    for (int i = 0; i + 4 <= Math.min(prefixLength, MARK_BYTES); i++) {
      if (prefix[i] == 'U'
          && prefix[i + 1] == 'P'
          && prefix[i + 2] == 'X'
          && prefix[i + 3] == '!') {
        return true;
      }
    }
    return false;
  }

  /** Appends to the start of the file. */
  void extendPrefix(byte[] buffer, int offset, int length) {
    int needed = prefixLength + length;
    if (needed > prefix.length) {
      prefix = Arrays.copyOf(prefix, Math.max(needed, 2 * prefix.length));
    }
    System.arraycopy(buffer, offset, prefix, prefixLength, length);
    prefixLength = needed;
  }

  /** Adds a region of which the first {@code length} bytes are there. */
  void add(long offset, byte[] bytes, int length) {
    regions.add(new Kept(offset, bytes, length));
  }

  /** The bytes [offset, offset + length), or null where not all of them were kept. */
  @Nullable ByteBuffer slice(long offset, long length) {
    Kept kept = length < 0 ? null : holding(offset, length);
    return kept == null
        ? null
        : ByteBuffer.wrap(kept.bytes(), (int) (offset - kept.offset()), (int) length)
            .slice()
            .order(order);
  }

  OptionalInt u16(long offset) {
    ByteBuffer at = slice(offset, 2);
    return at == null ? OptionalInt.empty() : OptionalInt.of(Short.toUnsignedInt(at.getShort(0)));
  }

  /** A 32-bit word, unsigned. */
  OptionalLong u32(long offset) {
    ByteBuffer at = slice(offset, 4);
    return at == null
        ? OptionalLong.empty()
        : OptionalLong.of(Integer.toUnsignedLong(at.getInt(0)));
  }

  /** A word of the class: 4 or 8 bytes. An 8-byte word beyond 2^63 - 1 comes out negative. */
  OptionalLong word(long offset, boolean wide) {
    if (!wide) {
      return u32(offset);
    }
    ByteBuffer at = slice(offset, 8);
    return at == null ? OptionalLong.empty() : OptionalLong.of(at.getLong(0));
  }

  /** A NUL-terminated string of at most {@code most} bytes, or null where it was not kept whole. */
  @Nullable String string(long offset, int most) {
    Kept kept = holding(offset, 1);
    if (kept == null) {
      return null;
    }
    int start = (int) (offset - kept.offset());
    int bound = (int) Math.min(kept.length(), (long) start + most);
    for (int end = start; end < bound; end++) {
      if (kept.bytes()[end] == 0) {
        return new String(kept.bytes(), start, end - start, StandardCharsets.UTF_8);
      }
    }
    return null;
  }

  private @Nullable Kept holding(long offset, long length) {
    Kept start = new Kept(0, prefix, prefixLength);
    if (holds(start, offset, length)) {
      return start;
    }
    for (Kept kept : regions) {
      if (holds(kept, offset, length)) {
        return kept;
      }
    }
    return null;
  }

  private static boolean holds(Kept kept, long offset, long length) {
    return offset >= kept.offset() && length <= kept.length() - (offset - kept.offset());
  }
}
