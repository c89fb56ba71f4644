package dev.imgcompat.core.router;

import dev.imgcompat.core.image.Digest;
import java.util.Comparator;

/**
 * A name by which a build may ask for an image: a tag or a digest of a repository. Immutable.
 *
 * @param registry host and port, {@code docker.io} for Docker Hub
 * @param repository such as {@code library/centos}
 * @param qualifier {@code :} and a tag, or {@code @} and a digest
 */
public record ImageName(String registry, String repository, String qualifier)
    implements Comparable<ImageName> {
  private static final Comparator<ImageName> ORDER =
      Comparator.comparing(ImageName::registry)
          .thenComparing(ImageName::repository)
          .thenComparing(ImageName::qualifier);

  /** The image that a tag names. */
  public static ImageName tagged(String registry, String repository, String tag) {
    return new ImageName(registry, repository, ":" + tag);
  }

  /** The image with a digest: of its manifest, or of an index that leads to it. */
  public static ImageName digested(String registry, String repository, Digest digest) {
    return new ImageName(registry, repository, "@" + digest);
  }

  /** Whether this is a digest, not a tag. */
  public boolean isDigest() {
    return qualifier.startsWith("@");
  }

  /** The tag, or the digest. */
  public String value() {
    return qualifier.substring(1);
  }

  /** Registry and repository, such as {@code docker.io/library/centos}. */
  public String home() {
    return registry + "/" + repository;
  }

  /** The same name with the digest abbreviated as patterns abbreviate it; a tag as it is. */
  public ImageName abbreviated() {
    return isDigest()
        ? new ImageName(registry, repository, "@sha256:" + RepositoryPattern.abbreviated(value()))
        : this;
  }

  @Override
  public int compareTo(ImageName other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return home() + qualifier;
  }
}
