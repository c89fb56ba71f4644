package dev.imgcompat.core.rootfs;

import dev.imgcompat.core.analyze.LibcFact;
import dev.imgcompat.core.analyze.PackagesFact;
import dev.imgcompat.core.elf.ElfFacts;
import dev.imgcompat.core.rootfs.LibrarySearch.At;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Finds the C libraries of an image and which programs would load each; the one that its start
 * programs load is the C library of the image.
 */
final class LibcFinder {
  private static final int MAX_EXAMPLES = 3;

  /** Where package databases are, and under which name each knows the C library. */
  private static final Map<String, String> DATABASES =
      Map.of(
          "/var/lib/dpkg/status", "libc6",
          "/var/lib/dpkg/status.d/libc6", "libc6",
          "/var/lib/rpm/Packages", "glibc",
          "/var/lib/rpm/Packages.db", "glibc",
          "/var/lib/rpm/rpmdb.sqlite", "glibc",
          "/usr/lib/sysimage/rpm/Packages.db", "glibc",
          "/usr/lib/sysimage/rpm/rpmdb.sqlite", "glibc",
          "/usr/share/rpm/rpmdb.sqlite", "glibc");

  private final LibrarySearch libraries;
  private final List<ElfFile> files;
  private final Map<String, Libc> described = new TreeMap<>();

  /** By path of the library, the programs that load it. */
  private final Map<String, List<ElfFile>> users = new LinkedHashMap<>();

  /** The paths of all programs that were seen to load one. */
  private final Set<String> served = new HashSet<>();

  LibcFinder(LibrarySearch libraries, List<ElfFile> files) {
    this.libraries = libraries;
    this.files = files;
    for (ElfFile file : files) {
      if (file.isRun() && file.elf().interpreter().isPresent()) {
        libraries
            .file(file.path())
            .flatMap(libraries::libc)
            .map(LibrarySearch.Found::library)
            .ifPresent(
                library -> {
                  served.add(file.path());
                  users.computeIfAbsent(library.path(), k -> new ArrayList<>()).add(file);
                  if (!described.containsKey(library.path())) {
                    describe(library).ifPresent(libc -> described.put(library.path(), libc));
                  }
                });
      }
    }
  }

  /** The C library of the image: one that a start program loads goes before one linked into it. */
  Optional<Libc> choose(List<StartResolver.Resolved> start) {
    return start.stream()
        .flatMap(program -> program.program().libc().stream())
        .flatMap(path -> libraries.file(path).stream())
        .flatMap(at -> describe(at).stream())
        .findFirst()
        .or(
            () ->
                start.stream()
                    .flatMap(program -> program.file().stream())
                    .flatMap(at -> linkedInto(at).stream())
                    .findFirst())
        .or(this::mostUsed)
        .or(this::inSystemDirectories)
        .or(this::inDatabase);
  }

  /**
   * All C libraries that programs load, those that call the vsyscall page though no program loads
   * them, and the one of the image.
   */
  List<LibcUse> uses(Optional<Libc> chosen) {
    Map<String, LibcUse> uses = new TreeMap<>();
    described.forEach((path, libc) -> uses.put(path, use(libc, users.get(path))));
    chosen
        .filter(libc -> !uses.containsKey(libc.path()))
        .filter(
            libc ->
                libraries.file(libc.path()).flatMap(At::elf).filter(ElfFacts::isStatic).isEmpty())
        .ifPresent(libc -> uses.put(libc.path(), unused(libc, servable(libc))));
    for (ElfFile file : files) {
      if (isLibc(file) && file.elf().vsyscall().callCount() > 0 && !isKnown(file, uses)) {
        libraries
            .file(file.path())
            .flatMap(this::describe)
            .ifPresent(libc -> uses.put(libc.path(), unused(libc, Scope.INERT)));
      }
    }
    return List.copyOf(uses.values());
  }

  private static boolean isKnown(ElfFile file, Map<String, LibcUse> uses) {
    return file.paths().stream().anyMatch(uses::containsKey);
  }

  private static boolean isLibc(ElfFile file) {
    return file.elf().soname().filter("libc.so.6"::equals).isPresent();
  }

  private LibcUse use(Libc libc, List<ElfFile> programs) {
    return new LibcUse(
        libc,
        programs.stream().map(ElfFile::scope).min(Comparator.naturalOrder()).orElse(Scope.INERT),
        programs.size(),
        programs.stream()
            .sorted(Comparator.comparing(ElfFile::scope).thenComparing(ElfFile::path))
            .limit(MAX_EXAMPLES)
            .map(ElfFile::path)
            .toList());
  }

  private LibcUse unused(Libc libc, Scope scope) {
    return new LibcUse(libc, scope, 0, List.of());
  }

  /** The scope of the programs that a C library could serve which were not seen to load any. */
  private Scope servable(Libc libc) {
    return files.stream()
        .filter(f -> f.isRun() && f.elf().interpreter().isPresent())
        .filter(f -> libc.machine().map(m -> m.equals(f.elf().machineName())).orElse(true))
        .filter(f -> !served.contains(f.path()))
        .map(ElfFile::scope)
        .min(Comparator.naturalOrder())
        .orElse(Scope.LIBRARY);
  }

  private Optional<Libc> mostUsed() {
    return described.values().stream()
        .map(libc -> use(libc, users.get(libc.path())))
        .min(
            Comparator.comparing(LibcUse::scope)
                .thenComparing(use -> -use.programs())
                .thenComparing(use -> use.libc().path()))
        .map(LibcUse::libc);
  }

  /** Names a C library by the best evidence: banner, version definitions, file name. */
  private Optional<Libc> describe(At at) {
    Optional<ElfFacts> elf = at.elf();
    if (elf.isEmpty()) {
      return Optional.empty();
    }
    LibcFact fact = at.file().fact(LibcFact.class);
    if (fact != null && (!fact.family().equals("glibc") || fact.source().equals("banner"))) {
      return Optional.of(libc(at, elf.get(), fact.family(), fact.version(), fact.source()));
    }
    Optional<String> defined = highestDefined(elf.get());
    if (defined.isPresent()) {
      return Optional.of(libc(at, elf.get(), "glibc", defined.get(), "version-definitions"));
    }
    if (fact != null) {
      return Optional.of(libc(at, elf.get(), "glibc", fact.version(), fact.source()));
    }
    if (at.path().endsWith("/libc.so.0")) {
      return Optional.of(libc(at, elf.get(), "uclibc", "", "file-name"));
    }
    Optional<Libc> packaged = inDatabase();
    return Optional.of(
        libc(
            at,
            elf.get(),
            "glibc",
            packaged.flatMap(Libc::version).orElse(""),
            packaged.map(Libc::source).orElse("soname")));
  }

  private static Libc libc(At at, ElfFacts elf, String family, String version, String source) {
    return new Libc(
        family,
        Optional.of(version).filter(v -> !v.isEmpty()),
        at.path(),
        at.file().layer(),
        Optional.of(elf.machineName()),
        source,
        Optional.of(elf.vsyscall()));
  }

  private static Optional<String> highestDefined(ElfFacts elf) {
    return elf.defines().stream()
        .map(name -> name.substring("GLIBC_".length()))
        .filter(version -> version.matches("\\d+(\\.\\d+){1,2}"))
        .max(Comparator.comparing(Versions::key));
  }

  /** The C library that a static start program tells of. */
  private static Optional<Libc> linkedInto(At program) {
    LibcFact fact = program.file().fact(LibcFact.class);
    return program
        .elf()
        .filter(elf -> elf.interpreter().isEmpty() && fact != null)
        .map(elf -> libc(program, elf, fact.family(), fact.version(), fact.source()));
  }

  private Optional<Libc> inSystemDirectories() {
    for (String machine : LibrarySearch.machines()) {
      for (String directory : LibrarySearch.builtIn(machine)) {
        Optional<Libc> libc =
            libraries
                .file(directory + "/libc.so.6")
                .flatMap(this::describe)
                .filter(l -> l.machine().equals(Optional.of(machine)));
        if (libc.isPresent()) {
          return libc;
        }
      }
    }
    return files.stream()
        .flatMap(f -> f.paths().stream())
        .filter(path -> path.matches("/lib/ld-musl-[^/]*\\.so\\.1"))
        .findFirst()
        .flatMap(libraries::file)
        .flatMap(this::describe);
  }

  private Optional<Libc> inDatabase() {
    for (Map.Entry<String, String> database : new TreeMap<>(DATABASES).entrySet()) {
      Optional<At> at = libraries.file(database.getKey());
      PackagesFact packages = at.map(a -> a.file().fact(PackagesFact.class)).orElse(null);
      String version = packages == null ? null : packages.versions().get(database.getValue());
      if (at.isPresent() && packages != null && version != null) {
        return Optional.of(
            new Libc(
                "glibc",
                Optional.of(Versions.upstream(version)),
                at.get().path(),
                at.get().file().layer(),
                Optional.empty(),
                packages.manager(),
                Optional.empty()));
      }
    }
    return Optional.empty();
  }
}
