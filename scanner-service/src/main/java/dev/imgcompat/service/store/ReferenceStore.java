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

  /** Keeps what was found. */
  void put(StoredReference reference);

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
   * Forgets references that no registry ever had, if they were last asked for or tried before a
   * time.
   *
   * @return how many
   */
  int forgetNeverFound(Instant before);
}
