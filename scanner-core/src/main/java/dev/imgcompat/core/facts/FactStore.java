package dev.imgcompat.core.facts;

import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.image.DocumentStore;
import dev.imgcompat.core.layer.LayerFacts;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Keeps the facts of layers, and small documents. Implementations are safe for use by several
 * threads; what is kept is kept whole or not at all; a failure to keep it is not one of the scan.
 */
public interface FactStore extends DocumentStore {
  /** Of so many keys of one layer the facts are looked at. */
  int MOST_VERSIONS = 8;

  /** The facts under a key, if they are kept. */
  Optional<LayerFacts> facts(FactKey key);

  /**
   * Facts of a layer under whatever key: analyzers that differ may still have found the same. What
   * cannot be read, since another version of this program wrote it, is passed over.
   *
   * @param wanted is asked of those that are kept until it says yes, the latest first, and of
   *     {@link #MOST_VERSIONS} at most
   */
  Optional<LayerFacts> facts(Digest layer, Predicate<LayerFacts> wanted);

  /** Keeps facts; the layer's digest was verified. */
  void putFacts(FactKey key, LayerFacts facts);
}
