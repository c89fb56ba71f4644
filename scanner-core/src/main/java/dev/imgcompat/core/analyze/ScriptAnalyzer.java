package dev.imgcompat.core.analyze;

import dev.imgcompat.core.layer.FileFact;
import dev.imgcompat.core.layer.LayerAnalyzer;
import dev.imgcompat.core.layer.LayerEntry;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Keeps the first line of executable scripts; Linux reads at most 256 bytes of it. */
final class ScriptAnalyzer implements LayerAnalyzer {
  @Override
  public String name() {
    return "script";
  }

  @Override
  public int version() {
    return 2;
  }

  @Override
  public Optional<ContentReader> open(LayerEntry entry, byte[] head, int length) {
    if (!entry.isExecutable() || length < 3 || head[0] != '#' || head[1] != '!') {
      return Optional.empty();
    }
    int end = 2;
    while (end < length && head[end] != '\n' && head[end] != 0) {
      end++;
    }
    String line = new String(head, 2, end - 2, StandardCharsets.UTF_8);
    return Optional.of(
        new ContentReader() {
          @Override
          public void accept(byte[] buffer, int offset, int count) {}

          @Override
          public boolean satisfied() {
            return true;
          }

          @Override
          public Optional<FileFact> finish() {
            return Optional.of(new ScriptFact(stripped(line)));
          }
        });
  }

  /**
   * Linux leaves out blanks and tabs, and nothing else: not the carriage return of other systems.
   */
  private static String stripped(String line) {
    int start = 0;
    int end = line.length();
    while (start < end && isBlank(line.charAt(start))) {
      start++;
    }
    while (end > start && isBlank(line.charAt(end - 1))) {
      end--;
    }
    return line.substring(start, end);
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }
}
