package dev.imgcompat.cli;

import dev.imgcompat.core.access.RegistryName;
import dev.imgcompat.core.image.Secrets;
import dev.imgcompat.core.sweep.plan.SourceSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Where the references of a sweep come from. */
final class SourceOptions {
  private static final String STDIN = "-";

  @Parameters(
      arity = "0..*",
      paramLabel = "REFERENCE",
      description = "NAME[:TAG][@DIGEST], one by one; - alone reads them from standard input.")
  private List<String> references = new ArrayList<>();

  @Option(
      names = "--from-file",
      paramLabel = "FILE",
      description = "Reads references from a file (- for standard input), one a line.")
  private List<Path> files = new ArrayList<>();

  @Option(
      names = "--registry",
      paramLabel = "HOST",
      description = "All repositories of a registry, by its catalog.")
  private List<String> registries = new ArrayList<>();

  @Option(
      names = "--harbor",
      paramLabel = "HOST[/PROJECT]",
      description = "A Harbor, or a project of it, by its own API.")
  private List<String> harbors = new ArrayList<>();

  @Option(
      names = "--quay",
      paramLabel = "HOST/NAMESPACE",
      description = "A namespace of a Quay, by its own API.")
  private List<String> quays = new ArrayList<>();

  @Option(
      names = "--repository",
      paramLabel = "NAME",
      description = "All tags of one repository, such as registry.corp/team/app.")
  private List<String> repositories = new ArrayList<>();

  /** What was asked for, in one order whatever that of the options; empty if nothing was. */
  List<SourceSpec> specs() throws UsageException {
    List<SourceSpec> specs = new ArrayList<>();
    for (String registry : once(registries)) {
      specs.add(new SourceSpec.Catalog(registry("--registry", registry)));
    }
    specs.addAll(harbors());
    specs.addAll(quays());
    for (String repository : once(repositories)) {
      specs.add(new SourceSpec.Repository(repository));
    }
    Set<Path> wanted = new LinkedHashSet<>(files);
    if (references.contains(STDIN)) {
      wanted.add(Path.of(STDIN));
    }
    for (Path file : wanted) {
      specs.add(new SourceSpec.References(Optional.of(file), List.of()));
    }
    List<String> named = once(references).stream().filter(r -> !r.equals(STDIN)).toList();
    if (!named.isEmpty()) {
      specs.add(new SourceSpec.References(Optional.empty(), named));
    }
    return specs;
  }

  private List<SourceSpec> harbors() throws UsageException {
    Map<String, Set<String>> projects = new LinkedHashMap<>();
    Set<String> whole = new LinkedHashSet<>();
    for (String harbor : harbors) {
      String[] parts = harbor.split("/", 2);
      String host = registry("--harbor", parts[0]);
      Set<String> some = projects.computeIfAbsent(host, h -> new LinkedHashSet<>());
      if (parts.length == 1) {
        whole.add(host);
      } else {
        some.add(part("--harbor", harbor, parts[1]));
      }
    }
    List<SourceSpec> specs = new ArrayList<>();
    projects.forEach(
        (host, some) ->
            specs.add(
                new SourceSpec.Harbor(host, whole.contains(host) ? List.of() : List.copyOf(some))));
    return specs;
  }

  private List<SourceSpec> quays() throws UsageException {
    Map<String, Set<String>> namespaces = new LinkedHashMap<>();
    for (String quay : quays) {
      String[] parts = quay.split("/", 2);
      String host = registry("--quay", parts[0]);
      namespaces
          .computeIfAbsent(host, h -> new LinkedHashSet<>())
          .add(part("--quay", quay, parts.length == 1 ? "" : parts[1]));
    }
    List<SourceSpec> specs = new ArrayList<>();
    namespaces.forEach((host, some) -> specs.add(new SourceSpec.Quay(host, List.copyOf(some))));
    return specs;
  }

  private static String registry(String option, String name) throws UsageException {
    if (!RegistryName.isOne(name)) {
      throw new UsageException(
          option + ": '" + Secrets.masked(name) + "' is no HOST or HOST:PORT of a registry");
    }
    return RegistryName.canonical(name);
  }

  private static String part(String option, String whole, String part) throws UsageException {
    if (part.isEmpty() || part.indexOf('/') >= 0) {
      throw new UsageException(
          option
              + ": '"
              + Secrets.masked(whole)
              + "' is not "
              + (option.equals("--quay") ? "HOST/NAMESPACE" : "HOST or HOST/PROJECT"));
    }
    return part;
  }

  private static List<String> once(List<String> all) {
    return List.copyOf(new LinkedHashSet<>(all));
  }
}
