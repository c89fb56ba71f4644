package dev.imgcompat.core.sweep.source;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The lines of a text in UTF-8, of which no more is held than one, and of that no more than a
 * bound. Not thread-safe.
 */
final class BoundedLines {
  private static final int LONGEST = 1024;
  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

  private final InputStream in;
  private final byte[] buffer = new byte[8192];
  private final byte[] line = new byte[LONGEST];
  private int position;
  private int limit;
  private long number;

  BoundedLines(InputStream in) {
    this.in = in;
  }

  /**
   * A line.
   *
   * @param number from 1
   * @param text without the spaces around it; absent if it cannot be read
   * @param problem why it cannot; empty if it can
   */
  record Line(long number, Optional<String> text, String problem) {}

  /** Reads the next one, if there is one. */
  Optional<Line> next() throws IOException {
    int length = 0;
    int next = read();
    if (next < 0) {
      return Optional.empty();
    }
    number++;
    while (next >= 0 && next != '\n') {
      if (length < LONGEST) {
        line[length] = (byte) next;
      }
      length = Math.min(length + 1, LONGEST + 1);
      next = read();
    }
    return Optional.of(length > LONGEST ? bad("it is longer than 1024 bytes") : line(length));
  }

  private Line line(int length) {
    int start = number == 1 && startsWithMark(length) ? BYTE_ORDER_MARK.length : 0;
    try {
      String text =
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(line, start, length - start))
              .toString();
      return new Line(number, Optional.of(text.strip()), "");
    } catch (CharacterCodingException e) {
      return bad("it is not text in UTF-8");
    }
  }

  private boolean startsWithMark(int length) {
    return length >= BYTE_ORDER_MARK.length
        && line[0] == BYTE_ORDER_MARK[0]
        && line[1] == BYTE_ORDER_MARK[1]
        && line[2] == BYTE_ORDER_MARK[2];
  }

  private Line bad(String problem) {
    return new Line(number, Optional.empty(), problem);
  }

  private int read() throws IOException {
    if (position == limit) {
      limit = in.read(buffer, 0, buffer.length);
      position = 0;
      if (limit <= 0) {
        limit = 0;
        return -1;
      }
    }
    return buffer[position++] & 0xff;
  }
}
