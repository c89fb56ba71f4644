package dev.imgcompat.core.sweep.source;

import dev.imgcompat.core.image.ScanException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Remembers what a source lists. */
public final class RecordedListing implements Listing {
  private final Predicate<String> wanted;
  private final List<ListedReference> found = new ArrayList<>();
  private final Map<String, ScanException> unlisted = new LinkedHashMap<>();

  /** Wants everything. */
  public RecordedListing() {
    this(repository -> true);
  }

  /**
   * Wants some things.
   *
   * @param wanted is asked for repositories with their registries
   */
  public RecordedListing(Predicate<String> wanted) {
    this.wanted = wanted;
  }

  @Override
  public boolean wants(String registry, String repository) {
    return wanted.test(registry + "/" + repository);
  }

  @Override
  public void found(ListedReference reference) throws InterruptedException {
    found.add(reference);
  }

  @Override
  public void unlisted(String what, ScanException why) {
    unlisted.put(what, why);
  }

  /** What was found, in its order. */
  public List<ListedReference> found() {
    return found;
  }

  /** The same, in full. */
  public List<String> names() {
    return found.stream().map(reference -> reference.reference().canonical()).toList();
  }

  /** What was not, and why. */
  public Map<String, ScanException> unlisted() {
    return unlisted;
  }
}
