package dev.imgcompat.service.store.jdbc;

import dev.imgcompat.core.facts.FactKey;
import dev.imgcompat.core.facts.FactStore;
import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.layer.LayerFacts;
import java.util.Optional;
import java.util.function.Predicate;

/** A fast store in front of a durable one; what is found behind is kept in front too. */
public final class TieredFactStore implements FactStore {
  private final FactStore front;
  private final FactStore back;

  /**
   * Creates one.
   *
   * @param front such as one in memory
   * @param back has all that was kept
   */
  public TieredFactStore(FactStore front, FactStore back) {
    this.front = front;
    this.back = back;
  }

  @Override
  public Optional<LayerFacts> facts(FactKey key) {
    Optional<LayerFacts> near = front.facts(key);
    if (near.isPresent()) {
      return near;
    }
    Optional<LayerFacts> far = back.facts(key);
    far.ifPresent(facts -> front.putFacts(key, facts));
    return far;
  }

  @Override
  public Optional<LayerFacts> facts(Digest layer, Predicate<LayerFacts> wanted) {
    return front.facts(layer, wanted).or(() -> back.facts(layer, wanted));
  }

  @Override
  public void putFacts(FactKey key, LayerFacts facts) {
    front.putFacts(key, facts);
    back.putFacts(key, facts);
  }

  @Override
  public Optional<byte[]> document(Digest digest) {
    Optional<byte[]> near = front.document(digest);
    if (near.isPresent()) {
      return near;
    }
    Optional<byte[]> far = back.document(digest);
    far.ifPresent(bytes -> front.putDocument(digest, bytes));
    return far;
  }

  @Override
  public void putDocument(Digest digest, byte[] bytes) {
    front.putDocument(digest, bytes);
    back.putDocument(digest, bytes);
  }
}
