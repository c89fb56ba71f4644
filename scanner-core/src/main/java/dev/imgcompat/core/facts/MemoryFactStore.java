package dev.imgcompat.core.facts;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.layer.LayerFacts;
import java.util.Optional;

/** Keeps facts in memory, the most recently used ones within a bound. */
public final class MemoryFactStore implements FactStore {
  /** Roughly what an item of facts takes, in bytes. */
  private static final int ITEM_BYTES = 300;

  private final Cache<FactKey, LayerFacts> facts;
  private final Cache<Digest, byte[]> documents;

  /**
   * Creates a store.
   *
   * @param bytes that it may take, roughly
   */
  public MemoryFactStore(long bytes) {
    this.facts =
        Caffeine.newBuilder()
            .maximumWeight(bytes)
            .<FactKey, LayerFacts>weigher(
                (key, value) ->
                    (int)
                        Math.min(
                            Integer.MAX_VALUE, 1000L + (long) ITEM_BYTES * value.items().size()))
            .build();
    this.documents =
        Caffeine.newBuilder()
            .maximumWeight(Math.max(1, bytes / 8))
            .<Digest, byte[]>weigher((key, value) -> value.length + 100)
            .build();
  }

  @Override
  public Optional<LayerFacts> facts(FactKey key) {
    return Optional.ofNullable(facts.getIfPresent(key));
  }

  @Override
  public void putFacts(FactKey key, LayerFacts value) {
    facts.put(key, value);
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
    facts.cleanUp();
    documents.cleanUp();
  }
}
