package dev.imgcompat.core.image;

import com.google.cloud.tools.jib.api.InvalidImageReferenceException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Parses references; the grammar of registry references is Jib's. */
final class ReferenceParser {
  /** Longer than any registry, repository, tag and digest together. */
  private static final int MAX_LENGTH = 4096;

  private static final Pattern OTHER_TRANSPORT =
      Pattern.compile(
          "(docker-archive|oci-archive|docker-daemon|containers-storage|dir):.*", Pattern.DOTALL);
  private static final Pattern LAYOUT =
      Pattern.compile("([^:@]+)(?::([^@]*))?(?:@(.*))?", Pattern.DOTALL);

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
    Matcher other = OTHER_TRANSPORT.matcher(text);
    if (other.matches()) {
      throw new ScanException.InvalidReference(
          "the transport of '"
              + text
              + "' is not supported; use one of "
              + String.join(" ", ImageReference.TRANSPORTS));
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

  private static ImageReference inRegistry(String text, String name)
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
            + " but for the tag, such as centos:6.8, or put the transport before it (oci:DIR,"
            + " rootfs:DIR)");
  }

  private static ImageReference layout(String text, String rest)
      throws ScanException.InvalidReference {
    Matcher matcher = LAYOUT.matcher(rest);
    if (!matcher.matches()) {
      throw new ScanException.InvalidReference(
          "'" + text + "' names no OCI layout: write oci:DIR[:TAG] or oci:DIR@DIGEST");
    }
    Optional<Digest> digest;
    try {
      digest = Optional.ofNullable(matcher.group(3)).map(Digest::of);
    } catch (IllegalArgumentException e) {
      throw new ScanException.InvalidReference("'" + text + "': " + e.getMessage());
    }
    Optional<String> tag = Optional.ofNullable(matcher.group(2));
    if (tag.isPresent() && tag.get().isEmpty()) {
      throw new ScanException.InvalidReference("'" + text + "' has an empty tag");
    }
    return new ImageReference.InLayout(text, path(text, matcher.group(1)), tag, digest);
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
