package dev.imgcompat.core.sweep.source;

import dev.imgcompat.core.access.RegistryName;
import dev.imgcompat.core.image.ScanException;
import dev.imgcompat.core.registry.RegistryListings;
import dev.imgcompat.core.sweep.plan.SourceSpec;
import java.io.InputStream;

/** Makes sources of what plans say. */
public final class ReferenceSources {
  private ReferenceSources() {}

  /**
   * Makes a source.
   *
   * @param spec any but {@link SourceSpec.Kubernetes}, which only the service has
   * @param listings of registries
   * @param standardInput what {@code -} stands for
   * @throws ScanException if the spec names no registry, repository or readable file
   */
  public static ReferenceSource of(
      SourceSpec spec, RegistryListings listings, InputStream standardInput) throws ScanException {
    if (spec instanceof SourceSpec.Catalog catalog) {
      return new CatalogSource(registry(catalog.registry()), listings);
    }
    if (spec instanceof SourceSpec.Repository repository) {
      return RepositorySource.of(repository.name(), listings);
    }
    if (spec instanceof SourceSpec.Harbor harbor) {
      return HarborSource.of(registry(harbor.registry()), harbor.projects(), listings);
    }
    if (spec instanceof SourceSpec.Quay quay) {
      return QuaySource.of(registry(quay.registry()), quay.namespaces(), listings);
    }
    if (spec instanceof SourceSpec.References references) {
      return ReferencesSource.of(references.file(), references.references(), standardInput);
    }
    throw new IllegalArgumentException("only the service sweeps what runs in a cluster");
  }

  private static String registry(String name) throws ScanException.InvalidReference {
    WrittenReference.requireNoCredentials(name);
    if (!RegistryName.isOne(name)) {
      throw new ScanException.InvalidReference(
          "'" + name + "' is not the name of a registry: write HOST or HOST:PORT");
    }
    return RegistryName.canonical(name);
  }
}
