package dev.imgcompat.service.store;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Keeps what references name. */
public interface ReferenceStore {
  /** What is known of a reference. */
  Optional<StoredReference> reference(ReferenceKey key);

  /** What is known of a reference, by platform. */
  List<StoredReference> ofAllPlatforms(String canonical);

  /** Keeps what was found. */
  void put(StoredReference reference);

  /**
   * Keeps what a sweep found, unless the registry was asked later.
   *
   * @param lookedAt when the sweep looked
   * @param plan of the sweep
   */
  void putSwept(StoredReference reference, Instant lookedAt, String plan);

  /**
   * Forgets a reference that its registry has no more, but where somebody found it since; its
   * history says so.
   *
   * @param at when that is, for the history
   * @return what was forgotten
   */
  List<ReferenceKey> leave(String canonical, Instant goneSince, Instant at);

  /**
   * References that meet a query, ordered by key.
   *
   * @return at most {@link ImageQuery#limit} of them
   */
  List<ReferenceWithImage> find(ImageQuery query);

  /**
   * Gives every reference that was resolved or failed, with its image, ordered by key, without
   * holding all of them in memory.
   */
  void forEach(Consumer<ReferenceWithImage> consumer);

  /** How many references have each decision for a runtime; those without a verdict are UNKNOWN. */
  Map<String, Long> decisions(String runtime);

  /**
   * Forgets references that no registry ever had and no sweep looks after, if they were last asked
   * for or tried before a time.
   *
   * @return how many
   */
  int forgetNeverFound(Instant before);
}
