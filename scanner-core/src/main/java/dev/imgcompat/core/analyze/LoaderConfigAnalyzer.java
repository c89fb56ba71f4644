package dev.imgcompat.core.analyze;

import dev.imgcompat.core.layer.LayerAnalyzer;
import dev.imgcompat.core.layer.LayerEntry;
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
        ? Optional.of(new TextPrefix((int) entry.size(), LoaderConfigFact::new))
        : Optional.empty();
  }
}
