package dev.imgcompat.core.sweep.plan;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Where references are to come from. Immutable. */
public sealed interface SourceSpec {
  /**
   * All repositories of a registry, by its catalog.
   *
   * @param registry host, with a port where it has one; {@code docker.io} is Docker Hub
   */
  record Catalog(String registry) implements SourceSpec {}

  /**
   * A Harbor, by its own API.
   *
   * @param registry its host
   * @param projects only these; all that can be seen if empty
   */
  record Harbor(String registry, List<String> projects) implements SourceSpec {
    public Harbor {
      projects = List.copyOf(projects);
    }
  }

  /**
   * A Quay, by its own API.
   *
   * @param registry its host
   * @param namespaces organisations and users; at least one
   */
  record Quay(String registry, List<String> namespaces) implements SourceSpec {
    public Quay {
      namespaces = List.copyOf(namespaces);
    }
  }

  /**
   * The tags of one repository.
   *
   * @param name such as {@code registry.example/team/app}; a name without a registry is Docker
   *     Hub's
   */
  record Repository(String name) implements SourceSpec {}

  /**
   * References, one by one.
   *
   * @param file with one a line, {@code -} for standard input; besides those that are named here
   * @param references as docker writes them
   */
  record References(Optional<Path> file, List<String> references) implements SourceSpec {
    public References {
      references = List.copyOf(references);
    }
  }

  /**
   * What runs in a Kubernetes cluster, and what is to run there: pods, jobs and cron jobs.
   *
   * @param namespaces only these; all if empty
   * @param kubeconfig where the cluster is, and as whom to ask; by default that of the pod that
   *     this runs in
   * @param context of the kubeconfig; its current one by default
   */
  record Kubernetes(List<String> namespaces, Optional<Path> kubeconfig, Optional<String> context)
      implements SourceSpec {
    public Kubernetes {
      namespaces = List.copyOf(namespaces);
    }
  }
}
