package dev.imgcompat.core.registry;

import dev.imgcompat.core.image.Printable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.hc.core5.http.ClassicHttpResponse;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a registry says about its refusal, in the specification's JSON or in that of others. */
final class ErrorBody {
  private static final int MAX_BODY = 64 << 10;
  private static final int MAX_MESSAGE = 200;
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private ErrorBody() {}

  /** Reads the message as one printable line without secrets, if there is one. */
  static Optional<String> message(ClassicHttpResponse response, Masks masks) {
    if (response.getEntity() == null) {
      return Optional.empty();
    }
    try {
      JsonNode json =
          MAPPER.readTree(
              new String(
                  response.getEntity().getContent().readNBytes(MAX_BODY), StandardCharsets.UTF_8));
      JsonNode first = json.path("errors").path(0);
      String said = "";
      for (JsonNode candidate :
          new JsonNode[] {
            first.path("message"),
            first.path("code"),
            json.path("message"),
            json.path("details"),
            json.path("detail"),
            json.path("error_description"),
            json.path("error")
          }) {
        if (said.isBlank() && candidate.isString()) {
          said = candidate.asString();
        }
      }
      return said.isBlank() ? Optional.empty() : Optional.of(line(said, masks));
    } catch (IOException | JacksonException e) {
      return Optional.empty();
    }
  }

  private static String line(String said, Masks masks) {
    String line = Printable.of(withoutSecrets(masks.masked(said)).strip().replaceAll("\\s+", " "));
    String whole = line.length() <= MAX_MESSAGE ? line : line.substring(0, MAX_MESSAGE) + "…";
    return whole.endsWith(".") ? whole.substring(0, whole.length() - 1) : whole;
  }

  /** What a stranger quotes may be secret though nobody told us. */
  private static String withoutSecrets(String said) {
    return said.replaceAll("(?i)\\b(bearer|basic)\\s+[\\w.~+/=-]{8,}", "$1 ***")
        .replaceAll("://[^/@\\s]*@", "://***@")
        .replaceAll("(://[^\\s?]*)\\?\\S+", "$1?***");
  }
}
