package dev.imgcompat.core.access;

import dev.imgcompat.core.image.ScanException;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** How registries are named: {@code HOST[:PORT]}, and Docker Hub in several ways. */
public final class RegistryName {
  /** How references name Docker Hub. */
  public static final String DOCKER_HUB = "docker.io";

  private static final Set<String> SPELLINGS_OF_DOCKER_HUB =
      Set.of(DOCKER_HUB, "index.docker.io", "registry-1.docker.io");
  private static final Pattern HOST_AND_PORT =
      Pattern.compile("(?:[A-Za-z0-9][A-Za-z0-9._-]*|\\[[0-9A-Fa-f:.]+])(?::[0-9]{1,5})?");

  private RegistryName() {}

  /** Requires that a name of strangers is one of a registry: no path, no line break. */
  static String checked(String registry) throws ScanException.InvalidReference {
    if (!isOne(registry)) {
      throw new ScanException.InvalidReference(
          "'" + registry + "' is no HOST or HOST:PORT of a registry: correct the name");
    }
    return registry;
  }

  /** Whether a text can be the name of a registry. */
  public static boolean isOne(String text) {
    return HOST_AND_PORT.matcher(text).matches();
  }

  /** The one spelling under which a registry is compared, which is that of references. */
  public static String canonical(String registry) {
    String lower = registry.toLowerCase(Locale.ROOT);
    return SPELLINGS_OF_DOCKER_HUB.contains(lower) ? DOCKER_HUB : lower;
  }
}
