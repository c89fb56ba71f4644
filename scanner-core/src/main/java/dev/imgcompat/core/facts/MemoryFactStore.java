package dev.imgcompat.core.facts;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.layer.LayerFacts;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Keeps facts in memory, the most recently used ones within a bound. */
public final class MemoryFactStore implements FactStore {
  /** Roughly what an item of facts takes, in bytes. */
  private static final int ITEM_BYTES = 300;

  private final Cache<Digest, List<Kept>> layers;
  private final Cache<Digest, byte[]> documents;

  /** Facts of a layer, and by which analyzers. */
  private record Kept(String analyzers, LayerFacts facts) {}

  /**
   * Creates a store.
   *
   * @param bytes that it may take, roughly
   */
  public MemoryFactStore(long bytes) {
    this.layers =
        Caffeine.newBuilder()
            .maximumWeight(bytes)
            .<Digest, List<Kept>>weigher((layer, kept) -> weight(kept))
            .build();
    this.documents =
        Caffeine.newBuilder()
            .maximumWeight(Math.max(1, bytes / 8))
            .<Digest, byte[]>weigher((key, value) -> value.length + 100)
            .build();
  }

  @Override
  public Optional<LayerFacts> facts(FactKey key) {
    return kept(key.layer()).stream()
        .filter(k -> k.analyzers().equals(key.analyzers()))
        .map(Kept::facts)
        .findFirst();
  }

  @Override
  public Optional<LayerFacts> facts(Digest layer, Predicate<LayerFacts> wanted) {
    return kept(layer).stream().map(Kept::facts).filter(wanted).findFirst();
  }

  @Override
  public void putFacts(FactKey key, LayerFacts value) {
    Kept latest = new Kept(key.analyzers(), value);
    layers
        .asMap()
        .compute(
            key.layer(),
            (layer, known) ->
                Stream.concat(
                        Stream.of(latest),
                        Stream.ofNullable(known)
                            .flatMap(List::stream)
                            .filter(k -> !k.analyzers().equals(key.analyzers())))
                    .limit(MOST_VERSIONS)
                    .toList());
  }

  /** The latest first. */
  private List<Kept> kept(Digest layer) {
    List<Kept> kept = layers.getIfPresent(layer);
    return kept == null ? List.of() : kept;
  }

  private static int weight(List<Kept> kept) {
    long items = kept.stream().mapToLong(k -> k.facts().items().size()).sum();
    return (int) Math.min(Integer.MAX_VALUE, 1000L * kept.size() + ITEM_BYTES * items);
  }

  @Override
  public Optional<byte[]> document(Digest digest) {
    return Optional.ofNullable(documents.getIfPresent(digest));
  }

  @Override
  public void putDocument(Digest digest, byte[] bytes) {
    documents.put(digest, bytes);
  }

  /** Carries out what is due: eviction otherwise follows a little later. */
  void cleanUp() {
    layers.cleanUp();
    documents.cleanUp();
  }
}
