package dev.imgcompat.core.elf;

import dev.imgcompat.core.elf.ElfSegments.Region;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Finds the places in x86-64 code that call the vsyscall page, as the bytes stream past.
 *
 * <p>{@code 48 C7 C0 00 04 60 FF} is {@code mov $0xffffffffff600400,%rax}, and {@code FF D0} is
 * {@code call *%rax}; the other registers, {@code movabs} and {@code jmp} are encoded alike (Intel
 * SDM, volume 2, MOV, CALL, JMP). Not thread-safe.
 *
 * @see <a
 *     href="https://sourceware.org/git/?p=glibc.git;a=blob;f=sysdeps/unix/sysv/linux/x86_64/time.S;hb=glibc-2.13">time.S
 *     of glibc 2.13</a>
 */
final class VsyscallSearch {
  private static final int WINDOW = 64 << 10;

  /** Around the two bytes that are looked for: a movabs before, its end and a call after them. */
  private static final int BEFORE = 5;

  private static final int AFTER = 10;

  private final List<Region> code;
  private final byte[] window = new byte[WINDOW];
  private final List<VsyscallCode.Call> calls = new ArrayList<>();
  private int filled;

  /** Where in the file the window begins. */
  private long windowStart;

  private int region;
  private long position;
  private boolean gap;
  private int references;
  private int callCount;

  /**
   * Creates a search.
   *
   * @param executable the parts of the file that are mapped to be executed, in any order
   */
  VsyscallSearch(List<Region> executable) {
    this.code = merged(executable);
    this.position = code.isEmpty() ? 0 : code.get(0).offset();
    this.windowStart = position;
  }

  /** Where the last part to be searched ends. */
  long end() {
    return code.isEmpty() ? 0 : code.get(code.size() - 1).end();
  }

  /** Takes bytes of the file that start at {@code start}; what was taken already is left out. */
  void take(long start, byte[] buffer, int offset, int length) {
    long end = start + length;
    while (region < code.size() && position < end) {
      Region part = code.get(region);
      if (position < start) {
        search(filled);
        gap = true; // those bytes went by before it was known that they are code
        position = Math.min(start, part.end());
        restart();
      }
      long until = Math.min(end, part.end());
      if (until > position) {
        append(buffer, (int) (offset + position - start), (int) (until - position));
        position = until;
      }
      if (position < part.end()) {
        return;
      }
      search(filled);
      region++;
      position = region < code.size() ? code.get(region).offset() : position;
      restart();
    }
  }

  /** Says what was found. */
  VsyscallCode finish() {
    search(filled);
    boolean whole = !gap && region == code.size();
    return whole && references == 0
        ? VsyscallCode.NONE
        : new VsyscallCode(whole, references, calls, callCount);
  }

  private void restart() {
    filled = 0;
    windowStart = position;
  }

  private void append(byte[] buffer, int offset, int length) {
    int from = offset;
    int left = length;
    while (left > 0) {
      int taken = Math.min(left, WINDOW - filled);
      System.arraycopy(buffer, from, window, filled, taken);
      filled += taken;
      from += taken;
      left -= taken;
      if (filled == WINDOW) {
        search(filled - AFTER);
        int keep = BEFORE + AFTER;
        System.arraycopy(window, filled - keep, window, 0, keep);
        windowStart += filled - keep;
        filled = keep;
      }
    }
  }

  /**
   * Looks at every place before {@code end}. The third and fourth byte of an address are {@code 60
   * FF}, one of which has an even index.
   */
  private void search(int end) {
    for (int i = BEFORE - 1; i <= end; i += 2) {
      if (i < filled && window[i] == 0x60) {
        examine(i, end);
      } else if (i < filled && window[i] == (byte) 0xff) {
        examine(i - 1, end);
      }
    }
  }

  /** Looks at what may be the address whose third byte is at {@code at}. */
  private void examine(int at, int end) {
    if (at < BEFORE || at >= end || at + 1 >= filled) {
      return;
    }
    if (window[at] != 0x60 || window[at + 1] != (byte) 0xff || window[at - 2] != 0) {
      return;
    }
    String function =
        switch (window[at - 1]) {
          case 0 -> "gettimeofday";
          case 4 -> "time";
          case 8 -> "getcpu";
          default -> "";
        };
    int last = window[at - 3] & 0xff;
    int before = window[at - 4] & 0xff;
    int register;
    int next;
    int start;
    if (before == 0xc7 && last >= 0xc0 && last <= 0xc7 && isRex(at - 5)) {
      register = last - 0xc0 + high(at - 5);
      next = at + 2;
      start = at - 5;
    } else if (last >= 0xb8 && last <= 0xbf && isRex(at - 4) && allOnes(at + 2)) {
      register = last - 0xb8 + high(at - 4);
      next = at + 6;
      start = at - 4;
    } else {
      return;
    }
    if (function.isEmpty()) {
      return;
    }
    references++;
    if (goesTo(next, register)) {
      callCount++;
      if (calls.size() < VsyscallCode.MAX_CALLS) {
        calls.add(new VsyscallCode.Call(function, windowStart + start));
      }
    }
  }

  /** REX.W, alone or with REX.B. */
  private boolean isRex(int at) {
    return window[at] == 0x48 || window[at] == 0x49;
  }

  private int high(int at) {
    return window[at] == 0x49 ? 8 : 0;
  }

  private boolean allOnes(int at) {
    return at + 4 <= filled
        && window[at] == -1
        && window[at + 1] == -1
        && window[at + 2] == -1
        && window[at + 3] == -1;
  }

  /** Whether there is a {@code call *%reg} or a {@code jmp *%reg}. */
  private boolean goesTo(int at, int register) {
    int opcode = at;
    int high = 0;
    if (opcode < filled && (window[opcode] & 0xf0) == 0x40) {
      high = (window[opcode] & 1) << 3;
      opcode++;
    }
    if (opcode + 1 >= filled || window[opcode] != (byte) 0xff) {
      return false;
    }
    int target = window[opcode + 1] & 0xff;
    boolean calls = target >= 0xd0 && target <= 0xd7;
    boolean jumps = target >= 0xe0 && target <= 0xe7;
    return (calls || jumps) && (target & 7) + high == register;
  }

  private static List<Region> merged(List<Region> executable) {
    List<Region> sorted = new ArrayList<>(executable);
    sorted.sort(Comparator.comparingLong(Region::offset));
    List<Region> merged = new ArrayList<>();
    for (Region next : sorted) {
      Region last = merged.isEmpty() ? null : merged.get(merged.size() - 1);
      if (next.length() == 0) {
        continue;
      }
      if (last != null && next.offset() <= last.end()) {
        long end = Math.max(last.end(), next.end());
        merged.set(merged.size() - 1, new Region(last.offset(), end - last.offset()));
      } else {
        merged.add(next);
      }
    }
    return merged;
  }
}
