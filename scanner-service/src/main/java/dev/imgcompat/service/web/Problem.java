package dev.imgcompat.service.web;

import static java.util.Objects.requireNonNull;

import dev.imgcompat.core.image.Printable;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An answer that says why there is no better one: problem+json of RFC 9457, with a {@code message}
 * besides, since the queue worker's client reads that. Immutable.
 */
public final class Problem {
  /** Its media type. */
  static final String MEDIA_TYPE = "application/problem+json";

  private static final int MAX_DETAIL = 600;
  private static final int MAX_PATH = 200;

  private final ProblemKind kind;
  private final int status;
  private final String detail;
  private final Optional<String> path;
  private final Map<String, Object> members;
  private final List<Reply.Header> headers;

  private Problem(
      ProblemKind kind,
      int status,
      String detail,
      Optional<String> path,
      Map<String, Object> members,
      List<Reply.Header> headers) {
    this.kind = requireNonNull(kind, "kind is null");
    this.status = status;
    this.detail = oneLine(detail, MAX_DETAIL);
    this.path = path.map(p -> oneLine(p, MAX_PATH));
    this.members = members;
    this.headers = headers;
  }

  /** Returns a problem; {@code detail} becomes one printable line of bounded length. */
  public static Problem of(ProblemKind kind, String detail) {
    return new Problem(kind, kind.status(), detail, Optional.empty(), Map.of(), List.of());
  }

  /** Returns the problem for a status that the server itself answers with. */
  static Problem ofStatus(int status) {
    ProblemKind kind = ProblemKind.ofStatus(status);
    return new Problem(kind, status, kind.title(), Optional.empty(), Map.of(), List.of());
  }

  /** The same, of a request for this path. */
  public Problem at(String requestPath) {
    return new Problem(kind, status, detail, Optional.of(requestPath), members, headers);
  }

  /** The same with a header. */
  public Problem with(String name, String value) {
    List<Reply.Header> more = new ArrayList<>(headers);
    more.add(new Reply.Header(name, value));
    return new Problem(kind, status, detail, path, members, List.copyOf(more));
  }

  /** The same with a member in its body. */
  Problem member(String name, Object value) {
    Map<String, Object> more = new LinkedHashMap<>(members);
    more.put(name, value);
    return new Problem(kind, status, detail, path, more, headers);
  }

  int status() {
    return status;
  }

  /** Writes it as the whole answer. */
  public void writeTo(HttpServletResponse response) throws IOException {
    reply().writeTo(response);
  }

  Reply reply() {
    Reply reply = Reply.of(status, MEDIA_TYPE, Json.bytes(body()));
    for (Reply.Header header : headers) {
      reply = reply.with(header.name(), header.value());
    }
    return reply;
  }

  Map<String, Object> body() {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("type", kind.type());
    body.put("title", kind.title());
    body.put("status", status);
    body.put("detail", detail);
    path.ifPresent(p -> body.put("instance", p));
    body.put("message", detail);
    body.putAll(members);
    return body;
  }

  private static String oneLine(String text, int most) {
    String safe = Printable.of(text);
    if (safe.length() <= most) {
      return safe;
    }
    int end = Character.isHighSurrogate(safe.charAt(most - 1)) ? most - 1 : most;
    return safe.substring(0, end) + "…";
  }
}
