package dev.imgcompat.core.image;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Where an image is: a transport and what that transport needs. Immutable. */
public sealed interface ImageReference {
  /** The reference as it was written. */
  String text();

  /** The reference in full, the same for every way of writing one image. */
  String canonical();

  /** Where its bytes come from: the registry or the directory. */
  String origin();

  /**
   * An image in a registry.
   *
   * @param text as written
   * @param registry host and port, {@code docker.io} for Docker Hub
   * @param repository such as {@code library/centos}
   * @param tag absent only where a digest is given without one
   * @param digest of a manifest or an index
   */
  record InRegistry(
      String text,
      String registry,
      String repository,
      Optional<String> tag,
      Optional<Digest> digest)
      implements ImageReference {
    @Override
    public String canonical() {
      return registry
          + "/"
          + repository
          + tag.map(t -> ":" + t).orElse("")
          + digest.map(d -> "@" + d).orElse("");
    }

    @Override
    public String origin() {
      return registry;
    }

    /** What names the manifest at the registry: the digest, or else the tag. */
    public String qualifier() {
      return digest.map(Digest::value).or(() -> tag).orElseThrow();
    }
  }

  /**
   * An image in an OCI layout directory.
   *
   * @param text as written
   * @param directory of the layout
   * @param tag {@code org.opencontainers.image.ref.name} in its index
   * @param digest of a manifest or an index in it
   */
  record InLayout(String text, Path directory, Optional<String> tag, Optional<Digest> digest)
      implements ImageReference {
    @Override
    public String canonical() {
      return "oci:"
          + origin()
          + tag.map(t -> ":" + t).orElse("")
          + digest.map(d -> "@" + d).orElse("");
    }

    @Override
    public String origin() {
      return directory.toAbsolutePath().normalize().toString();
    }
  }

  /**
   * An unpacked root file system.
   *
   * @param text as written
   * @param directory its root
   */
  record InDirectory(String text, Path directory) implements ImageReference {
    @Override
    public String canonical() {
      return "rootfs:" + origin();
    }

    @Override
    public String origin() {
      return directory.toAbsolutePath().normalize().toString();
    }
  }

  /**
   * An image in an archive: a tar, compressed or not.
   *
   * @param text as written
   * @param form of the archive
   * @param file absent for standard input
   * @param name of the image in it: for Docker a reference or a tag of one, for OCI {@code
   *     org.opencontainers.image.ref.name}
   * @param digest of a manifest or an index in it; OCI only
   * @param index of the image in it, from 0; Docker only
   */
  record InArchive(
      String text,
      Form form,
      Optional<Path> file,
      Optional<String> name,
      Optional<Digest> digest,
      OptionalInt index)
      implements ImageReference {
    /** How the files in an archive are laid out. */
    public enum Form {
      /** As {@code docker save} does it. */
      DOCKER("docker-archive:"),
      /** An OCI layout. */
      OCI("oci-archive:");

      private final String transport;

      Form(String transport) {
        this.transport = transport;
      }

      /** The transport with its colon, such as {@code oci-archive:}. */
      public String transport() {
        return transport;
      }
    }

    @Override
    public String canonical() {
      return form.transport()
          + origin()
          + name.map(n -> ":" + n).orElse("")
          + digest.map(d -> "@" + d).orElse("")
          + (index.isPresent() ? ":@" + index.getAsInt() : "");
    }

    @Override
    public String origin() {
      return file.map(f -> f.toAbsolutePath().normalize().toString()).orElse("-");
    }

    /** Whether this is to be read from standard input. */
    public boolean isStandardInput() {
      return file.isEmpty();
    }
  }

  /**
   * An image in a Docker engine.
   *
   * @param text as written
   * @param name by which the engine is asked: a reference, or an image id
   * @param full the name in full
   */
  record InEngine(String text, String name, String full) implements ImageReference {
    @Override
    public String canonical() {
      return "docker-daemon:" + full;
    }

    @Override
    public String origin() {
      return "docker-daemon";
    }
  }

  /** The transports that {@link #parse} knows, as skopeo spells them. */
  List<String> TRANSPORTS =
      List.of("docker://", "docker-archive:", "docker-daemon:", "oci:", "oci-archive:", "rootfs:");

  /**
   * Returns the reference that {@code text} spells; a bare name is one in a registry, as for
   * docker.
   *
   * @throws ScanException.InvalidReference if it is malformed or its transport is not supported
   */
  static ImageReference parse(String text) throws ScanException.InvalidReference {
    return ReferenceParser.parse(text);
  }
}
