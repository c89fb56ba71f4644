package dev.imgcompat.core;

import dev.imgcompat.core.facts.FactKey;
import dev.imgcompat.core.image.LayerContent.DigestOf;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.FutureTask;

/**
 * The layers that some loaders are about to read or are reading: none of them reads what another
 * one is at. Others may look into it to wait for what they need as well. Safe for use by several
 * threads.
 */
public final class LayersUnderWay {
  private final Map<Reading, UnderWay> all = new ConcurrentHashMap<>();

  /** A layer as one manifest lists it, at one origin: another's lie or fault must not spread. */
  record Reading(FactKey key, OptionalLong size, DigestOf digestOf, String origin) {}

  /**
   * A layer that is being read.
   *
   * @param image for which
   */
  record UnderWay(String image, LayerFactsLoader loader, FutureTask<Loaded> task) {}

  /** Begins to read a layer, unless somebody does so: that one is returned then. */
  Optional<UnderWay> begin(Reading reading, UnderWay by) {
    return Optional.ofNullable(all.putIfAbsent(reading, by));
  }

  /** Who reads a layer. */
  Optional<UnderWay> find(Reading reading) {
    return Optional.ofNullable(all.get(reading));
  }

  /** Ends what a loader began for an image; its facts, if there are any, are kept by now. */
  void end(Reading reading, String image, LayerFactsLoader loader) {
    all.computeIfPresent(
        reading, (key, by) -> by.image().equals(image) && by.loader().equals(loader) ? null : by);
  }

  /** Ends all that a loader has begun: whoever waits for it is told that it comes to nothing. */
  void endAll(LayerFactsLoader loader) {
    List<Map.Entry<Reading, UnderWay>> begun =
        all.entrySet().stream().filter(one -> one.getValue().loader().equals(loader)).toList();
    for (Map.Entry<Reading, UnderWay> one : begun) {
      if (all.remove(one.getKey(), one.getValue())) {
        one.getValue().task().cancel(true);
      }
    }
  }
}
