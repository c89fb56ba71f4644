package dev.imgcompat.core.rootfs;

import dev.imgcompat.core.analyze.ElfFact;
import dev.imgcompat.core.analyze.PackagesFact;
import dev.imgcompat.core.analyze.RpmFact;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Finds the rpm of an image: a program that loads librpm, not a busybox applet of that name. */
final class RpmFinder {
  private static final List<String> PROGRAMS = List.of("/bin/rpm", "/usr/bin/rpm");
  private static final List<String> LIBRARIES = List.of("/usr/lib64", "/usr/lib", "/lib64", "/lib");
  private static final List<String> DATABASES =
      List.of(
          "/var/lib/rpm/Packages",
          "/var/lib/rpm/Packages.db",
          "/var/lib/rpm/rpmdb.sqlite",
          "/usr/lib/sysimage/rpm/Packages.db",
          "/usr/lib/sysimage/rpm/rpmdb.sqlite");

  private final MergedRoot root;

  RpmFinder(MergedRoot root) {
    this.root = root;
  }

  Optional<RpmTool> find() {
    for (String path : PROGRAMS) {
      if (root.follow(path, true) instanceof MergedRoot.Found found
          && found.node() instanceof Node.File file
          && loadsLibrpm(file)) {
        return version("/" + found.path(), file).or(this::ofLibrary).or(this::ofDatabase);
      }
    }
    return Optional.empty();
  }

  private static boolean loadsLibrpm(Node.File file) {
    ElfFact fact = file.fact(ElfFact.class);
    return fact != null && fact.elf().needed().stream().anyMatch(n -> n.startsWith("librpm"));
  }

  private static Optional<RpmTool> version(String path, Node.File file) {
    RpmFact fact = file.fact(RpmFact.class);
    return fact == null
        ? Optional.empty()
        : Optional.of(new RpmTool(fact.version(), path, file.layer(), "program"));
  }

  private Optional<RpmTool> ofLibrary() {
    for (String directory : LIBRARIES) {
      if (root.follow(directory, true) instanceof MergedRoot.Found found
          && found.node() instanceof Node.Directory libraries) {
        List<String> names = new ArrayList<>(libraries.children().keySet());
        Collections.sort(names);
        for (String name : names) {
          if (name.startsWith("librpm") && libraries.child(name) instanceof Node.File file) {
            Optional<RpmTool> tool = version("/" + found.path() + "/" + name, file);
            if (tool.isPresent()) {
              return tool;
            }
          }
        }
      }
    }
    return Optional.empty();
  }

  private Optional<RpmTool> ofDatabase() {
    for (String path : DATABASES) {
      if (root.follow(path, true) instanceof MergedRoot.Found found
          && found.node() instanceof Node.File file) {
        PackagesFact packages = file.fact(PackagesFact.class);
        String version = packages == null ? null : packages.versions().get("rpm");
        if (version != null) {
          return Optional.of(
              new RpmTool(Versions.upstream(version), "/" + found.path(), file.layer(), "rpm"));
        }
      }
    }
    return Optional.empty();
  }
}
