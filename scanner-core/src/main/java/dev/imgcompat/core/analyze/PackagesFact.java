package dev.imgcompat.core.analyze;

import dev.imgcompat.core.layer.FileFact;
import java.util.Map;

/**
 * The file is a package database.
 *
 * @param manager {@code dpkg}, {@code rpm} or {@code apk}
 * @param versions of the few packages that matter, by name, as the database writes them
 */
public record PackagesFact(String manager, Map<String, String> versions) implements FileFact {
  public PackagesFact {
    versions = Map.copyOf(versions);
  }
}
