package dev.imgcompat.core.image;

import com.google.cloud.tools.jib.api.InvalidImageReferenceException;
import dev.imgcompat.core.image.ImageReference.InArchive.Form;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Parses references; the grammar of registry references is Jib's. */
final class ReferenceParser {
  /** Longer than any registry, repository, tag and digest together. */
  private static final int MAX_LENGTH = 4096;

  /** Other transports, and how to come from them to one that is read. */
  private static final Map<String, String> ELSEWHERE =
      Map.of(
          "containers-storage",
          "podman save --format oci-archive IMAGE | imgcompat scan oci-archive:-",
          "dir",
          "skopeo copy dir:DIR oci:DIR2, and scan oci:DIR2; an unpacked root file system is scanned"
              + " as rootfs:DIR",
          "ostree",
          "skopeo copy ostree:… oci:DIR, and scan oci:DIR",
          "sif",
          "skopeo copy sif:FILE oci:DIR, and scan oci:DIR");

  private static final Pattern OTHER_TRANSPORT =
      Pattern.compile("(containers-storage|dir|ostree|sif):.*", Pattern.DOTALL);
  private static final Pattern TAG = Pattern.compile("[\\w][\\w.-]{0,127}");
  private static final Pattern IMAGE_INDEX = Pattern.compile("@(\\d{1,6})");

  /** An image id, or the beginning of one as docker shows it. */
  private static final Pattern IMAGE_ID =
      Pattern.compile("sha256:[a-f0-9]{64}|[a-f0-9]{12}|[a-f0-9]{64}");

  /** A file or directory may have an @ in its name; what follows it in a digest has a colon. */
  private static final Pattern LAYOUT =
      Pattern.compile("([^:]+?)(?::([^@]*))?(?:@(sha\\d+:.*))?", Pattern.DOTALL);

  private ReferenceParser() {}

  static ImageReference parse(String text) throws ScanException.InvalidReference {
    if (text.length() > MAX_LENGTH) {
      throw new ScanException.InvalidReference(
          "a reference of "
              + text.length()
              + " characters is too long: "
              + text.substring(0, 60)
              + "…");
    }
    if (text.startsWith("oci:")) {
      return layout(text, text.substring("oci:".length()));
    }
    if (text.startsWith("rootfs:")) {
      return new ImageReference.InDirectory(text, path(text, text.substring("rootfs:".length())));
    }
    if (text.startsWith("docker://")) {
      return inRegistry(text, text.substring("docker://".length()));
    }
    if (text.startsWith(Form.OCI.transport())) {
      return ociArchive(text, text.substring(Form.OCI.transport().length()));
    }
    if (text.startsWith(Form.DOCKER.transport())) {
      return dockerArchive(text, text.substring(Form.DOCKER.transport().length()));
    }
    if (text.startsWith("docker-daemon:")) {
      return inEngine(text, text.substring("docker-daemon:".length()));
    }
    Matcher other = OTHER_TRANSPORT.matcher(text);
    if (other.matches()) {
      throw new ScanException.InvalidReference(
          "'" + text + "' is not read directly: use " + ELSEWHERE.get(other.group(1)));
    }
    int scheme = text.indexOf("://");
    if (scheme >= 0) {
      throw new ScanException.InvalidReference(
          "'"
              + text
              + "' is not an image reference: write the registry without "
              + text.substring(0, scheme + 3)
              + ", such as registry.example.com/team/image:tag");
    }
    return inRegistry(text, text);
  }

  private static ImageReference.InRegistry inRegistry(String text, String name)
      throws ScanException.InvalidReference {
    com.google.cloud.tools.jib.api.ImageReference parsed;
    try {
      parsed = com.google.cloud.tools.jib.api.ImageReference.parse(name);
    } catch (InvalidImageReferenceException e) {
      throw malformed(text);
    }
    // Jib takes "TEAM/tool", whose first part is neither a host nor a repository.
    if (!com.google.cloud.tools.jib.api.ImageReference.isValidRepository(parsed.getRepository())) {
      throw malformed(text);
    }
    if (parsed.isScratch()) {
      throw new ScanException.InvalidReference(
          "'scratch' is the empty image: there is nothing to scan");
    }
    String registry = parsed.getRegistry();
    if (registry.equals("registry-1.docker.io") || registry.equals("index.docker.io")) {
      registry = "docker.io";
    }
    String repository = parsed.getRepository();
    if (registry.equals("docker.io") && repository.indexOf('/') < 0) {
      repository = "library/" + repository;
    }
    Optional<Digest> digest;
    try {
      digest = parsed.getDigest().map(Digest::of);
    } catch (IllegalArgumentException e) {
      throw new ScanException.InvalidReference("'" + text + "': " + e.getMessage());
    }
    // Jib supplies "latest" where neither a tag nor a digest is written, as docker does.
    return new ImageReference.InRegistry(text, registry, repository, parsed.getTag(), digest);
  }

  private static ScanException.InvalidReference malformed(String text) {
    return new ScanException.InvalidReference(
        "'"
            + text
            + "' is not an image reference: write [REGISTRY/]REPOSITORY[:TAG][@DIGEST], lower case"
            + " but for the tag, such as centos:6.8, or put the transport before it, one of "
            + String.join(" ", ImageReference.TRANSPORTS));
  }

  private static ImageReference layout(String text, String rest)
      throws ScanException.InvalidReference {
    Matcher matcher = LAYOUT.matcher(rest);
    if (!matcher.matches()) {
      throw new ScanException.InvalidReference(
          "'" + text + "' names no OCI layout: write oci:DIR[:TAG] or oci:DIR@DIGEST");
    }
    return new ImageReference.InLayout(
        text, path(text, matcher.group(1)), tag(text, matcher), digest(text, matcher.group(3)));
  }

  private static ImageReference ociArchive(String text, String rest)
      throws ScanException.InvalidReference {
    Matcher matcher = LAYOUT.matcher(rest);
    if (!matcher.matches()) {
      throw new ScanException.InvalidReference(
          "'"
              + text
              + "' names no archive: write oci-archive:FILE[:TAG] or oci-archive:FILE@DIGEST");
    }
    return new ImageReference.InArchive(
        text,
        Form.OCI,
        file(text, matcher.group(1)),
        tag(text, matcher),
        digest(text, matcher.group(3)),
        OptionalInt.empty());
  }

  /** {@code FILE}, {@code FILE:NAME} or {@code FILE:@INDEX}, as skopeo has it. */
  private static ImageReference dockerArchive(String text, String rest)
      throws ScanException.InvalidReference {
    int colon = rest.indexOf(':');
    Optional<Path> file = file(text, colon < 0 ? rest : rest.substring(0, colon));
    if (colon < 0) {
      return new ImageReference.InArchive(
          text, Form.DOCKER, file, Optional.empty(), Optional.empty(), OptionalInt.empty());
    }
    String name = rest.substring(colon + 1);
    Matcher index = IMAGE_INDEX.matcher(name);
    if (index.matches()) {
      return new ImageReference.InArchive(
          text,
          Form.DOCKER,
          file,
          Optional.empty(),
          Optional.empty(),
          OptionalInt.of(Integer.parseInt(index.group(1))));
    }
    if (!TAG.matcher(name).matches() && !isReference(name)) {
      throw new ScanException.InvalidReference(
          "'"
              + text
              + "' names no image of an archive: write docker-archive:FILE, or after it :NAME:TAG,"
              + " :TAG or :@INDEX");
    }
    return new ImageReference.InArchive(
        text, Form.DOCKER, file, Optional.of(name), Optional.empty(), OptionalInt.empty());
  }

  private static boolean isReference(String name) {
    try {
      return inRegistry(name, name).digest().isEmpty();
    } catch (ScanException.InvalidReference e) {
      return false;
    }
  }

  private static ImageReference inEngine(String text, String name)
      throws ScanException.InvalidReference {
    if (IMAGE_ID.matcher(name).matches()) {
      return new ImageReference.InEngine(text, name, name);
    }
    return new ImageReference.InEngine(text, name, inRegistry(text, name).canonical());
  }

  private static Optional<String> tag(String text, Matcher layout)
      throws ScanException.InvalidReference {
    Optional<String> tag = Optional.ofNullable(layout.group(2));
    if (tag.isPresent() && tag.get().isEmpty()) {
      throw new ScanException.InvalidReference("'" + text + "' has an empty tag");
    }
    return tag;
  }

  private static Optional<Digest> digest(String text, @Nullable String digest)
      throws ScanException.InvalidReference {
    try {
      return Optional.ofNullable(digest).map(Digest::of);
    } catch (IllegalArgumentException e) {
      throw new ScanException.InvalidReference("'" + text + "': " + e.getMessage());
    }
  }

  /** The file of an archive; empty for {@code -}, standard input. */
  private static Optional<Path> file(String text, String path)
      throws ScanException.InvalidReference {
    if (path.equals("-")) {
      return Optional.empty();
    }
    if (path.isEmpty()) {
      throw new ScanException.InvalidReference("'" + text + "' names no file");
    }
    return Optional.of(path(text, path));
  }

  private static Path path(String text, String path) throws ScanException.InvalidReference {
    if (path.isEmpty()) {
      throw new ScanException.InvalidReference("'" + text + "' names no directory");
    }
    try {
      return Path.of(path);
    } catch (InvalidPathException e) {
      throw new ScanException.InvalidReference("'" + text + "' is not a path: " + e.getReason());
    }
  }
}
