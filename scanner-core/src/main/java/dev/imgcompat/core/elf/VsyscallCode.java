package dev.imgcompat.core.elf;

import java.util.List;

/**
 * What the code of a 64-bit x86 file has to do with the vsyscall page.
 *
 * <p>A reference is an instruction that loads one of the three addresses of the page into a
 * register. It is a call site where the next instruction calls that register or jumps to it. The
 * other references prove nothing: glibc keeps one as a fallback that is not reached, and every JDK
 * has one.
 *
 * @param whole whether all code of the file was read
 * @param references how many instructions load an address of the page, call sites included
 * @param calls the call sites; the first {@value #MAX_CALLS}
 * @param callCount how many call sites there are
 */
public record VsyscallCode(boolean whole, int references, List<Call> calls, int callCount) {
  static final int MAX_CALLS = 16;

  /** Code that was read, and has nothing to do with the page. */
  public static final VsyscallCode NONE = new VsyscallCode(true, 0, List.of(), 0);

  public VsyscallCode {
    calls = List.copyOf(calls);
  }

  /**
   * A call site.
   *
   * @param function {@code gettimeofday}, {@code time} or {@code getcpu}
   * @param offset of the instruction that loads the address, in the file
   */
  public record Call(String function, long offset) {}
}
