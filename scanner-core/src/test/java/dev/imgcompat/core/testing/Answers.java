package dev.imgcompat.core.testing;

import dev.imgcompat.core.testing.Exchange.Framing;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Locale;

/** Answers, right ones and wrong ones, over connections with which all is well. */
public final class Answers {
  private static final DateTimeFormatter HTTP_DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private Answers() {}

  /** What is right. */
  public static Behaviour ok() {
    return exchange -> exchange.send(exchange.usual());
  }

  /** What is right, in another framing. */
  public static Behaviour ok(Framing framing) {
    return exchange -> exchange.send(exchange.usual(), framing);
  }

  /** This. */
  public static Behaviour reply(Reply reply) {
    return exchange -> exchange.send(reply);
  }

  /** This status, and an error as registries write them. */
  public static Behaviour status(int status) {
    return reply(Reply.error(status, "UNKNOWN", "planned"));
  }

  /** This status, and when to ask again, in seconds. */
  public static Behaviour retryAfter(int status, long seconds) {
    return retryAfter(status, String.valueOf(seconds));
  }

  /** This status, and when to ask again, as a date. */
  public static Behaviour retryAfter(int status, Instant time) {
    return retryAfter(status, HTTP_DATE.format(time));
  }

  /** This status, and this {@code Retry-After}. */
  public static Behaviour retryAfter(int status, String value) {
    return reply(Reply.error(status, "TOOMANYREQUESTS", "planned").with("Retry-After", value));
  }

  /** This status, and when to ask again, as a date that is this far from now when it is sent. */
  public static Behaviour retryAfter(int status, Duration fromNow) {
    return exchange -> retryAfter(status, Instant.now().plus(fromNow)).on(exchange);
  }

  /** 401 with this {@code WWW-Authenticate}. */
  public static Behaviour challenge(String value) {
    return reply(Reply.error(401, "UNAUTHORIZED", "planned").with("WWW-Authenticate", value));
  }

  /** A redirect. */
  public static Behaviour redirect(int status, String location) {
    return reply(Reply.status(status).with("Location", location));
  }

  /** A redirect with 307. */
  public static Behaviour redirect(String location) {
    return redirect(307, location);
  }

  /** A redirect to where it is. */
  public static Behaviour redirectToItself() {
    return exchange -> redirect(exchange.request().target()).on(exchange);
  }

  /** So many redirects, one after another, and then what is right; to be answered always. */
  public static Behaviour redirectChain(int hops) {
    return exchange -> {
      int hop = exchange.request().parameter("hop").map(Integer::valueOf).orElse(0);
      if (hop < hops) {
        redirect(exchange.request().path() + "?hop=" + (hop + 1)).on(exchange);
      } else {
        exchange.send(exchange.usual());
      }
    };
  }

  /** The whole, whatever {@code Range} says. */
  public static Behaviour ignoringRange() {
    return exchange -> exchange.send(exchange.whole().without("Accept-Ranges"));
  }

  /** 206 with the right bytes, and this {@code Content-Range}. */
  public static Behaviour contentRange(String value) {
    return exchange ->
        exchange.send(
            exchange.usual().withStatus(206).without("Content-Range").with("Content-Range", value));
  }

  /** 206 with the right {@code Content-Range}, and as many bytes, but those from the start. */
  public static Behaviour bytesFromTheStart() {
    return exchange -> {
      Reply usual = exchange.usual();
      byte[] whole = exchange.whole().bytes();
      exchange.send(usual.body(Arrays.copyOf(whole, usual.bytes().length)));
    };
  }

  /** 416, whatever {@code Range} says. */
  public static Behaviour rangeNotSatisfiable() {
    return exchange ->
        exchange.send(
            Reply.status(416).with("Content-Range", "bytes */" + exchange.whole().bytes().length));
  }

  /** The right bytes, but a {@code Content-Length} that is that much off; then closes. */
  public static Behaviour lengthOff(long by) {
    return exchange -> {
      Reply reply = exchange.usual();
      exchange.head(reply.with("Content-Length", String.valueOf(reply.bytes().length + by)));
      exchange.part(reply, Framing.LENGTH, 0, Integer.MAX_VALUE);
      exchange.close();
    };
  }

  /** The right bytes, with the right {@code Content-Length} and one that is that much off. */
  public static Behaviour twoLengths(long by) {
    return exchange -> {
      Reply reply = exchange.usual();
      int length = reply.bytes().length;
      exchange.head(
          reply
              .with("Content-Length", String.valueOf(length))
              .with("Content-Length", String.valueOf(length + by)));
      exchange.part(reply, Framing.LENGTH, 0, Integer.MAX_VALUE);
      exchange.close();
    };
  }

  /** What is right, but for a bit of the byte at an offset of the whole. */
  public static Behaviour flipped(int offset) {
    return exchange -> {
      Reply usual = exchange.usual();
      int start =
          usual
              .header("Content-Range")
              .map(range -> Integer.valueOf(range.replaceAll("^bytes |-.*", "")))
              .orElse(0);
      byte[] body = usual.body();
      if (offset >= start && offset < start + body.length) {
        body[offset - start] ^= 1;
      }
      exchange.send(usual.body(body));
    };
  }

  /** So many bytes of what is right, as if that were all. */
  public static Behaviour truncated(int bytes) {
    return exchange -> {
      Reply usual = exchange.usual();
      exchange.send(usual.body(Arrays.copyOf(usual.bytes(), bytes)));
    };
  }

  /** What is right, and spaces after it, so many bytes in all. */
  public static Behaviour padded(int bytes) {
    return exchange -> {
      Reply usual = exchange.usual();
      byte[] body = Arrays.copyOf(usual.bytes(), bytes);
      Arrays.fill(body, usual.bytes().length, bytes, (byte) ' ');
      exchange.send(usual.body(body));
    };
  }

  /** A page, as proxies and portals have them. */
  public static Behaviour html() {
    return reply(
        Reply.status(200)
            .with("Content-Type", "text/html; charset=utf-8")
            .body("<!DOCTYPE html><html><title>Sign in</title></html>"));
  }

  /** Nothing, as if that were right. */
  public static Behaviour empty() {
    return exchange -> exchange.send(exchange.usual().withStatus(200).body(new byte[0]));
  }
}
