package dev.imgcompat.service.web;

import static java.util.Objects.requireNonNull;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What is answered, as bytes: nothing is negotiated, and nothing is encoded a second time.
 *
 * @param status of HTTP
 * @param contentType of the body
 * @param cacheControl who may keep it
 * @param headers besides
 * @param body not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Reply(
    int status, String contentType, String cacheControl, List<Header> headers, byte[] body) {
  /** It may be kept, if whoever does asks each time whether it still holds. */
  static final String REVALIDATE = "no-cache";

  private static final String JSON = "application/json";
  private static final String NO_STORE = "no-store";
  private static final String ETAG = "ETag";
  private static final byte[] EMPTY = new byte[0];

  /** A header. */
  record Header(String name, String value) {}

  Reply {
    requireNonNull(contentType, "contentType is null");
    requireNonNull(cacheControl, "cacheControl is null");
    headers = List.copyOf(headers);
  }

  /** What nobody is to keep. */
  static Reply of(int status, String contentType, byte[] body) {
    return new Reply(status, contentType, NO_STORE, List.of(), body);
  }

  /** A value as JSON, which nobody is to keep. */
  static Reply json(int status, Object value) {
    return of(status, JSON, Json.bytes(value));
  }

  /** The same of what is JSON already. */
  static Reply encoded(byte[] json) {
    return of(HttpServletResponse.SC_OK, JSON, json);
  }

  /** Sends elsewhere. */
  static Reply redirect(String location) {
    return of(HttpServletResponse.SC_FOUND, "text/plain", EMPTY).with("Location", location);
  }

  /**
   * What has an entity tag: only that it still holds, if whoever asks has it already.
   *
   * @param etag with its quotes
   */
  static Reply entity(
      HttpServletRequest request,
      String etag,
      String cacheControl,
      String contentType,
      byte[] body) {
    boolean known = EntityTags.match(request.getHeaders("If-None-Match"), etag);
    return new Reply(
        known ? HttpServletResponse.SC_NOT_MODIFIED : HttpServletResponse.SC_OK,
        contentType,
        cacheControl,
        List.of(new Header(ETAG, etag)),
        known ? EMPTY : body);
  }

  /** The same of JSON. */
  static Reply entity(HttpServletRequest request, String etag, String cacheControl, byte[] json) {
    return entity(request, etag, cacheControl, JSON, json);
  }

  Reply with(String name, String value) {
    List<Header> more = new ArrayList<>(headers.size() + 1);
    more.addAll(headers);
    more.add(new Header(name, value));
    return new Reply(status, contentType, cacheControl, more, body);
  }

  void writeTo(HttpServletResponse response) throws IOException {
    response.setStatus(status);
    response.setHeader("Cache-Control", cacheControl);
    for (Header header : headers) {
      response.addHeader(header.name(), header.value());
    }
    if (status == HttpServletResponse.SC_NOT_MODIFIED) {
      return;
    }
    if (body.length > 0) {
      response.setContentType(contentType);
    }
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
  }
}
