package dev.imgcompat.core;

import dev.imgcompat.core.facts.FactKey;
import dev.imgcompat.core.facts.FactStore;
import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.layer.LayerFacts;
import dev.imgcompat.core.layer.LayerReader;
import java.util.Optional;

/**
 * The facts that a store keeps, as far as they are what a reader would find now. Safe for use by
 * several threads.
 */
final class KeptFacts {
  private final LayerReader reader;
  private final FactStore store;
  private final String analyzers;

  KeptFacts(LayerReader reader, FactStore store) {
    this.reader = reader;
    this.store = store;
    this.analyzers = reader.factsKey();
  }

  /** Names and versions of the analyzers. */
  String analyzers() {
    return analyzers;
  }

  FactKey key(Digest layer) {
    return new FactKey(layer, analyzers);
  }

  /**
   * The facts of a layer. Those of other analyzers are kept once more if they are taken over, and
   * stay what they are for processes that still have these.
   */
  Optional<LayerFacts> of(Digest layer) {
    Optional<LayerFacts> known = store.facts(key(layer));
    if (known.isPresent()) {
      return known;
    }
    Optional<LayerFacts> takenOver =
        store.facts(layer, f -> reader.takeOver(f).isPresent()).flatMap(reader::takeOver);
    takenOver.ifPresent(facts -> store.putFacts(key(layer), facts));
    return takenOver;
  }

  /** The facts of a layer that just these analyzers found: after the others were asked for. */
  Optional<LayerFacts> read(Digest layer) {
    return store.facts(key(layer));
  }

  /** Keeps what was read. */
  void put(Digest layer, LayerFacts facts) {
    store.putFacts(key(layer), facts);
  }
}
