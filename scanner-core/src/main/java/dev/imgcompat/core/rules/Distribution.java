package dev.imgcompat.core.rules;

import dev.imgcompat.core.image.Digest;
import java.util.Optional;

/**
 * The distribution that an image says it is.
 *
 * @param id as in os-release, such as {@code centos}
 * @param version such as {@code 6.8}; absent where the files tell none
 * @param family such as {@code rhel6}; the id where the table has none
 * @param name for people, such as {@code CentOS}
 * @param glibc the version that the release came with, where the table tells
 * @param source the file that tells
 * @param layer the blob that holds the file
 */
public record Distribution(
    String id,
    Optional<String> version,
    String family,
    String name,
    Optional<String> glibc,
    String source,
    Optional<Digest> layer) {
  /** Name and version. */
  public String title() {
    return name + version.map(v -> " " + v).orElse("");
  }
}
