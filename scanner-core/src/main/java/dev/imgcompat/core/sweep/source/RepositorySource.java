package dev.imgcompat.core.sweep.source;

import dev.imgcompat.core.image.ImageReference;
import dev.imgcompat.core.image.ImageReference.InRegistry;
import dev.imgcompat.core.image.ScanException;
import dev.imgcompat.core.registry.RegistryListings;

/** All tags of one repository. */
final class RepositorySource implements ReferenceSource {
  private static final String TRANSPORT = "docker://";

  private final String registry;
  private final String repository;
  private final RegistryListings listings;

  private RepositorySource(String registry, String repository, RegistryListings listings) {
    this.registry = registry;
    this.repository = repository;
    this.listings = listings;
  }

  /**
   * Makes one.
   *
   * @param name as docker reads it, but without tag and digest
   */
  static RepositorySource of(String name, RegistryListings listings)
      throws ScanException.InvalidReference {
    WrittenReference.requireNoCredentials(name);
    String bare = name.startsWith(TRANSPORT) ? name.substring(TRANSPORT.length()) : name;
    if (bare.indexOf('@') >= 0 || bare.lastIndexOf(':') > bare.lastIndexOf('/')) {
      throw new ScanException.InvalidReference(
          "'"
              + name
              + "' is not the name of a repository alone: write it without tag and digest, such as"
              + " registry.example.com/team/app");
    }
    // As docker reads it: in "oci" that is a repository.
    if (!(ImageReference.parse(TRANSPORT + bare) instanceof InRegistry found)) {
      throw new ScanException.InvalidReference("'" + name + "' is not the name of a repository");
    }
    return new RepositorySource(found.registry(), found.repository(), listings);
  }

  @Override
  public String name() {
    return "repository " + registry + "/" + repository;
  }

  @Override
  public void list(Listing listing) throws InterruptedException {
    if (!listing.wants(registry, repository)) {
      return;
    }
    try {
      listings.tags(
          registry,
          repository,
          tag -> listing.found(ListedReference.tagged(registry, repository, tag)));
    } catch (ScanException e) {
      listing.unlisted(name(), e);
    }
  }

  @Override
  public boolean enumerates(InRegistry reference) {
    return reference.registry().equals(registry) && reference.repository().equals(repository);
  }

  @Override
  public void close() {
    // The listings are not ours.
  }
}
