package dev.imgcompat.core.sweep.state;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Values as JSON, for files. Any text comes back as it was, half surrogate pairs too. */
final class StateJson {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .changeDefaultPropertyInclusion(v -> v.withValueInclusion(JsonInclude.Include.NON_ABSENT))
          .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  private StateJson() {}

  static byte[] write(Object value) {
    return JSON.writeValueAsBytes(value);
  }

  static <T> T read(byte[] bytes, Class<T> type) {
    return JSON.readValue(bytes, type);
  }

  /** For what is large and is seldom looked at. */
  static byte[] compress(Object value) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      JSON.writeValue(gzip, value);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail so
    }
    return bytes.toByteArray();
  }

  static <T> T readCompressed(byte[] bytes, Class<T> type) {
    try (GZIPInputStream gzip = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
      return JSON.readValue(gzip, type);
    } catch (IOException e) {
      throw new UncheckedIOException("what a sweep kept is damaged", e);
    }
  }
}
