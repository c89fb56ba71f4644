package dev.imgcompat.service.store;

import static java.util.Objects.requireNonNull;

/**
 * What a build names: a reference and the platform it runs on.
 *
 * @param canonical the reference in full, such as {@code docker.io/library/centos:6.8}
 * @param platform such as {@code linux/amd64}
 */
public record ReferenceKey(String canonical, String platform) implements Comparable<ReferenceKey> {
  public ReferenceKey {
    requireNonNull(canonical, "canonical is null");
    requireNonNull(platform, "platform is null");
  }

  @Override
  public int compareTo(ReferenceKey other) {
    int order = canonical.compareTo(other.canonical);
    return order != 0 ? order : platform.compareTo(other.platform);
  }
}
