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

  /**
   * Before the two bytes that are looked for: the start of the instruction, and a test of ENOSYS.
   */
  private static final int BEFORE = 12;

  /** After them: a movabs's end, a call some instructions later, and what follows the call. */
  private static final int AFTER = 64;

  /** What the shortest instruction has before them. */
  private static final int LEAST = 5;

  /** How far from the load of an address compiled code may call it. */
  private static final int REACH = 24;

  private static final int RAX = 0;

  private final List<Region> code;
  private final boolean program;
  private final byte[] window = new byte[WINDOW];
  private final List<VsyscallCode.Call> calls = new ArrayList<>();
  private int filled;

  /** The first place in the window that was not looked at. */
  private int from = LEAST;

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
   * @param program whether it is a program of its own, whose compiled code may have a few
   *     instructions between load and call; in libraries only those in assembler count
   */
  VsyscallSearch(List<Region> executable, boolean program) {
    this.code = merged(executable);
    this.program = program;
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
    from = LEAST;
    windowStart = position;
  }

  private void append(byte[] buffer, int offset, int length) {
    int next = offset;
    int left = length;
    while (left > 0) {
      int taken = Math.min(left, WINDOW - filled);
      System.arraycopy(buffer, next, window, filled, taken);
      filled += taken;
      next += taken;
      left -= taken;
      if (filled == WINDOW) {
        search(filled - AFTER);
        int keep = BEFORE + AFTER;
        System.arraycopy(window, filled - keep, window, 0, keep);
        windowStart += filled - keep;
        filled = keep;
        from = BEFORE;
      }
    }
  }

  /**
   * Looks at every place before {@code end}. The third and fourth byte of an address are {@code 60
   * FF}, one of which has an even index.
   */
  private void search(int end) {
    for (int i = from + (from & 1); i <= end; i += 2) {
      if (i < filled && window[i] == 0x60) {
        examine(i, end);
      } else if (i < filled && window[i] == (byte) 0xff) {
        examine(i - 1, end);
      }
    }
  }

  /** Looks at what may be the address whose third byte is at {@code at}. */
  private void examine(int at, int end) {
    if (at < from || at >= end || at + 1 >= filled) {
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
    int call = call(next, register);
    if (call >= 0 && !isFallback(start, call)) {
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

  /** Where the code goes on after a {@code call *%reg} or a {@code jmp *%reg}; -1 without one. */
  private int call(int at, int register) {
    int until = program ? at + REACH : at;
    for (int i = at; i <= until && i < filled; i++) {
      int after = goesTo(i, register);
      if (after >= 0) {
        return after;
      }
      if (ends(i, register)) {
        return -1;
      }
    }
    return -1;
  }

  private int goesTo(int at, int register) {
    int opcode = at;
    int high = 0;
    if (opcode < filled && (window[opcode] & 0xf0) == 0x40) {
      high = (window[opcode] & 1) << 3;
      opcode++;
    }
    if (opcode + 1 >= filled || window[opcode] != (byte) 0xff) {
      return -1;
    }
    int target = window[opcode + 1] & 0xff;
    boolean calls = target >= 0xd0 && target <= 0xd7;
    boolean jumps = target >= 0xe0 && target <= 0xe7;
    return (calls || jumps) && (target & 7) + high == register ? opcode + 2 : -1;
  }

  /**
   * Whether the code goes elsewhere here, or a function begins: {@code ret}, {@code jmp}, a call
   * that overwrites %rax, {@code mov %rsp,%rbp}. A JDK's unreached reference is in such a
   * beginning.
   */
  private boolean ends(int at, int register) {
    int opcode = window[at] & 0xff;
    return opcode == 0xc3
        || opcode == 0xe9
        || opcode == 0xeb
        || (opcode == 0xe8 && register == RAX)
        || matches(at, 0x48, 0x89, 0xe5);
  }

  /**
   * Whether a call is one that no kernel of the last fifteen years leads to: after a system call
   * that is not there ({@code cmp $-ENOSYS,%rax; jne}), as in sched_getcpu.S; or in a timed wait of
   * the thread library ({@code mov 8(%rsp),%rax; mov $1000,%edi}, lowlevellock.S), which is taken
   * only where futexes know no absolute time.
   */
  private boolean isFallback(int start, int after) {
    return matches(start - 6, 0x48, 0x83, 0xf8, 0xda, 0x75)
        || (matches(after, 0x48, 0x8b) && matches(after + 5, 0xbf, 0xe8, 0x03, 0x00, 0x00));
  }

  private boolean matches(int at, int... bytes) {
    if (at < 0 || at + bytes.length > filled) {
      return false;
    }
    for (int i = 0; i < bytes.length; i++) {
      if ((window[at + i] & 0xff) != bytes[i]) {
        return false;
      }
    }
    return true;
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
