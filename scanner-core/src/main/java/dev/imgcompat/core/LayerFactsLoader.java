package dev.imgcompat.core;

import dev.imgcompat.core.facts.FactKey;
import dev.imgcompat.core.facts.FactStore;
import dev.imgcompat.core.image.ImageReference;
import dev.imgcompat.core.image.Layer;
import dev.imgcompat.core.image.LayerContent;
import dev.imgcompat.core.image.ScanException;
import dev.imgcompat.core.layer.LayerFacts;
import dev.imgcompat.core.layer.LayerReader;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Gets the facts of layers: from the store, or by reading, several layers at a time. A layer that
 * is being read is waited for, not read twice, whichever image asks.
 */
final class LayerFactsLoader implements AutoCloseable {
  private final LayerReader reader;
  private final FactStore store;
  private final String analyzers;
  private final ExecutorService threads;
  private final Map<Reading, Future<Loaded>> underWay = new ConcurrentHashMap<>();

  LayerFactsLoader(LayerReader reader, FactStore store, int parallel) {
    this.reader = reader;
    this.store = store;
    this.analyzers = reader.factsKey();
    AtomicInteger number = new AtomicInteger();
    this.threads =
        Executors.newFixedThreadPool(
            parallel,
            task -> {
              Thread thread = new Thread(task, "layer-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
  }

  /** A layer as one manifest lists it, at one origin: another's lie or fault must not spread. */
  private record Reading(FactKey key, long size, String origin) {}

  /**
   * Facts, and where they came from.
   *
   * @param facts of the layer
   * @param fromCache whether nothing was read for them
   */
  record Loaded(LayerFacts facts, boolean fromCache) {}

  /** Starts to get the facts of a layer. */
  Future<Loaded> load(ImageReference image, LayerContent content, ScanListener listener) {
    if (content instanceof LayerContent.Blob blob) {
      FactKey key = new FactKey(blob.layer().digest(), analyzers);
      Optional<LayerFacts> known = store.facts(key);
      if (known.isPresent()) {
        return known(known.get(), blob);
      }
      return underWay.computeIfAbsent(
          new Reading(key, blob.layer().size(), image.origin()),
          reading -> threads.submit(() -> readBlob(reading, image, blob, listener)));
    }
    Callable<Loaded> walk =
        () ->
            new Loaded(reader.read(content, bytes -> listener.directoryBytes(image, bytes)), false);
    return threads.submit(walk);
  }

  private Loaded readBlob(
      Reading reading, ImageReference image, LayerContent.Blob blob, ScanListener listener)
      throws ScanException, InterruptedException {
    Layer layer = blob.layer();
    try {
      // Another scan of this process may have stored them since they were asked for.
      Optional<LayerFacts> known = store.facts(reading.key());
      if (known.isPresent() && known.get().bytes() == layer.size()) {
        return new Loaded(known.get(), true);
      }
      listener.layerStarted(image, layer);
      try {
        LayerFacts facts = reader.read(blob, bytes -> listener.layerBytes(layer, bytes));
        store.putFacts(reading.key(), facts);
        return new Loaded(facts, false);
      } finally {
        listener.layerEnded(layer);
      }
    } finally {
      underWay.remove(reading);
    }
  }

  private static Future<Loaded> known(LayerFacts facts, LayerContent.Blob blob) {
    Layer layer = blob.layer();
    if (facts.bytes() == layer.size()) {
      return CompletableFuture.completedFuture(new Loaded(facts, true));
    }
    ScanException.DigestMismatch mismatch =
        new ScanException.DigestMismatch(
            "layer "
                + layer.digest()
                + " has "
                + facts.bytes()
                + " bytes, the manifest states "
                + layer.size());
    return CompletableFuture.failedFuture(blob.remote() ? mismatch : mismatch.ofLocalCopy());
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
