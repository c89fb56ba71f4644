package dev.imgcompat.core.analyze;

import dev.imgcompat.core.elf.ElfReader;
import dev.imgcompat.core.layer.FileFact;
import dev.imgcompat.core.layer.LayerAnalyzer;
import dev.imgcompat.core.layer.LayerEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds which C library a file is, or has linked in, from its bytes and its name.
 *
 * <p>glibc: the banner of csu/version.c, with which vendors take liberties ("GNU C Library (Debian
 * EGLIBC 2.13-38+deb7u8) stable release version 2.13"); in static programs the string "glibc 2.13";
 * the file name libc-2.12.so. musl: the version beside "musl libc" in ldso/dynlink.c. uClibc: the
 * file name.
 */
final class LibcAnalyzer implements LayerAnalyzer {
  private static final Pattern GLIBC_BANNER =
      Pattern.compile("GNU C Library .{0,120}?release version (\\d+\\.\\d+(?:\\.\\d+)*)");
  private static final Pattern GLIBC_STRING = Pattern.compile("glibc (\\d+\\.\\d+(?:\\.\\d+)*)");
  private static final Pattern GLIBC_FILE = Pattern.compile("libc-(\\d+\\.\\d+(?:\\.\\d+)*)\\.so");
  private static final Pattern UCLIBC_FILE =
      Pattern.compile("(?:libuClibc|ld-uClibc|ld64-uClibc)(?:-(\\d+(?:\\.\\d+)*))?\\.so.*");
  private static final Pattern MUSL_FILE =
      Pattern.compile("ld-musl-.*\\.so\\.1|libc\\.musl-.*\\.so\\.1");
  private static final Pattern MUSL_VERSION = Pattern.compile("(\\d+\\.\\d+\\.\\d+)(?:-git.*)?");

  /** The names that a glibc comes under: what a loader looks for, and what that links to. */
  private static final Pattern CANDIDATE = Pattern.compile("libc(?:[.-].*)?\\.so.*");

  @Override
  public String name() {
    return "libc";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public Optional<ContentReader> open(LayerEntry entry, byte[] head, int length) {
    if (!ElfReader.hasMagic(head, length)) {
      return Optional.empty();
    }
    String name = entry.name();
    Matcher uclibc = UCLIBC_FILE.matcher(name);
    if (uclibc.matches()) {
      String version = Optional.ofNullable(uclibc.group(1)).orElse("");
      return Optional.of(new Known(new LibcFact("uclibc", version, "file-name", name)));
    }
    if (MUSL_FILE.matcher(name).matches()) {
      return Optional.of(new MuslSearch(name));
    }
    // Static programs are not known yet by their first bytes, so every executable is looked at.
    boolean candidate = CANDIDATE.matcher(name).matches();
    return candidate || isStaticCandidate(head, length)
        ? Optional.of(new GlibcSearch(name, candidate))
        : Optional.empty();
  }

  /**
   * Whether no PT_INTERP is among the program headers that the first bytes show. Dynamic programs
   * have it first or second, so that they are left out without being read. Static PIEs are not
   * looked for: they came with glibc 2.26, which is fine.
   */
  private static boolean isStaticCandidate(byte[] head, int length) {
    boolean executable = length > 17 && (head[16] == 2 || head[17] == 2);
    if (!executable) {
      return false;
    }
    boolean wide = head[4] == 2;
    int at = wide ? 64 : 52;
    int step = wide ? 56 : 32;
    for (; at + 4 <= length; at += step) {
      if (head[at] == 3 || head[at + 3] == 3) {
        return false;
      }
    }
    return true;
  }

  private record Known(LibcFact fact) implements ContentReader {
    @Override
    public void accept(byte[] buffer, int offset, int length) {}

    @Override
    public boolean satisfied() {
      return true;
    }

    @Override
    public Optional<FileFact> finish() {
      return Optional.of(fact);
    }
  }

  private static final class GlibcSearch implements ContentReader {
    private final String name;
    private final boolean library;
    private final List<LibcFact> found = new ArrayList<>();
    private final TextSearch banner;
    private final TextSearch string;

    GlibcSearch(String name, boolean library) {
      this.name = name;
      this.library = library;
      this.banner =
          new TextSearch("GNU C Library ", 200, line -> note(GLIBC_BANNER, line, "banner"));
      this.string = new TextSearch("glibc 2.", 24, line -> note(GLIBC_STRING, line, "string"));
    }

    private void note(Pattern pattern, String line, String source) {
      Matcher matcher = pattern.matcher(line);
      // The string must be all there is: "requires glibc 2.3 or later" says nothing of the program.
      boolean hit = source.equals("banner") ? matcher.lookingAt() : matcher.matches();
      if (hit && found.size() < 8) {
        found.add(new LibcFact("glibc", matcher.group(1), source, line));
      }
    }

    @Override
    public void accept(byte[] buffer, int offset, int length) {
      banner.accept(buffer, offset, length);
      if (!library) {
        string.accept(buffer, offset, length);
      }
    }

    @Override
    public boolean satisfied() {
      return found.stream().anyMatch(f -> f.source().equals("banner"));
    }

    @Override
    public Optional<FileFact> finish() {
      banner.finish();
      string.finish();
      Optional<LibcFact> best =
          found.stream()
              .filter(f -> f.source().equals("banner"))
              .findFirst()
              .or(() -> found.stream().findFirst())
              .or(this::byName);
      return best.map(FileFact.class::cast);
    }

    private Optional<LibcFact> byName() {
      Matcher matcher = GLIBC_FILE.matcher(name);
      return library && matcher.matches()
          ? Optional.of(new LibcFact("glibc", matcher.group(1), "file-name", name))
          : Optional.empty();
    }
  }

  /** musl prints "musl libc (x86_64)", "Version 1.2.5": the number is a string of its own. */
  private static final class MuslSearch implements ContentReader {
    private final String name;
    private final List<String> versions = new ArrayList<>();
    private final TextSearch search;

    MuslSearch(String name) {
      this.name = name;
      this.search =
          new TextSearch(
              "1.",
              32,
              line -> {
                if (MUSL_VERSION.matcher(line).matches() && versions.size() < 8) {
                  versions.add(line);
                }
              });
    }

    @Override
    public void accept(byte[] buffer, int offset, int length) {
      search.accept(buffer, offset, length);
    }

    @Override
    public boolean satisfied() {
      return false;
    }

    @Override
    public Optional<FileFact> finish() {
      search.finish();
      // Two different candidates tell nothing; the version of a musl decides nothing, either.
      String version = versions.stream().distinct().count() == 1 ? versions.get(0) : "";
      return Optional.of(
          new LibcFact("musl", version, version.isEmpty() ? "file-name" : "string", name));
    }
  }
}
