package dev.imgcompat.core.testing;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Status, headers and body of an answer. Immutable. How long the body is, is said on sending. */
public final class Reply {
  private final int status;
  private final List<Map.Entry<String, String>> headers;
  private final byte[] body;

  private Reply(int status, List<Map.Entry<String, String>> headers, byte[] body) {
    this.status = status;
    this.headers = headers;
    this.body = body;
  }

  /** Has this status, no headers and no body. */
  public static Reply status(int status) {
    return new Reply(status, List.of(), new byte[0]);
  }

  /** Has this status and a body in JSON. */
  public static Reply json(int status, String body) {
    return status(status).with("Content-Type", "application/json").body(body);
  }

  /** Has this status, and an error as registries write them. */
  public static Reply error(int status, String code, String message) {
    return json(
        status, "{\"errors\":[{\"code\":\"" + code + "\",\"message\":\"" + message + "\"}]}");
  }

  /** Has another status. */
  public Reply withStatus(int other) {
    return new Reply(other, headers, body);
  }

  /** Has another header, even if there is one with the same name. */
  public Reply with(String name, String value) {
    List<Map.Entry<String, String>> more = new ArrayList<>(headers);
    more.add(Map.entry(name, value));
    return new Reply(status, List.copyOf(more), body);
  }

  /** Has no such header. */
  public Reply without(String name) {
    return new Reply(
        status, headers.stream().filter(h -> !h.getKey().equalsIgnoreCase(name)).toList(), body);
  }

  /** Has this body. */
  public Reply body(byte[] bytes) {
    return new Reply(status, headers, bytes.clone());
  }

  /** Has this body. */
  public Reply body(String text) {
    return body(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The status. */
  public int status() {
    return status;
  }

  /** The first header with this name. */
  public Optional<String> header(String name) {
    return headers.stream()
        .filter(h -> h.getKey().toLowerCase(Locale.ROOT).equals(name.toLowerCase(Locale.ROOT)))
        .map(Map.Entry::getValue)
        .findFirst();
  }

  /** The body. */
  public byte[] body() {
    return body.clone();
  }

  /** The body, not copied. */
  byte[] bytes() {
    return body;
  }

  /** Status line and headers as they are sent, with the empty line. */
  byte[] head() {
    StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " " + reason() + "\r\n");
    headers.forEach(h -> head.append(h.getKey() + ": " + h.getValue() + "\r\n"));
    return head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  private String reason() {
    return status < 300 ? "Fine" : status < 400 ? "Elsewhere" : "Failed";
  }
}
