package dev.imgcompat.service.sweep;

import dev.imgcompat.core.image.ImageReference;
import dev.imgcompat.core.image.ImageReference.InRegistry;
import dev.imgcompat.core.image.Printable;
import dev.imgcompat.core.image.ScanException;
import dev.imgcompat.core.image.Secrets;
import dev.imgcompat.core.sweep.plan.SourceSpec;
import dev.imgcompat.core.sweep.plan.SourceSpec.Catalog;
import dev.imgcompat.core.sweep.plan.SourceSpec.Harbor;
import dev.imgcompat.core.sweep.plan.SourceSpec.Kubernetes;
import dev.imgcompat.core.sweep.plan.SourceSpec.Quay;
import dev.imgcompat.core.sweep.plan.SourceSpec.References;
import dev.imgcompat.core.sweep.plan.SourceSpec.Repository;
import dev.imgcompat.core.sweep.plan.SweepPlan;
import dev.imgcompat.service.reach.AllowList;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Says which plans may be swept: those that name no registry which may not be asked, and, if they
 * came over HTTP, no file of this machine. Immutable.
 */
final class PlanCheck {
  private static final String TRANSPORT = "docker://";

  private final AllowList allowed;

  PlanCheck(AllowList allowed) {
    this.allowed = allowed;
  }

  /** Requires that a plan of the operator's file may be swept. */
  void requireOfFile(SweepPlan plan) throws InvalidPlanException {
    for (SourceSpec source : plan.sources()) {
      requireAllowed(source);
      if (source instanceof References references
          && references.file().filter(f -> f.equals(Path.of("-"))).isPresent()) {
        throw new InvalidPlanException("reads standard input, which a service has not");
      }
    }
  }

  /** Requires that a plan of a request may be swept. */
  void requireOfRequest(SweepPlan plan) throws InvalidPlanException {
    for (SourceSpec source : plan.sources()) {
      requireAllowed(source);
      boolean file = source instanceof References references && references.file().isPresent();
      if (file || (source instanceof Kubernetes cluster && cluster.kubeconfig().isPresent())) {
        throw new InvalidPlanException(
            "names a file of the service's machine: only plans of the file sweeps.plans may");
      }
    }
    if (plan.schedule().isPresent()) {
      throw new InvalidPlanException(
          "has a schedule: only those of plans of the file sweeps.plans are kept");
    }
  }

  private void requireAllowed(SourceSpec source) throws InvalidPlanException {
    if (source instanceof Catalog catalog) {
      requireAllowed(catalog.registry());
    } else if (source instanceof Harbor harbor) {
      requireAllowed(harbor.registry());
    } else if (source instanceof Quay quay) {
      requireAllowed(quay.registry());
    } else if (source instanceof Repository repository) {
      requireAllowedOf(repository.name());
    } else if (source instanceof References references) {
      for (String reference : references.references()) {
        requireAllowedOf(reference);
      }
    }
  }

  private void requireAllowedOf(String name) throws InvalidPlanException {
    requireNoCredentials(name);
    Optional<String> registry = registry(name);
    if (registry.isPresent()) {
      requireAllowed(registry.get());
    }
  }

  /** What is no reference is told of when it is listed. */
  private static Optional<String> registry(String name) {
    try {
      String bare = name.startsWith(TRANSPORT) ? name : TRANSPORT + name;
      return Optional.of(((InRegistry) ImageReference.parse(bare)).registry());
    } catch (ScanException.InvalidReference e) {
      return Optional.empty();
    }
  }

  /** Does not repeat what may be secret. */
  private static void requireNoCredentials(String name) throws InvalidPlanException {
    String full = name.startsWith(TRANSPORT) ? name : TRANSPORT + name;
    if (!Secrets.masked(full).equals(full)) {
      throw new InvalidPlanException(
          "names a registry with credentials: they do not belong in a plan, where others see them;"
              + " those of the file registries.authfile are used");
    }
  }

  private void requireAllowed(String registry) throws InvalidPlanException {
    requireNoCredentials(registry);
    if (!allowed.isAllowed(registry)) {
      throw new InvalidPlanException(
          "names registry "
              + Printable.of(registry)
              + ", which is not one that may be asked from here");
    }
  }
}
