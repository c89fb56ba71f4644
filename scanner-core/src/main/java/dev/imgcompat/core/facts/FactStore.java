package dev.imgcompat.core.facts;

import dev.imgcompat.core.image.DocumentStore;
import dev.imgcompat.core.layer.LayerFacts;
import java.util.Optional;

/**
 * Keeps the facts of layers, and small documents. Implementations are safe for use by several
 * threads; what is kept is kept whole or not at all; a failure to keep it is not one of the scan.
 */
public interface FactStore extends DocumentStore {
  /** The facts under a key, if they are kept. */
  Optional<LayerFacts> facts(FactKey key);

  /** Keeps facts; the layer's digest was verified. */
  void putFacts(FactKey key, LayerFacts facts);
}
