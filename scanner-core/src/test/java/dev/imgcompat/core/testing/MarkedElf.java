package dev.imgcompat.core.testing;

import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * ELF files that can be told apart after merging: each has its number in its soname. Each is also a
 * glibc of its own version, if it stands where a glibc would.
 */
public final class MarkedElf {
  private static final Pattern MARK = Pattern.compile("mark-[0-9]+\\.so");

  private MarkedElf() {}

  /** The file of a number; every third has class 32. */
  public static ElfBuilder of(int number) {
    ElfBuilder elf = number % 3 == 0 ? ElfBuilder.i386() : ElfBuilder.x86_64();
    return elf.sharedObject("mark-" + number + ".so")
        .interpreter("/lib64/ld-linux-x86-64.so.2")
        .needed("libc.so.6")
        .defines("GLIBC_2.0", "GLIBC_2." + number)
        .text("GNU C Library stable release version 2." + number + ", by Roland McGrath et al.");
  }

  /** The soname in the content of such a file. */
  static String mark(byte[] content) {
    Matcher matcher = MARK.matcher(new String(content, StandardCharsets.ISO_8859_1));
    return matcher.find() ? matcher.group() : "none";
  }
}
