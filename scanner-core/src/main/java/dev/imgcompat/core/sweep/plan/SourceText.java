package dev.imgcompat.core.sweep.plan;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A source as it is written: one of the first members, and what belongs to it. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record SourceText(
    @Nullable String registry,
    @Nullable String harbor,
    @Nullable String quay,
    @Nullable String repository,
    @Nullable String file,
    @Nullable List<String> references,
    @Nullable KubernetesText kubernetes,
    @Nullable List<String> projects,
    @Nullable List<String> namespaces) {
  /** A cluster as it is written. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record KubernetesText(
      @Nullable List<String> namespaces, @Nullable String kubeconfig, @Nullable String context) {}

  SourceSpec spec(int number) throws SweepPlanException {
    String which = "source " + number;
    PlanText.requireNoGap(which + ": references", references);
    PlanText.requireNoGap(which + ": projects", projects);
    PlanText.requireNoGap(which + ": namespaces", namespaces);
    if (kubernetes != null) {
      PlanText.requireNoGap(which + ": namespaces", kubernetes.namespaces());
    }
    boolean listed = file != null || references != null;
    long kinds =
        Stream.of(registry, harbor, quay, repository, kubernetes).filter(k -> k != null).count()
            + (listed ? 1 : 0);
    if (kinds != 1) {
      throw new SweepPlanException(
          which
              + " must have one of registry, harbor, quay, repository, references, file and"
              + " kubernetes");
    }
    if (projects != null && harbor == null) {
      throw new SweepPlanException(which + ": only a Harbor has projects");
    }
    if (namespaces != null && quay == null) {
      throw new SweepPlanException(which + ": only a Quay has namespaces, or a cluster within it");
    }
    if (registry != null) {
      return new SourceSpec.Catalog(registry);
    }
    if (harbor != null) {
      return new SourceSpec.Harbor(harbor, projects == null ? List.of() : projects);
    }
    if (quay != null) {
      if (namespaces == null || namespaces.isEmpty()) {
        throw new SweepPlanException(which + ": a Quay needs namespaces");
      }
      return new SourceSpec.Quay(quay, namespaces);
    }
    if (repository != null) {
      return new SourceSpec.Repository(repository);
    }
    if (kubernetes != null) {
      return new SourceSpec.Kubernetes(
          kubernetes.namespaces() == null ? List.of() : kubernetes.namespaces(),
          path(which, kubernetes.kubeconfig()),
          Optional.ofNullable(kubernetes.context()));
    }
    return new SourceSpec.References(
        path(which, file), references == null ? List.of() : references);
  }

  private static Optional<Path> path(String which, @Nullable String text)
      throws SweepPlanException {
    try {
      return Optional.ofNullable(text).map(Path::of);
    } catch (InvalidPathException e) {
      throw new SweepPlanException(which + " names a file that can be none");
    }
  }

  static SourceText of(SourceSpec spec) {
    if (spec instanceof SourceSpec.Catalog c) {
      return new SourceText(c.registry(), null, null, null, null, null, null, null, null);
    }
    if (spec instanceof SourceSpec.Harbor h) {
      return new SourceText(
          null, h.registry(), null, null, null, null, null, orNull(h.projects()), null);
    }
    if (spec instanceof SourceSpec.Quay q) {
      return new SourceText(null, null, q.registry(), null, null, null, null, null, q.namespaces());
    }
    if (spec instanceof SourceSpec.Repository r) {
      return new SourceText(null, null, null, r.name(), null, null, null, null, null);
    }
    if (spec instanceof SourceSpec.References r) {
      return new SourceText(
          null,
          null,
          null,
          null,
          r.file().map(Path::toString).orElse(null),
          r.references(),
          null,
          null,
          null);
    }
    if (spec instanceof SourceSpec.Kubernetes k) {
      return new SourceText(
          null,
          null,
          null,
          null,
          null,
          null,
          new KubernetesText(
              orNull(k.namespaces()),
              k.kubeconfig().map(Path::toString).orElse(null),
              k.context().orElse(null)),
          null,
          null);
    }
    throw new IllegalArgumentException("no source: " + spec);
  }

  private static @Nullable List<String> orNull(List<String> list) {
    return list.isEmpty() ? null : list;
  }
}
