package dev.imgcompat.core.router;

import dev.imgcompat.core.access.RegistryName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The pattern for names of one repository, in the part of ECMAScript's patterns that RE2 and Java
 * have, too. It matches every spelling of these names, and no other name.
 *
 * <p>Of a digest the first {@value #DIGITS} digits are in it: 64 bits, which neither chance nor
 * malice brings about twice, since who could would only place their own build; a router compiles
 * every pattern at every build start, and twice 64 digits for each tag cost it a second at 10,000
 * tags.
 */
final class RepositoryPattern {
  /** Digits of a digest that are in a pattern. */
  static final int DIGITS = 16;

  /** Docker Hub's names, as {@link RegistryName} knows them. */
  static final String HUB = "(?:(?:index|registry-1)\\.)?docker\\.io/";

  static final String OFFICIAL = "library/";
  static final String ANY_TAG = "(?::[\\w][\\w.-]{0,127})?";
  static final String REST_OF_DIGEST = "[\\da-f]{" + (64 - DIGITS) + "}";
  static final String SHA256 = "@sha256:";
  static final String LATEST = "latest";

  private RepositoryPattern() {}

  /**
   * Returns the pattern, without anchors.
   *
   * @param prefix a pattern of what stands before the repository
   * @param repository such as {@code library/centos}; {@code library/} is optional on Docker Hub
   * @param names of one repository
   */
  static String of(String prefix, boolean onHub, String repository, SortedSet<ImageName> names) {
    String path =
        onHub && repository.startsWith(OFFICIAL)
            ? "(?:"
                + OFFICIAL
                + ")?"
                + Alternatives.literal(repository.substring(OFFICIAL.length()))
            : Alternatives.literal(repository);
    SortedSet<String> tags = new TreeSet<>();
    SortedSet<String> digests = new TreeSet<>();
    for (ImageName name : names) {
      if (name.isDigest()) {
        digests.add(abbreviated(name.value()));
      } else {
        tags.add(name.value());
      }
    }
    List<String> qualifiers = new ArrayList<>();
    if (!tags.isEmpty()) {
      qualifiers.add(":" + Alternatives.of(tags));
    }
    if (!digests.isEmpty()) {
      // One after the other, so that people can search for them.
      String one = Alternatives.anyOf(List.copyOf(digests));
      qualifiers.add(
          ANY_TAG + SHA256 + (digests.size() == 1 ? one : "(?:" + one + ")") + REST_OF_DIGEST);
    }
    String qualifier = String.join("|", qualifiers);
    boolean isOptional = tags.contains(LATEST);
    return prefix
        + path
        + (qualifiers.size() > 1 || isOptional ? "(?:" + qualifier + ")" : qualifier)
        + (isOptional ? "?" : "");
  }

  /** What stands before a repository. */
  static String prefix(String registry, Optional<String> defaultRegistry, boolean isDefault) {
    boolean hub = registry.equals(RegistryName.DOCKER_HUB);
    if (hub && isDefault) {
      return "(?:" + HUB + defaultRegistry.map(r -> "|" + host(r)).orElse("") + ")?";
    }
    String host = hub ? HUB : host(registry);
    return isDefault ? "(?:" + host + ")?" : host;
  }

  /** The digits of a digest that are in a pattern. */
  static String abbreviated(String digest) {
    String hex = digest.substring(digest.indexOf(':') + 1);
    return hex.substring(0, Math.min(DIGITS, hex.length()));
  }

  private static String host(String registry) {
    return Alternatives.literal(registry) + "/";
  }
}
