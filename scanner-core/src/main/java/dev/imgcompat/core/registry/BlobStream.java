package dev.imgcompat.core.registry;

import dev.imgcompat.core.image.ScanException;
import dev.imgcompat.core.image.TransferException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.OptionalLong;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpStatus;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a blob. Where the transfer breaks off it goes on from there with a range, or, if the
 * registry knows none, from the start again, without showing twice what was read. Closed early, it
 * drops the connection instead of reading the rest. Whether the bytes are the right ones is for the
 * reader to verify. Not thread-safe.
 */
final class BlobStream extends InputStream {
  /** What must have come since a failure for it to be forgotten. */
  private static final long PROGRESS = 1 << 20;

  private static final Pattern CONTENT_RANGE = Pattern.compile("bytes (\\d{1,18})-\\d{1,18}/.*");

  private final RegistryHost host;
  private final Question question;
  private final Tries tries;
  private final OptionalLong stated;
  private boolean ranges;
  private boolean spliced;
  private boolean inside;
  private @Nullable ClassicHttpResponse response;
  private InputStream body = InputStream.nullInputStream();
  private long expected;
  private long position;
  private long gained;

  /**
   * Opens a blob; the registry is asked at once.
   *
   * @param stated how long it is, where the manifest says so
   * @param ranges whether a part of it may be asked for
   */
  static BlobStream open(
      RegistryHost host,
      Question question,
      Supplier<Tries> tries,
      OptionalLong stated,
      boolean ranges)
      throws ScanException, InterruptedException {
    host.throttle().enter();
    // Only now does time count.
    BlobStream stream = new BlobStream(host, question, tries.get(), stated, ranges);
    try {
      stream.connect();
      return stream;
    } finally {
      if (stream.response == null) {
        stream.close();
      }
    }
  }

  private BlobStream(
      RegistryHost host, Question question, Tries tries, OptionalLong stated, boolean ranges) {
    this.host = host;
    this.question = question;
    this.tries = tries;
    this.stated = stated;
    this.ranges = ranges;
    this.expected = stated.orElse(-1);
    this.inside = true;
  }

  /** Whether it has been put together of parts, which may not fit together. */
  boolean isSpliced() {
    return spliced;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    while (true) {
      IOException failure;
      try {
        int read = body.read(buffer, offset, length);
        if (read > 0) {
          position += read;
          gained += read;
          return read;
        }
        if (position >= expected) {
          return -1;
        }
        failure = new EOFException("it ended after " + position + " of " + expected + " bytes");
      } catch (IOException e) {
        failure = e;
      }
      goOn(failure);
    }
  }

  /** Asks for the rest. */
  private void goOn(IOException failure) throws IOException {
    drop();
    if (gained >= PROGRESS) {
      tries.startAnew();
      gained = 0;
    }
    try {
      host.awaitNextTry(rest(), tries, failure);
      connect();
    } catch (ScanException e) {
      throw new TransferException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
  }

  /** The question, which says in messages how far it came. */
  private Question rest() {
    return position == 0
        ? question
        : question.called(
            question.what()
                + " beyond the first "
                + position
                + (expected < 0 ? "" : " of " + expected)
                + " bytes");
  }

  private void connect() throws ScanException, InterruptedException {
    while (response == null) {
      boolean part = ranges && position > 0;
      host.ask(
          part ? rest().from(position) : rest(),
          tries,
          answer -> {
            body = accept(answer, part);
            response = answer;
            return answer;
          });
      if (response != null && part && response.getCode() != HttpStatus.SC_OK && !ranges) {
        drop();
      }
    }
  }

  /** The body of an answer from the current position on. */
  private InputStream accept(ClassicHttpResponse answer, boolean part)
      throws IOException, ScanException {
    long length = answer.getEntity() == null ? 0 : answer.getEntity().getContentLength();
    if (answer.getCode() != HttpStatus.SC_OK) {
      boolean fits =
          answer.getCode() == HttpStatus.SC_PARTIAL_CONTENT
              && part
              && start(answer) == position
              && (length < 0 || expected < 0 || length == expected - position);
      ranges = fits;
      spliced = true;
      return body(answer);
    }
    if (RegistryHost.isWebPage(answer) && length != expected) {
      throw new BadAnswer("it answered with a web page: is a registry there?");
    }
    if (length >= 0) {
      if (stated.isPresent() && length != stated.getAsLong()) {
        throw new ScanException.DigestMismatch(
            question.what()
                + " has "
                + length
                + " bytes at registry "
                + host.name()
                + ", where the manifest states "
                + stated.getAsLong());
      }
      expected = length;
    }
    InputStream stream = body(answer);
    if (position > 0) {
      // It may be another blob than at first; the digest will tell.
      spliced = true;
      try {
        stream.skipNBytes(position);
      } catch (IOException e) {
        stream.close();
        throw e;
      }
    }
    return stream;
  }

  private InputStream body(ClassicHttpResponse answer) throws IOException {
    return new PacedStream(host.body(answer, tries.deadline()), host.throttle(), tries.deadline());
  }

  private static long start(ClassicHttpResponse answer) {
    Header range = answer.getFirstHeader(HttpHeaders.CONTENT_RANGE);
    Matcher matcher = CONTENT_RANGE.matcher(range == null ? "" : range.getValue());
    return matcher.matches() ? Long.parseLong(matcher.group(1)) : -1;
  }

  private void drop() {
    try {
      body.close();
    } catch (IOException e) {
      // It is only no longer watched.
    }
    body = InputStream.nullInputStream();
    if (response != null) {
      HttpTransport.discard(response);
      response = null;
    }
  }

  @Override
  public void close() {
    drop();
    if (inside) {
      inside = false;
      host.throttle().leave();
    }
  }
}
