package dev.imgcompat.core.testing;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A request that a {@link FaultyServer} got.
 *
 * @param connection the number of the connection, from 1
 * @param method such as {@code GET}
 * @param target path and query as they were sent
 * @param headers by lower-case name
 * @param body as text
 * @param peer who asks, and how
 */
public record RecordedRequest(
    int connection,
    String method,
    String target,
    Map<String, List<String>> headers,
    String body,
    Peer peer) {

  /**
   * The other side of a connection.
   *
   * @param localAddress the address of ours that it connected to
   * @param serverName which name it gave us in TLS
   * @param certificate the subject of its certificate
   */
  public record Peer(
      String localAddress, Optional<String> serverName, Optional<String> certificate) {}

  public RecordedRequest {
    headers = Map.copyOf(headers);
  }

  /** The decoded path, without the query. */
  public String path() {
    return target.startsWith("/")
        ? URI.create("http://x" + target).getPath()
        : URI.create(target).getPath();
  }

  /** Method and path, such as {@code GET /v2/team/it/manifests/1}. */
  public String line() {
    return method + " " + path();
  }

  /** The first header with this name. */
  public Optional<String> header(String name) {
    return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of()).stream().findFirst();
  }

  /** The header {@code Authorization}. */
  public Optional<String> authorization() {
    return header("Authorization");
  }

  /** The header {@code Range}. */
  public Optional<String> range() {
    return header("Range");
  }

  /** The host, without the port, that the other side thinks it asks. */
  public String host() {
    return header("Host").orElse("").replaceFirst(":[0-9]+$", "");
  }

  /** The values of a parameter, of the query and of a form in the body. */
  public List<String> parameters(String name) {
    int query = target.indexOf('?');
    List<String> values = new ArrayList<>();
    String all = (query < 0 ? "" : target.substring(query + 1)) + "&" + body;
    for (String pair : all.split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0 && decoded(pair.substring(0, equals)).equals(name)) {
        values.add(decoded(pair.substring(equals + 1)));
      }
    }
    return values;
  }

  /** The first value of a parameter. */
  public Optional<String> parameter(String name) {
    return parameters(name).stream().findFirst();
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }
}
