package dev.imgcompat.core.sweep.source;

import dev.imgcompat.core.image.ImageReference.InRegistry;
import dev.imgcompat.core.image.ScanException;
import dev.imgcompat.core.registry.RegistryListings;

/** All tags of all repositories that a registry lists. */
final class CatalogSource implements ReferenceSource {
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
    Unanswered unanswered = new Unanswered();
    listings.repositories(
        registry,
        repository -> {
          if (listing.wants(registry, repository)) {
            tags(repository, listing, unanswered);
          }
        });
  }

  private void tags(String repository, Listing listing, Unanswered unanswered)
      throws ScanException, InterruptedException {
    try {
      listings.tags(
          registry,
          repository,
          tag -> listing.found(ListedReference.tagged(registry, repository, tag)));
      unanswered.answered();
    } catch (ScanException.NotFound e) {
      // Registries go on listing a repository whose tags are all deleted, but know none of it.
    } catch (ScanException e) {
      unanswered.failed(e);
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
