package dev.imgcompat.core.testing;

import dev.imgcompat.core.testing.Exchange.Framing;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;

/**
 * Connections that go wrong. What is sent of a body is of the right one, and begins where {@code
 * Range} asks for; a number of bytes counts what is sent of it.
 */
public final class Faults {
  private static final int LINES = 64 << 10;

  private Faults() {}

  /** Answers nothing, and resets the connection. */
  public static Behaviour reset() {
    return Exchange::reset;
  }

  /** Resets the connection after so many bytes of the body, of which the last may get lost. */
  public static Behaviour resetAfter(int bytes) {
    return exchange -> {
      begin(exchange, Framing.LENGTH, bytes);
      exchange.reset();
    };
  }

  /** Answers nothing, and closes the connection. */
  public static Behaviour close() {
    return Exchange::close;
  }

  /** Closes the connection after so many bytes of a body whose length was told. */
  public static Behaviour closeAfter(int bytes) {
    return closeAfter(bytes, Framing.LENGTH);
  }

  /** Closes the connection after so many bytes of the body. */
  public static Behaviour closeAfter(int bytes, Framing framing) {
    return exchange -> {
      begin(exchange, framing, bytes);
      exchange.close();
    };
  }

  /** The same, and without the farewell of TLS. */
  public static Behaviour cutAfter(int bytes, Framing framing) {
    return exchange -> {
      begin(exchange, framing, bytes);
      exchange.cut();
    };
  }

  /** Answers when {@link FaultyServer#releaseStalls()} is called. */
  public static Behaviour stall() {
    return exchange -> {
      exchange.stall();
      exchange.send(exchange.usual());
    };
  }

  /** Sends so many bytes of the body, and the others when stalled answers are let go. */
  public static Behaviour stallAfter(int bytes) {
    return stallAfter(bytes, Framing.LENGTH);
  }

  /** Sends so many bytes of the body, and the others when stalled answers are let go. */
  public static Behaviour stallAfter(int bytes, Framing framing) {
    return exchange -> {
      Reply reply = begin(exchange, framing, bytes);
      exchange.stall();
      exchange.part(reply, framing, bytes, Integer.MAX_VALUE);
      exchange.end(framing);
    };
  }

  /** Sends half of the headers, and the other half when stalled answers are let go. */
  public static Behaviour stallInHeaders() {
    return exchange -> {
      Reply reply = exchange.usual();
      byte[] head = exchange.framed(reply, Framing.LENGTH).head();
      exchange.raw(Arrays.copyOf(head, head.length / 2));
      exchange.stall();
      exchange.raw(Arrays.copyOfRange(head, head.length / 2, head.length));
      exchange.part(reply, Framing.LENGTH, 0, Integer.MAX_VALUE);
    };
  }

  /** Sends so many bytes of the body at a time, and pauses in between. */
  public static Behaviour trickle(int bytes, Duration pause) {
    return exchange -> {
      Reply reply = begin(exchange, Framing.LENGTH, 0);
      for (int at = 0; at < reply.bytes().length; at += bytes) {
        exchange.pause(pause);
        exchange.part(reply, Framing.LENGTH, at, at + bytes);
      }
    };
  }

  /** Sends one byte of the headers at a time, and pauses in between. */
  public static Behaviour trickleHeaders(Duration pause) {
    return exchange -> {
      Reply reply = exchange.usual();
      for (byte b : exchange.framed(reply, Framing.LENGTH).head()) {
        exchange.pause(pause);
        exchange.raw(new byte[] {b});
      }
      exchange.part(reply, Framing.LENGTH, 0, Integer.MAX_VALUE);
    };
  }

  /** Answers with bytes as they are, and closes the connection. */
  public static Behaviour garbage(byte[] bytes) {
    return exchange -> {
      exchange.raw(bytes);
      exchange.close();
    };
  }

  /** Answers properly, but for so many more header lines. */
  public static Behaviour manyHeaders(int lines) {
    return exchange ->
        withHeaders(
            exchange,
            () -> {
              for (int i = 0; i < lines; i++) {
                exchange.raw(("X-" + i + ": x\r\n").getBytes(StandardCharsets.US_ASCII));
              }
            });
  }

  /** Answers properly, but for one more header of so many bytes. */
  public static Behaviour longHeader(int bytes) {
    return exchange ->
        withHeaders(
            exchange,
            () -> {
              exchange.raw("X-Long: ".getBytes(StandardCharsets.US_ASCII));
              byte[] part = new byte[LINES];
              Arrays.fill(part, (byte) 'x');
              for (int left = bytes; left > 0; left -= LINES) {
                exchange.raw(left < LINES ? Arrays.copyOf(part, left) : part);
              }
              exchange.raw(new byte[] {'\r', '\n'});
            });
  }

  /** Answers with a body of spaces, of the right type, that has no end. */
  public static Behaviour endless() {
    return exchange -> {
      exchange.head(exchange.usual().withStatus(200), Framing.CHUNKED);
      byte[] spaces = new byte[LINES];
      Arrays.fill(spaces, (byte) ' ');
      Reply part = Reply.status(200).body(spaces);
      while (!exchange.request().method().equals("HEAD")) {
        exchange.part(part, Framing.CHUNKED, 0, LINES);
      }
      exchange.close();
    };
  }

  /** Counts down, and goes on. */
  public static Behaviour telling(CountDownLatch reached, Behaviour next) {
    return exchange -> {
      reached.countDown();
      next.on(exchange);
    };
  }

  /** Does something else, and goes on. */
  public static Behaviour running(Runnable first, Behaviour next) {
    return exchange -> {
      first.run();
      next.on(exchange);
    };
  }

  /** Waits for a latch, and goes on; not if the client has hung up by then. */
  public static Behaviour holding(CountDownLatch until, Behaviour next) {
    return exchange -> {
      exchange.await(until);
      next.on(exchange);
    };
  }

  private interface Lines {
    void send() throws IOException;
  }

  private static void withHeaders(Exchange exchange, Lines lines) throws IOException {
    Reply reply = exchange.usual();
    byte[] head = exchange.framed(reply, Framing.LENGTH).head();
    exchange.raw(Arrays.copyOf(head, head.length - 2));
    lines.send();
    exchange.raw(new byte[] {'\r', '\n'});
    exchange.part(reply, Framing.LENGTH, 0, Integer.MAX_VALUE);
  }

  private static Reply begin(Exchange exchange, Framing framing, int bytes) throws IOException {
    Reply reply = exchange.usual();
    exchange.head(reply, framing);
    exchange.part(reply, framing, 0, bytes);
    return reply;
  }
}
