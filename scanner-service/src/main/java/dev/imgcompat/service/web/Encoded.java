package dev.imgcompat.service.web;

import dev.imgcompat.service.http.EntityTag;
import jakarta.servlet.http.HttpServletRequest;

/** A body that stays the same as long as this process runs. Immutable. */
final class Encoded {
  private final String contentType;
  private final byte[] body;
  private final String etag;

  Encoded(String contentType, byte[] body) {
    this.contentType = contentType;
    this.body = body.clone();
    this.etag = EntityTag.of(body);
  }

  static Encoded json(Object value) {
    return new Encoded("application/json", Json.bytes(value));
  }

  Reply reply(HttpServletRequest request) {
    return Reply.entity(request, etag, Reply.REVALIDATE, contentType, body);
  }
}
