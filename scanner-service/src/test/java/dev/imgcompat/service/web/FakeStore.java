package dev.imgcompat.service.web;

import dev.imgcompat.core.facts.FactStore;
import dev.imgcompat.core.facts.MemoryFactStore;
import dev.imgcompat.core.image.Digest;
import dev.imgcompat.service.store.DecisionChange;
import dev.imgcompat.service.store.HistoryStore;
import dev.imgcompat.service.store.ImageQuery;
import dev.imgcompat.service.store.ImageStore;
import dev.imgcompat.service.store.ListStore;
import dev.imgcompat.service.store.ReferenceKey;
import dev.imgcompat.service.store.ReferenceStore;
import dev.imgcompat.service.store.ReferenceWithImage;
import dev.imgcompat.service.store.RetentionStore;
import dev.imgcompat.service.store.ScanRecord;
import dev.imgcompat.service.store.ScanStore;
import dev.imgcompat.service.store.Store;
import dev.imgcompat.service.store.StoreUnavailableException;
import dev.imgcompat.service.store.StoredImage;
import dev.imgcompat.service.store.StoredReference;
import dev.imgcompat.service.store.SweepStore;
import dev.imgcompat.service.store.SweptTagStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** What the API reads of a store: references and images. */
final class FakeStore implements Store {
  final ConcurrentSkipListMap<ReferenceKey, ReferenceWithImage> references =
      new ConcurrentSkipListMap<>();
  final CopyOnWriteArrayList<ImageQuery> queries = new CopyOnWriteArrayList<>();
  final Map<ReferenceKey, List<DecisionChange>> histories = new ConcurrentHashMap<>();
  volatile boolean down;

  void add(ReferenceWithImage found) {
    references.put(found.reference().key(), found);
  }

  private void requireUp() {
    if (down) {
      throw new StoreUnavailableException(
          "the store does not answer", new IllegalStateException("jdbc:secret"));
    }
  }

  @Override
  public FactStore facts() {
    return new MemoryFactStore(1);
  }

  @Override
  public ImageStore images() {
    return new Images();
  }

  @Override
  public ReferenceStore references() {
    return new References();
  }

  @Override
  public ScanStore scans() {
    return new NoScans();
  }

  @Override
  public ListStore lists() {
    throw new UnsupportedOperationException();
  }

  @Override
  public SweepStore sweeps() {
    throw new UnsupportedOperationException();
  }

  @Override
  public SweptTagStore sweptTags() {
    throw new UnsupportedOperationException();
  }

  @Override
  public HistoryStore history() {
    return new Histories();
  }

  @Override
  public RetentionStore retention() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void check() {
    requireUp();
  }

  @Override
  public void close() {}

  private final class Images implements ImageStore {
    @Override
    public void keepVerdicts(Digest digest, Collection<String> runtimes) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Optional<StoredImage> image(Digest digest) {
      requireUp();
      return references.values().stream()
          .flatMap(r -> r.image().stream())
          .filter(i -> i.digest().equals(digest))
          .findFirst();
    }

    @Override
    public boolean keep(Collection<Digest> images) {
      throw new UnsupportedOperationException();
    }

    @Override
    public List<Digest> digests(Optional<Digest> after, int limit) {
      throw new UnsupportedOperationException();
    }

    @Override
    public List<Digest> unjudged(
        Collection<Digest> images, String analyzers, String judgedBy, Collection<String> runtimes) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void put(StoredImage image) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long count() {
      requireUp();
      return references.size();
    }
  }

  private final class References implements ReferenceStore {
    @Override
    public Optional<StoredReference> reference(ReferenceKey key) {
      throw new UnsupportedOperationException();
    }

    @Override
    public List<StoredReference> ofAllPlatforms(String canonical) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void putSwept(StoredReference reference, Instant lookedAt, String plan) {
      throw new UnsupportedOperationException();
    }

    @Override
    public List<ReferenceKey> leave(String canonical, Instant goneSince, Instant at) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void put(StoredReference reference) {
      throw new UnsupportedOperationException();
    }

    @Override
    public List<ReferenceWithImage> find(ImageQuery query) {
      requireUp();
      queries.add(query);
      return new ArrayList<>(references.values())
          .stream()
              .filter(
                  r ->
                      query.after().isEmpty()
                          || r.reference().key().compareTo(query.after().get()) > 0)
              .filter(
                  r ->
                      query.digest().isEmpty()
                          || r.reference().digest().map(Digest::value).equals(query.digest()))
              .limit(query.limit())
              .toList();
    }

    @Override
    public void forEach(Consumer<ReferenceWithImage> consumer) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Map<String, Long> decisions(String runtime) {
      requireUp();
      return Map.of("COMPATIBLE", (long) references.size());
    }

    @Override
    public int forgetNeverFound(Instant before) {
      throw new UnsupportedOperationException();
    }
  }

  private final class Histories implements HistoryStore {
    @Override
    public void note(ReferenceKey key, Collection<String> runtimes, Instant at) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void note(Digest image, Collection<String> runtimes, Instant at) {
      throw new UnsupportedOperationException();
    }

    @Override
    public List<DecisionChange> history(ReferenceKey key, String runtime) {
      requireUp();
      return histories.getOrDefault(key, List.of());
    }

    @Override
    public int forgetGone(Instant before, int limit) {
      throw new UnsupportedOperationException();
    }
  }

  private final class NoScans implements ScanStore {
    @Override
    public Optional<ScanRecord> lastDone(Digest image, String runtime) {
      return Optional.empty();
    }

    @Override
    public boolean add(ScanRecord scan) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Optional<ScanRecord> scan(String id) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Optional<ScanRecord> active(ReferenceKey key, String runtime) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void forget(String id) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Optional<ScanRecord> lastDone(ReferenceKey key, String runtime) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void update(ScanRecord scan) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long countActive() {
      requireUp();
      return 0;
    }

    @Override
    public int forgetEnded(Instant before) {
      throw new UnsupportedOperationException();
    }
  }
}
