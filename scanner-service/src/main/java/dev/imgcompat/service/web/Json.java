package dev.imgcompat.service.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.type.LogicalType;

/**
 * JSON of bodies. It is written by the rules of reports: what is absent is left out. What strangers
 * send is read strictly: a typo is not ignored. Safe for use by several threads.
 */
final class Json {
  private static final int MAX_DEPTH = 10;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(MAX_DEPTH)
                          .maxNumberLength(30)
                          .build())
                  .build())
          .changeDefaultPropertyInclusion(v -> v.withValueInclusion(JsonInclude.Include.NON_ABSENT))
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .withCoercionConfig(LogicalType.Textual, Json::only)
          .withCoercionConfig(LogicalType.Boolean, Json::only)
          .build();

  private Json() {}

  /** A number is no text, and a text no truth value. */
  private static void only(tools.jackson.databind.cfg.MutableCoercionConfig config) {
    for (CoercionInputShape shape : CoercionInputShape.values()) {
      config.setCoercion(shape, CoercionAction.Fail);
    }
  }

  static byte[] bytes(Object value) {
    return MAPPER.writeValueAsBytes(value);
  }

  /**
   * Reads a body.
   *
   * @throws RefusedException if it is no such value; the message names the place and quotes nothing
   *     but names of members
   */
  static <T> T read(byte[] bytes, Class<T> type) {
    T value;
    try {
      value = MAPPER.readValue(bytes, type);
    } catch (UnrecognizedPropertyException e) {
      throw RefusedException.malformed(
          "the body has a member '" + path(e) + "', which is not known here");
    } catch (DatabindException e) {
      String path = path(e);
      throw RefusedException.malformed(
          path.isEmpty()
              ? "the body is not the JSON object that is expected here" + place(e)
              : "the member '" + path + "' of the body is not what is expected there");
    } catch (JacksonException e) {
      boolean twice = String.valueOf(e.getOriginalMessage()).startsWith("Duplicate");
      throw RefusedException.malformed(
          (twice ? "the body has a member twice" : "the body is not JSON, or too deep") + place(e));
    }
    if (value == null) {
      throw RefusedException.malformed("the body is not the JSON object that is expected here");
    }
    return value;
  }

  /** The member at fault, such as {@code images[2].runtime}. */
  private static String path(DatabindException failure) {
    StringBuilder path = new StringBuilder();
    for (JacksonException.Reference step : failure.getPath()) {
      if (step.getPropertyName() == null) {
        path.append('[').append(step.getIndex()).append(']');
      } else {
        path.append(path.isEmpty() ? "" : ".").append(step.getPropertyName());
      }
    }
    return path.toString();
  }

  private static String place(JacksonException failure) {
    TokenStreamLocation at = failure.getLocation();
    return at == null || at.getLineNr() < 1
        ? ""
        : " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")";
  }
}
