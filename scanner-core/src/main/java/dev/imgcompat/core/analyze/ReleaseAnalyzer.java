package dev.imgcompat.core.analyze;

import dev.imgcompat.core.layer.LayerAnalyzer;
import dev.imgcompat.core.layer.LayerEntry;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Keeps the text of the files that name a distribution. They go by their names wherever they are:
 * {@code /etc/os-release} is often a link into another directory.
 */
final class ReleaseAnalyzer implements LayerAnalyzer {
  private static final int MAX_TEXT_BYTES = 4096;
  private static final int MAX_FILE_BYTES = 64 << 10;
  private static final Pattern NAME =
      Pattern.compile(".*-release|.*os-release.*|(?:debian|slackware|SuSE)[_-]version");

  @Override
  public String name() {
    return "release";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public Optional<ContentReader> open(LayerEntry entry, byte[] head, int length) {
    if (entry.size() > MAX_FILE_BYTES
        || !NAME.matcher(entry.name()).matches()
        || isBinary(head, length)) {
      return Optional.empty();
    }
    return Optional.of(
        new TextPrefix((int) Math.min(entry.size(), MAX_TEXT_BYTES), ReleaseFact::new));
  }

  private static boolean isBinary(byte[] head, int length) {
    for (int i = 0; i < length; i++) {
      if (head[i] == 0 || head[i] == 0x7f) {
        return true;
      }
    }
    return false;
  }
}
