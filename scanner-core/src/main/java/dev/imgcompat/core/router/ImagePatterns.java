package dev.imgcompat.core.router;

import dev.imgcompat.core.access.RegistryName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Writes patterns for names of images, one a repository, for the regular expressions of ECMAScript,
 * RE2 and Java alike. Immutable.
 *
 * <p>A name without a registry is one of Docker Hub, or, where the cluster has a default registry
 * that is known to have such a repository, one of that. Where it is not known, the default registry
 * is taken for a mirror of Docker Hub.
 */
public final class ImagePatterns {
  private final Optional<String> defaultRegistry;
  private final Set<String> known;

  /**
   * Patterns for a cluster.
   *
   * @param defaultRegistry what it takes names without a registry from; Docker Hub if absent
   * @param known names of every image that is known, whatever becomes of them
   */
  public ImagePatterns(Optional<String> defaultRegistry, Collection<ImageName> known) {
    this.defaultRegistry =
        defaultRegistry
            .map(RegistryName::canonical)
            .filter(r -> !r.equals(RegistryName.DOCKER_HUB));
    this.known = known.stream().map(ImageName::home).collect(Collectors.toCollection(HashSet::new));
  }

  /** Returns a pattern that is found in a text only if the whole text spells one of the names. */
  public List<String> anchored(Collection<ImageName> names) {
    return unanchored(names).stream().map(p -> "^" + p + "$").toList();
  }

  /**
   * Returns a pattern that is found in every text but in those that spell one of the names whole;
   * of ECMAScript only.
   */
  public String allBut(Collection<ImageName> names) {
    return "^(?!(?:" + Alternatives.anyOf(unanchored(names)) + ")$)";
  }

  private List<String> unanchored(Collection<ImageName> names) {
    SortedMap<String, SortedSet<ImageName>> repositories = new TreeMap<>();
    names.forEach(n -> repositories.computeIfAbsent(n.home(), k -> new TreeSet<>()).add(n));
    List<String> patterns = new ArrayList<>();
    repositories.values().forEach(n -> patterns.add(pattern(n)));
    return patterns;
  }

  private String pattern(SortedSet<ImageName> names) {
    String registry = names.first().registry();
    String repository = names.first().repository();
    boolean onHub = registry.equals(RegistryName.DOCKER_HUB);
    boolean isDefault =
        !beginsLikeARegistry(repository)
            && (onHub
                ? defaultRegistry.isEmpty() || !isInDefaultRegistry(repository)
                : defaultRegistry.filter(registry::equals).isPresent());
    return RepositoryPattern.of(
        RepositoryPattern.prefix(registry, defaultRegistry, isDefault), onHub, repository, names);
  }

  /** Whether the first part, were it all, would be taken for a registry: as mirrors have it. */
  private static boolean beginsLikeARegistry(String repository) {
    int slash = repository.indexOf('/');
    String first = repository.substring(0, Math.max(0, slash));
    return first.contains(".") || first.contains(":") || first.equals("localhost");
  }

  private boolean isInDefaultRegistry(String repository) {
    String registry = defaultRegistry.orElseThrow();
    return known.contains(registry + "/" + repository)
        || (repository.startsWith(RepositoryPattern.OFFICIAL)
            && known.contains(
                registry + "/" + repository.substring(RepositoryPattern.OFFICIAL.length())));
  }
}
