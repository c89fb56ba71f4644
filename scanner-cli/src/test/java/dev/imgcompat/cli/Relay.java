package dev.imgcompat.cli;

import dev.imgcompat.core.testing.Behaviour;
import dev.imgcompat.core.testing.Exchange;
import dev.imgcompat.core.testing.RecordedRequest;
import dev.imgcompat.core.testing.Reply;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Optional;

/** Answers what another server answers to the same request, which is one without a body. */
final class Relay implements Behaviour {
  private static final List<String> ASKED = List.of("Accept", "Authorization", "Range");
  private static final List<String> ANSWERED =
      List.of(
          "Accept-Ranges",
          "Content-Range",
          "Content-Type",
          "Docker-Content-Digest",
          "ETag",
          "Location",
          "WWW-Authenticate");

  private final HttpClient client;
  private final String url;

  /**
   * Creates a relay.
   *
   * @param url scheme, host and port of the other server
   */
  Relay(HttpClient client, String url) {
    this.client = client;
    this.url = url;
  }

  @Override
  public void on(Exchange exchange) throws IOException {
    exchange.send(reply(exchange.request()));
  }

  /** What the other server answers. */
  Reply reply(RecordedRequest asked) throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url + asked.target()))
            .method(asked.method(), BodyPublishers.noBody());
    for (String name : ASKED) {
      asked.header(name).ifPresent(value -> request.header(name, value));
    }
    HttpResponse<byte[]> response = send(request.build());
    Reply reply = Reply.status(response.statusCode()).body(response.body());
    for (String name : ANSWERED) {
      reply = with(reply, name, response);
    }
    return asked.method().equals("HEAD") ? with(reply, "Content-Length", response) : reply;
  }

  private static Reply with(Reply reply, String name, HttpResponse<?> response) {
    Optional<String> value = response.headers().firstValue(name);
    return value.isPresent() ? reply.with(name, value.get()) : reply;
  }

  private HttpResponse<byte[]> send(HttpRequest request) throws IOException {
    try {
      return client.send(request, BodyHandlers.ofByteArray());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException();
    }
  }
}
