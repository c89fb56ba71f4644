package dev.imgcompat.core.image;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Reads what configs of every form have in common. */
final class ConfigParser {
  private static final Set<String> KEYS =
      Set.of("os", "architecture", "variant", "config", "rootfs");
  private static final Set<String> CONTAINER_KEYS =
      Set.of("Env", "Entrypoint", "Cmd", "WorkingDir", "Volumes");
  private static final Set<String> ROOTFS_KEYS = Set.of("diff_ids");

  /** RFC 3339 has years of four digits. */
  private static final Instant END_OF_TIMES = Instant.parse("+10000-01-01T00:00:00Z");

  private ConfigParser() {}

  /**
   * Reads the config blob of an image.
   *
   * @param subject names it in failures
   */
  static ImageConfig blob(JsonNode root, String subject) throws ScanException {
    JsonNode rootfs = root.path("rootfs");
    StrictJson.requireExactKeys(rootfs, ROOTFS_KEYS, subject + ": rootfs of the config");
    List<Digest> diffIds = new ArrayList<>();
    for (JsonNode diffId : rootfs.path("diff_ids")) {
      diffIds.add(ManifestParser.digest(diffId, subject));
    }
    return config(root, "unknown", diffIds, subject);
  }

  /**
   * Reads what the uppermost layer of a schema 1 image has as its history.
   *
   * @param architecture where that does not tell
   */
  static ImageConfig ofHistory(JsonNode root, String architecture, String subject)
      throws ScanException {
    return config(root, architecture, List.of(), subject);
  }

  private static ImageConfig config(
      JsonNode root, String architecture, List<Digest> diffIds, String subject)
      throws ScanException {
    JsonNode config = root.path("config");
    StrictJson.requireExactKeys(root, KEYS, subject + ": the config");
    StrictJson.requireExactKeys(config, CONTAINER_KEYS, subject + ": the config");
    return new ImageConfig(
        Platform.of(
            root.path("os").asString("linux"),
            text(root.path("architecture")).orElse(architecture),
            text(root.path("variant"))),
        strings(config.path("Env")),
        strings(config.path("Entrypoint")),
        strings(config.path("Cmd")),
        text(config.path("WorkingDir")),
        List.copyOf(config.path("Volumes").propertyNames()),
        diffIds,
        text(root.path("created")).flatMap(ConfigParser::instant));
  }

  /** Programs of Go write the year 1 for a time that they do not know. */
  private static Optional<Instant> instant(String rfc3339) {
    try {
      return Optional.of(OffsetDateTime.parse(rfc3339).toInstant())
          .filter(at -> !at.isBefore(Instant.EPOCH) && at.isBefore(END_OF_TIMES));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static Optional<String> text(JsonNode node) {
    return node.isString() && !node.asString().isEmpty()
        ? Optional.of(node.asString())
        : Optional.empty();
  }

  private static List<String> strings(JsonNode node) {
    List<String> strings = new ArrayList<>();
    if (node.isString()) {
      strings.add(node.asString());
    }
    for (JsonNode item : node) {
      strings.add(item.asString(""));
    }
    return strings;
  }
}
