package dev.imgcompat.core.rules;

import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.rootfs.ImageFacts;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Knows distributions by their release files, and their families. */
record DistributionTable(
    List<ReleaseFile> releaseFiles,
    Map<String, String> names,
    List<Family> families,
    List<PackageTag> packageTags) {

  private static final int MAX_WORD = 64;

  /** Files of one format, and how to read them. */
  record ReleaseFile(List<String> paths, boolean osRelease, List<TextPattern> patterns) {}

  /** A distribution, and how its text tells the version. */
  record TextPattern(String id, Pattern regex) {}

  /** Releases with the same programs. */
  record Family(String name, List<String> ids, VersionRange versions, Optional<String> glibc) {}

  /** How the version of the package glibc tells the distribution. */
  record PackageTag(String id, Pattern regex, Optional<String> family, Optional<String> name) {}

  private record Release(
      String id, List<String> like, Optional<String> version, Optional<String> name) {}

  /**
   * Returns the distribution that the first file with a known text tells; without one, the
   * distribution whose packages are installed.
   */
  Optional<Distribution> identify(ImageFacts facts, IntFunction<Optional<Digest>> layers) {
    for (ReleaseFile kind : releaseFiles) {
      for (String path : kind.paths()) {
        ImageFacts.ReleaseFile file = facts.releaseFiles().get(path);
        Optional<Release> release =
            file == null
                ? Optional.empty()
                : kind.osRelease() ? osRelease(file.text()) : text(kind, file.text());
        if (file != null && release.isPresent()) {
          Release r = release.get();
          return Optional.of(
              new Distribution(
                  r.id(),
                  r.version(),
                  family(r),
                  r.name().orElse(names.getOrDefault(r.id(), r.id())),
                  row(r.id(), r.version()).flatMap(Family::glibc),
                  path,
                  layers.apply(file.layer())));
        }
      }
    }
    return facts.distTag().flatMap(tag -> byPackage(tag, layers.apply(tag.layer())));
  }

  private Optional<Distribution> byPackage(ImageFacts.DistTag tag, Optional<Digest> layer) {
    for (PackageTag known : packageTags) {
      Matcher matcher = known.regex().matcher(tag.version());
      if (matcher.find()) {
        Optional<String> version =
            matcher.groupCount() >= 1 ? Optional.ofNullable(matcher.group(1)) : Optional.empty();
        Release release = new Release(known.id(), List.of(), version, Optional.empty());
        return Optional.of(
            new Distribution(
                known.id(),
                version,
                known.family().orElseGet(() -> family(release)),
                known.name().orElseGet(() -> names.getOrDefault(known.id(), known.id())),
                row(known.id(), version).flatMap(Family::glibc),
                tag.path(),
                layer));
      }
    }
    return Optional.empty();
  }

  /**
   * The family of a release: by its id, or, for a derivative, by the first of those that it is like
   * and that the table knows.
   */
  private String family(Release release) {
    Optional<String> own = row(release.id(), release.version()).map(Family::name);
    if (own.isPresent() || names.containsKey(release.id())) {
      return own.orElse(release.id());
    }
    return release.like().stream()
        .flatMap(id -> row(id, release.version()).map(Family::name).stream())
        .findFirst()
        .or(() -> release.like().stream().filter(names::containsKey).findFirst())
        .orElse(release.id());
  }

  private Optional<Family> row(String id, Optional<String> version) {
    return families.stream()
        .filter(f -> f.ids().contains(id))
        .filter(f -> version.filter(f.versions()::contains).isPresent())
        .findFirst();
  }

  /** As freedesktop.org's os-release(5): shell-like assignments. */
  private Optional<Release> osRelease(String text) {
    Map<String, String> fields = new HashMap<>();
    for (String line : text.split("\n", -1)) {
      int equals = line.indexOf('=');
      if (equals > 0 && line.charAt(0) != '#') {
        fields.put(line.substring(0, equals).strip(), unquoted(line.substring(equals + 1).strip()));
      }
    }
    String id = fields.getOrDefault("ID", "").toLowerCase(Locale.ROOT);
    if (id.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Release(
            bounded(id),
            List.of(fields.getOrDefault("ID_LIKE", "").toLowerCase(Locale.ROOT).split("\\s+", 10)),
            Optional.ofNullable(fields.get("VERSION_ID"))
                .filter(v -> !v.isEmpty())
                .map(DistributionTable::bounded),
            names.containsKey(id)
                ? Optional.empty()
                : Optional.ofNullable(fields.get("NAME")).map(DistributionTable::bounded)));
  }

  private static String unquoted(String value) {
    boolean quoted =
        value.length() >= 2
            && (value.charAt(0) == '"' || value.charAt(0) == '\'')
            && value.charAt(value.length() - 1) == value.charAt(0);
    return quoted ? value.substring(1, value.length() - 1) : value;
  }

  private static Optional<Release> text(ReleaseFile kind, String text) {
    for (TextPattern pattern : kind.patterns()) {
      Matcher matcher = pattern.regex().matcher(text);
      if (matcher.find()) {
        Optional<String> version =
            matcher.groupCount() >= 1 ? Optional.ofNullable(matcher.group(1)) : Optional.empty();
        Optional<String> second =
            matcher.groupCount() >= 2 ? Optional.ofNullable(matcher.group(2)) : Optional.empty();
        return Optional.of(
            new Release(
                pattern.id(),
                List.of(),
                version.map(v -> bounded(v + second.map(s -> "." + s).orElse(""))),
                Optional.empty()));
      }
    }
    return Optional.empty();
  }

  private static String bounded(String word) {
    return word.length() <= MAX_WORD ? word : word.substring(0, MAX_WORD);
  }
}
