package dev.imgcompat.core.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** One request, and the means to answer it, well or badly. For one thread. */
public final class Exchange {
  /** How an answer says where its body ends. */
  public enum Framing {
    /** With {@code Content-Length}. */
    LENGTH,
    /** In chunks. */
    CHUNKED,
    /** With the end of the connection. */
    UNDELIMITED
  }

  private final FaultyServer server;
  private final ServerConnection connection;
  private final RecordedRequest request;
  private boolean last;

  Exchange(FaultyServer server, ServerConnection connection, RecordedRequest request) {
    this.server = server;
    this.connection = connection;
    this.request = request;
    this.last = request.header("Connection").filter("close"::equalsIgnoreCase).isPresent();
  }

  /** The request. */
  public RecordedRequest request() {
    return request;
  }

  /** The answer that would be right. */
  public Reply usual() {
    return server.usual(request);
  }

  /** The answer to the same request without its {@code Range}. */
  public Reply whole() {
    return server.whole(request);
  }

  /** Answers properly. */
  public void send(Reply reply) throws IOException {
    send(reply, Framing.LENGTH);
  }

  /** Answers properly. */
  public void send(Reply reply, Framing framing) throws IOException {
    head(reply, framing);
    part(reply, framing, 0, Integer.MAX_VALUE);
    end(framing);
  }

  /** Sends status line and headers as they are. */
  public void head(Reply reply) throws IOException {
    raw(reply.head());
  }

  /** Sends status line and headers, and how the end of the body is known. */
  public void head(Reply reply, Framing framing) throws IOException {
    head(framed(reply, framing));
  }

  /** The reply with a header that says how the end of its body is known, if it has none. */
  Reply framed(Reply reply, Framing framing) {
    return switch (framing) {
      case LENGTH ->
          reply.status() == 204
                  || reply.status() == 304
                  || reply.header("Content-Length").isPresent()
              ? reply
              : reply.with("Content-Length", String.valueOf(reply.bytes().length));
      case CHUNKED -> reply.with("Transfer-Encoding", "chunked");
      case UNDELIMITED -> reply.with("Connection", "close");
    };
  }

  /** Sends bytes of the body from one offset to another, or to its end; nothing for HEAD. */
  public void part(Reply reply, Framing framing, int from, int to) throws IOException {
    byte[] body = reply.bytes();
    int end = Math.min(to, body.length);
    if (request.method().equals("HEAD") || from >= end) {
      return;
    }
    if (framing == Framing.CHUNKED) {
      raw((Integer.toHexString(end - from) + "\r\n").getBytes(StandardCharsets.US_ASCII));
    }
    connection.write(body, from, end - from);
    if (framing == Framing.CHUNKED) {
      raw(new byte[] {'\r', '\n'});
    }
  }

  /** Ends the body. */
  public void end(Framing framing) throws IOException {
    if (framing == Framing.CHUNKED && !request.method().equals("HEAD")) {
      raw("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    }
    if (framing == Framing.UNDELIMITED) {
      last = true;
    }
  }

  /** Sends bytes as they are. */
  public void raw(byte[] bytes) throws IOException {
    connection.write(bytes, 0, bytes.length);
  }

  /** Closes the connection when the answer is written. */
  public void close() {
    last = true;
  }

  /**
   * Resets the connection: the client gets an error for what is sent and received. What was written
   * before and is still on its way may be lost.
   */
  public void reset() throws IOException {
    connection.reset();
    throw new IOException("reset");
  }

  /** Ends the connection without the farewell of TLS; otherwise the same as closing. */
  public void cut() throws IOException {
    connection.cut();
    throw new IOException("cut");
  }

  /** Waits; fails when the client hangs up or the server is closed. */
  public void await(CountDownLatch latch) throws IOException {
    connection.await(latch);
  }

  /** Waits until the server lets stalled answers go on. */
  public void stall() throws IOException {
    await(server.stalls());
  }

  /** Waits for so long; fails when the server is closed. */
  public void pause(Duration time) throws IOException {
    server.pause(time);
  }

  boolean last() {
    return last;
  }
}
