package dev.imgcompat.core.rootfs;

import dev.imgcompat.core.analyze.PackagesFact;
import dev.imgcompat.core.analyze.ToolFact;
import dev.imgcompat.core.elf.ElfFacts;
import dev.imgcompat.core.image.ImageConfig;
import dev.imgcompat.core.rootfs.ImageFacts.DistTag;
import dev.imgcompat.core.rootfs.LibrarySearch.At;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the tools of an image that guests may not suit. */
final class ToolFinder {
  private static final List<String> RPM_PROGRAMS = List.of("/bin/rpm", "/usr/bin/rpm");
  private static final List<String> LIBRARIES = List.of("/usr/lib64", "/usr/lib", "/lib64", "/lib");
  private static final List<String> RPM_DATABASES =
      List.of(
          "/var/lib/rpm/Packages",
          "/var/lib/rpm/Packages.db",
          "/var/lib/rpm/rpmdb.sqlite",
          "/usr/lib/sysimage/rpm/Packages.db",
          "/usr/lib/sysimage/rpm/rpmdb.sqlite",
          "/usr/share/rpm/rpmdb.sqlite");
  private static final List<String> DATABASES = databases();

  /** Daemons that make containers within the container. */
  private static final List<String> ENGINES = List.of("dockerd", "podman", "buildkitd");

  private static final Pattern LIBZYPP = Pattern.compile("libzypp\\.so\\.(\\d{1,3})(\\d\\d)");

  private static final Pattern LOADS_MODULES =
      Pattern.compile("(?:^|[\\s;&|(/])(modprobe|dkms)(?=[\\s;&|)]|$)");

  private final LibrarySearch libraries;
  private final MergedRoot root;
  private final ImageConfig config;

  ToolFinder(LibrarySearch libraries, MergedRoot root, ImageConfig config) {
    this.libraries = libraries;
    this.root = root;
    this.config = config;
  }

  private static List<String> databases() {
    List<String> all = new ArrayList<>(RPM_DATABASES);
    all.add("/var/lib/dpkg/status");
    all.add("/var/lib/dpkg/status.d/systemd");
    all.add("/lib/apk/db/installed");
    all.add("/usr/lib/apk/db/installed");
    return all;
  }

  /** What a package database says of a package. */
  private record Packaged(String version, String path, int layer, String manager) {
    Tool tool(String name, Scope scope) {
      return new Tool(name, Optional.of(Versions.upstream(version)), path, layer, manager, scope);
    }
  }

  List<Tool> find(List<StartResolver.Resolved> start) {
    List<Tool> tools = new ArrayList<>();
    rpm().ifPresent(tools::add);
    onPath("zypper")
        .map(
            at ->
                new Tool(
                    "zypper",
                    packaged("libzypp", RPM_DATABASES)
                        .map(p -> Versions.upstream(p.version()))
                        .or(() -> libzypp(at)),
                    at.path(),
                    at.file().layer(),
                    "program",
                    Scope.ANY))
        .ifPresent(tools::add);
    for (String engine : ENGINES) {
      onPath(engine)
          .map(
              at ->
                  new Tool(
                      engine,
                      Optional.empty(),
                      at.path(),
                      at.file().layer(),
                      "program",
                      Scope.PATH))
          .ifPresent(tools::add);
    }
    start.stream()
        .filter(s -> s.program().configured())
        .findFirst()
        .flatMap(StartResolver.Resolved::file)
        .filter(at -> at.path().endsWith("/systemd"))
        .map(this::systemd)
        .ifPresent(tools::add);
    Matcher modules = LOADS_MODULES.matcher(String.join(" ", config.startCommand()));
    if (modules.find()) {
      String name = modules.group(1);
      Optional<At> at = onPath(name);
      tools.add(
          new Tool(
              name,
              Optional.empty(),
              at.map(At::path).orElse(name),
              at.map(a -> a.file().layer()).orElse(-1),
              "program",
              Scope.START));
    }
    return tools;
  }

  /** The version of the package glibc, with the tag of its distribution. */
  Optional<DistTag> distTag() {
    return packaged("glibc", RPM_DATABASES).map(p -> new DistTag(p.version(), p.path(), p.layer()));
  }

  /**
   * The name under which zypper loads its library has the major version, and the last minor one
   * that broke programs: libzypp.so.1722 may be 17.22 or any later 17, and so tells nothing; before
   * 17 it tells enough.
   */
  private static Optional<String> libzypp(At zypper) {
    return zypper.elf().map(ElfFacts::needed).orElse(List.of()).stream()
        .map(LIBZYPP::matcher)
        .filter(Matcher::matches)
        .filter(matcher -> Integer.parseInt(matcher.group(1)) < 17)
        .map(matcher -> matcher.group(1) + "." + Integer.parseInt(matcher.group(2)))
        .findFirst();
  }

  private Tool systemd(At at) {
    ToolFact fact = at.file().fact(ToolFact.class);
    if (fact != null) {
      return new Tool(
          "systemd",
          Optional.of(fact.version()),
          at.path(),
          at.file().layer(),
          "program",
          Scope.START);
    }
    return packaged("systemd", DATABASES)
        .map(p -> p.tool("systemd", Scope.START))
        .orElse(
            new Tool(
                "systemd", Optional.empty(), at.path(), at.file().layer(), "program", Scope.START));
  }

  private Optional<At> onPath(String name) {
    for (String directory : config.path()) {
      Optional<At> at = libraries.file(directory + "/" + name).filter(a -> a.file().isExecutable());
      if (at.isPresent()) {
        return at;
      }
    }
    return Optional.empty();
  }

  /** A program that loads librpm, not a busybox applet of that name. */
  private Optional<Tool> rpm() {
    return RPM_PROGRAMS.stream()
        .flatMap(path -> libraries.file(path).stream())
        .filter(
            at ->
                at.elf().map(ElfFacts::needed).orElse(List.of()).stream()
                    .anyMatch(name -> name.startsWith("librpm")))
        .findFirst()
        .map(
            at ->
                rpm(at, "program")
                    .or(this::rpmLibrary)
                    .or(() -> packaged("rpm", RPM_DATABASES).map(p -> p.tool("rpm", Scope.ANY)))
                    .orElse(
                        new Tool(
                            "rpm",
                            Optional.empty(),
                            at.path(),
                            at.file().layer(),
                            "program",
                            Scope.ANY)));
  }

  private static Optional<Tool> rpm(At at, String source) {
    return Optional.ofNullable(at.file().fact(ToolFact.class))
        .filter(fact -> fact.tool().equals("rpm"))
        .map(
            fact ->
                new Tool(
                    "rpm",
                    Optional.of(fact.version()),
                    at.path(),
                    at.file().layer(),
                    source,
                    Scope.ANY));
  }

  private Optional<Tool> rpmLibrary() {
    for (String directory : LIBRARIES) {
      if (root.follow(directory, true) instanceof MergedRoot.Found found
          && found.node() instanceof Node.Directory node) {
        Optional<Tool> tool =
            node.children().keySet().stream()
                .filter(name -> name.startsWith("librpm"))
                .sorted()
                .flatMap(name -> libraries.file(directory + "/" + name).stream())
                .flatMap(at -> rpm(at, "library").stream())
                .findFirst();
        if (tool.isPresent()) {
          return tool;
        }
      }
    }
    return Optional.empty();
  }

  private Optional<Packaged> packaged(String name, List<String> databases) {
    for (String path : databases) {
      Optional<At> at = libraries.file(path);
      PackagesFact packages = at.map(a -> a.file().fact(PackagesFact.class)).orElse(null);
      String version = packages == null ? null : packages.versions().get(name);
      if (at.isPresent() && packages != null && version != null) {
        return Optional.of(
            new Packaged(version, at.get().path(), at.get().file().layer(), packages.manager()));
      }
    }
    return Optional.empty();
  }
}
