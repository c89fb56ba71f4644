package dev.imgcompat.core.analyze;

import dev.imgcompat.core.elf.ElfReader;
import dev.imgcompat.core.layer.FileFact;
import dev.imgcompat.core.layer.LayerAnalyzer;
import dev.imgcompat.core.layer.LayerEntry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the versions of the C library and of some tools in package databases, and of rpm and
 * systemd in their own programs.
 *
 * <p>The rpm databases (Berkeley DB, NDB, SQLite) are not parsed: each package's header holds the
 * name of its source package, {@code glibc-2.12-1.192.el6.src.rpm}, as plain text in all three.
 */
final class PackageAnalyzer implements LayerAnalyzer {
  private static final Pattern RPM_DATABASE =
      Pattern.compile(
          "(?:var/lib/rpm|usr/lib/sysimage/rpm|usr/share/rpm)/(?:Packages|Packages\\.db|rpmdb\\.sqlite)");
  private static final Pattern DPKG_DATABASE =
      Pattern.compile("var/lib/dpkg/status|var/lib/dpkg/status\\.d/[^/]+");
  private static final Pattern APK_DATABASE = Pattern.compile("(?:usr/)?lib/apk/db/installed");
  private static final Pattern RPM_PROGRAM =
      Pattern.compile("rpm|librpm(?:io|build|sign)?[.-].*so.*");

  private static final Pattern SYSTEMD_VERSION = Pattern.compile("systemd (\\d{1,4})");

  private static final Pattern SOURCE_RPM =
      Pattern.compile("(glibc|rpm|systemd|libzypp)-(\\d[\\w.+~^]*-[\\w.+~^]+)\\.src\\.rpm.*");
  private static final Pattern RPM_VERSION =
      Pattern.compile("(?:rpmpopt-|rpm-)(\\d+\\.\\d+(?:\\.\\d+)+).*");

  @Override
  public String name() {
    return "packages";
  }

  @Override
  public int version() {
    return 2;
  }

  @Override
  public Optional<ContentReader> open(LayerEntry entry, byte[] head, int length) {
    String path = entry.path();
    if (RPM_DATABASE.matcher(path).matches()) {
      return Optional.of(rpmDatabase());
    }
    if (DPKG_DATABASE.matcher(path).matches()) {
      return Optional.of(
          new Stanzas("dpkg", "Package: ", "Version: ", List.of("libc6", "rpm", "systemd")));
    }
    if (APK_DATABASE.matcher(path).matches()) {
      return Optional.of(
          new Stanzas("apk", "P:", "V:", List.of("musl", "glibc", "rpm", "systemd")));
    }
    if (RPM_PROGRAM.matcher(entry.name()).matches() && ElfReader.hasMagic(head, length)) {
      return Optional.of(program("rpm", "rpm", RPM_VERSION));
    }
    if (entry.name().equals("systemd") && ElfReader.hasMagic(head, length)) {
      return Optional.of(program("systemd", "systemd ", SYSTEMD_VERSION));
    }
    return Optional.empty();
  }

  private static ContentReader rpmDatabase() {
    Map<String, String> versions = new HashMap<>();
    return new Searches(
        List.of(
            new TextSearch("glibc-2.", 120, line -> note(SOURCE_RPM, line, versions)),
            new TextSearch("rpm-4.", 120, line -> note(SOURCE_RPM, line, versions)),
            new TextSearch("systemd-", 120, line -> note(SOURCE_RPM, line, versions)),
            new TextSearch("libzypp-", 120, line -> note(SOURCE_RPM, line, versions))),
        () -> Optional.of(new PackagesFact("rpm", versions)));
  }

  private static void note(Pattern pattern, String line, Map<String, String> versions) {
    Matcher matcher = pattern.matcher(line);
    if (matcher.lookingAt()) {
      versions.putIfAbsent(matcher.group(1), matcher.group(2));
    }
  }

  private static ContentReader program(String tool, String needle, Pattern pattern) {
    String[] version = {""};
    return new Searches(
        List.of(
            new TextSearch(
                needle,
                40,
                line -> {
                  Matcher matcher = pattern.matcher(line);
                  if (version[0].isEmpty() && matcher.matches()) {
                    version[0] = matcher.group(1);
                  }
                })),
        () ->
            version[0].isEmpty() ? Optional.empty() : Optional.of(new ToolFact(tool, version[0])));
  }

  /** Runs searches, then asks for the fact. */
  private record Searches(List<TextSearch> searches, Supplier<Optional<FileFact>> fact)
      implements ContentReader {
    @Override
    public void accept(byte[] buffer, int offset, int length) {
      searches.forEach(s -> s.accept(buffer, offset, length));
    }

    @Override
    public boolean satisfied() {
      return false;
    }

    @Override
    public Optional<FileFact> finish() {
      searches.forEach(TextSearch::finish);
      return fact.get();
    }
  }
}
