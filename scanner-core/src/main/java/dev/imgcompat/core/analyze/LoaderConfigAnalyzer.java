package dev.imgcompat.core.analyze;

import dev.imgcompat.core.layer.FileFact;
import dev.imgcompat.core.layer.LayerAnalyzer;
import dev.imgcompat.core.layer.LayerEntry;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Keeps {@code /etc/ld.so.conf} and the files that it usually includes (ldconfig(8)), wherever a
 * link to them may point.
 */
final class LoaderConfigAnalyzer implements LayerAnalyzer {
  private static final Pattern PATH = Pattern.compile("(?:.*/)?ld\\.so\\.conf(?:\\.d/[^/]+)?");
  private static final int MAX_BYTES = 64 << 10;

  @Override
  public String name() {
    return "loader-config";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public Optional<ContentReader> open(LayerEntry entry, byte[] head, int length) {
    return PATH.matcher(entry.path()).matches() && entry.size() <= MAX_BYTES
        ? Optional.of(new Whole((int) entry.size()))
        : Optional.empty();
  }

  private static final class Whole implements ContentReader {
    private final byte[] text;
    private int filled;

    Whole(int size) {
      this.text = new byte[size];
    }

    @Override
    public void accept(byte[] buffer, int offset, int length) {
      int taken = Math.min(length, text.length - filled);
      System.arraycopy(buffer, offset, text, filled, taken);
      filled += taken;
    }

    @Override
    public boolean satisfied() {
      return filled == text.length;
    }

    @Override
    public Optional<FileFact> finish() {
      return Optional.of(
          new LoaderConfigFact(new String(Arrays.copyOf(text, filled), StandardCharsets.UTF_8)));
    }
  }
}
