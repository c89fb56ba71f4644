package dev.imgcompat.core.layer;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * By what a layer was read. Immutable.
 *
 * @param reader version of what shows the files to the analyzers
 * @param analyzers each of them, by name
 */
public record ReadBy(int reader, List<Stamp> analyzers) {
  public ReadBy {
    analyzers = analyzers.stream().sorted(Comparator.comparing(Stamp::name)).toList();
  }

  /**
   * One analyzer.
   *
   * @param name of it
   * @param version it had
   * @param scope it had
   * @param opened whether it opened any file of the layer
   */
  public record Stamp(String name, int version, int scope, boolean opened) {
    static Stamp of(LayerAnalyzer analyzer, boolean opened) {
      return new Stamp(analyzer.name(), analyzer.version(), analyzer.scope(), opened);
    }
  }

  /**
   * Says by what the layer would have been read if others had done it.
   *
   * @return empty unless they would have found the same: an analyzer that opened no file finds
   *     nothing in any version which opens the same files
   */
  Optional<ReadBy> asIfBy(int otherReader, List<LayerAnalyzer> others) {
    if (reader != otherReader) {
      return Optional.empty();
    }
    Map<String, Stamp> left = new HashMap<>();
    analyzers.forEach(stamp -> left.put(stamp.name(), stamp));
    List<Stamp> stamps = new ArrayList<>();
    for (LayerAnalyzer other : others) {
      Stamp stamp = left.remove(other.name());
      if (stamp == null
          || stamp.scope() != other.scope()
          || (stamp.opened() && stamp.version() != other.version())) {
        return Optional.empty();
      }
      stamps.add(Stamp.of(other, stamp.opened()));
    }
    return left.values().stream().anyMatch(Stamp::opened)
        ? Optional.empty()
        : Optional.of(new ReadBy(reader, stamps));
  }
}
