package dev.imgcompat.core.sweep.source;

import dev.imgcompat.core.image.Digest;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** What APIs of registries tell of a tag, if it makes sense. */
final class ApiValues {
  private static final Pattern DIGEST = Pattern.compile("sha256:[a-f0-9]{64}");
  private static final Instant EARLIEST = Instant.parse("2000-01-01T00:00:00Z");
  private static final Instant LATEST = Instant.parse("9999-01-01T00:00:00Z");

  private ApiValues() {}

  /** A text; anything else is none. */
  static String text(JsonNode node, String otherwise) {
    return node.isString() ? node.asString("") : otherwise;
  }

  static Optional<Digest> digest(JsonNode node) {
    return Optional.of(text(node, "")).filter(d -> DIGEST.matcher(d).matches()).map(Digest::of);
  }

  /** Whether something can have been pushed then; programs write the year 1 for never. */
  static boolean isPlausible(Instant time) {
    return time.isAfter(EARLIEST) && time.isBefore(LATEST);
  }
}
