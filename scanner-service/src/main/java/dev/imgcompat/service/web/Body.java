package dev.imgcompat.service.web;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Bodies of requests; {@link BodyLimit} bounds them. */
final class Body {
  static final String BROKEN = "the body ends too early, or is wrongly encoded";

  private Body() {}

  /** The bytes of a body, whatever its content type says. */
  static byte[] of(HttpServletRequest request) throws IOException {
    try {
      return request.getInputStream().readAllBytes();
    } catch (IOException e) {
      // Wrong chunks, or whoever asks is gone and will not read this.
      throw RefusedException.malformed(BROKEN);
    }
  }

  /** The bytes of a body that does not say that it is something else than JSON. */
  static byte[] json(HttpServletRequest request) throws IOException {
    if (!isJson(request.getContentType())) {
      throw new RefusedException(
          Problem.of(ProblemKind.UNSUPPORTED_MEDIA_TYPE, "send the body as application/json"));
    }
    return of(request);
  }

  private static boolean isJson(@Nullable String contentType) {
    if (contentType == null) {
      return true;
    }
    int end = contentType.indexOf(';');
    String type =
        (end < 0 ? contentType : contentType.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    return type.equals("application/json") || type.endsWith("+json");
  }
}
