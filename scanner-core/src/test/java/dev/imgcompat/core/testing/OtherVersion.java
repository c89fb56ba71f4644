package dev.imgcompat.core.testing;

import dev.imgcompat.core.layer.LayerAnalyzer;
import dev.imgcompat.core.layer.LayerEntry;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * An analyzer under another version, scope or name, which finds the same.
 *
 * @param analyzer does the work
 */
public record OtherVersion(LayerAnalyzer analyzer, String name, int version, int scope)
    implements LayerAnalyzer {
  /** One whose version was raised. */
  public static LayerAnalyzer newer(LayerAnalyzer analyzer) {
    return new OtherVersion(analyzer, analyzer.name(), analyzer.version() + 1, analyzer.scope());
  }

  /** One whose version and scope were raised. */
  public static LayerAnalyzer wider(LayerAnalyzer analyzer) {
    return new OtherVersion(
        analyzer, analyzer.name(), analyzer.version() + 1, analyzer.scope() + 1);
  }

  /** One with another name. */
  public static LayerAnalyzer named(String name, LayerAnalyzer analyzer) {
    return new OtherVersion(analyzer, name, analyzer.version(), analyzer.scope());
  }

  /** Some analyzers, one of which has changed. */
  public static List<LayerAnalyzer> changed(
      List<LayerAnalyzer> analyzers, String name, UnaryOperator<LayerAnalyzer> change) {
    return analyzers.stream().map(a -> a.name().equals(name) ? change.apply(a) : a).toList();
  }

  @Override
  public Optional<ContentReader> open(LayerEntry entry, byte[] head, int length) {
    return analyzer.open(entry, head, length);
  }
}
