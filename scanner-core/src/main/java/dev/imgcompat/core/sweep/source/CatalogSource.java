package dev.imgcompat.core.sweep.source;

import dev.imgcompat.core.image.ImageReference.InRegistry;
import dev.imgcompat.core.image.ScanException;
import dev.imgcompat.core.registry.RegistryListings;
import java.util.concurrent.atomic.AtomicInteger;

/** All tags of all repositories that a registry lists. */
final class CatalogSource implements ReferenceSource {
  private static final int MOST_FAILED = 5;

  private final String registry;
  private final RegistryListings listings;

  CatalogSource(String registry, RegistryListings listings) {
    this.registry = registry;
    this.listings = listings;
  }

  @Override
  public String name() {
    return "the catalog of " + registry;
  }

  @Override
  public void list(Listing listing) throws ScanException, InterruptedException {
    AtomicInteger failed = new AtomicInteger();
    listings.repositories(
        registry,
        repository -> {
          if (listing.wants(registry, repository)) {
            tags(repository, listing, failed);
          }
        });
  }

  /**
   * Lists the tags of a repository.
   *
   * @param failed how many repositories in a row could not be listed since nobody answered
   */
  private void tags(String repository, Listing listing, AtomicInteger failed)
      throws ScanException, InterruptedException {
    try {
      listings.tags(
          registry,
          repository,
          tag -> listing.found(ListedReference.tagged(registry, repository, tag)));
      failed.set(0);
    } catch (ScanException.NotFound e) {
      // Registries go on listing a repository whose tags are all deleted, but know none of it.
    } catch (ScanException e) {
      if (e.retryable() && failed.incrementAndGet() >= MOST_FAILED) {
        throw e; // it is down, and each question would be asked again and again
      }
      listing.unlisted(registry, repository, e);
    }
  }

  @Override
  public boolean enumerates(InRegistry reference) {
    return reference.registry().equals(registry);
  }

  @Override
  public void close() {
    // The listings are not ours.
  }
}
