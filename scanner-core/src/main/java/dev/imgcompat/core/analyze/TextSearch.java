package dev.imgcompat.core.analyze;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Finds a text in bytes that stream past, and what follows it on its line. Boyer, Moore and
 * Horspool's algorithm over a window that overlaps. Not thread-safe.
 */
final class TextSearch {
  private static final int WINDOW = 64 << 10;

  private final byte[] needle;
  private final int after;
  private final Consumer<String> found;
  private final int[] shift = new int[256];
  private final byte[] window = new byte[WINDOW];
  private int filled;

  /**
   * Creates a search.
   *
   * @param needle ASCII, not empty
   * @param after how many bytes from the start of a hit to show at the most
   * @param found is given each hit, up to the next control character
   */
  TextSearch(String needle, int after, Consumer<String> found) {
    this.needle = needle.getBytes(StandardCharsets.US_ASCII);
    this.after = Math.max(after, this.needle.length);
    this.found = found;
    Arrays.fill(shift, this.needle.length);
    for (int i = 0; i < this.needle.length - 1; i++) {
      shift[this.needle[i] & 0xff] = this.needle.length - 1 - i;
    }
  }

  void accept(byte[] buffer, int offset, int length) {
    int from = offset;
    int left = length;
    while (left > 0) {
      int take = Math.min(left, window.length - filled);
      System.arraycopy(buffer, from, window, filled, take);
      filled += take;
      from += take;
      left -= take;
      if (filled == window.length) {
        search(filled - after);
        int keep = after;
        System.arraycopy(window, filled - keep, window, 0, keep);
        filled = keep;
      }
    }
  }

  void finish() {
    search(filled);
    filled = 0;
  }

  /** Looks for hits that start before {@code end}. */
  private void search(int end) {
    int last = needle.length - 1;
    int at = 0;
    while (at < end && at + last < filled) {
      int i = last;
      while (i >= 0 && window[at + i] == needle[i]) {
        i--;
      }
      if (i < 0) {
        found.accept(line(at));
        at += needle.length;
      } else {
        at += shift[window[at + last] & 0xff];
      }
    }
  }

  private String line(int start) {
    int end = start;
    int bound = Math.min(filled, start + after);
    while (end < bound && (window[end] & 0xff) >= 0x20 && (window[end] & 0xff) < 0x7f) {
      end++;
    }
    return new String(window, start, end - start, StandardCharsets.US_ASCII);
  }
}
