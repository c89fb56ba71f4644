package dev.imgcompat.core.rootfs;

import dev.imgcompat.core.analyze.ElfFact;
import dev.imgcompat.core.analyze.LibcFact;
import dev.imgcompat.core.analyze.PackagesFact;
import dev.imgcompat.core.elf.ElfFacts;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Finds the C library: the one that the start programs would load, or else the one in the system's
 * directories. Other C libraries, such as an SDK's, are not asked.
 */
final class LibcFinder {
  /** The directories that loaders search by themselves: FHS, multilib, and Debian's multiarch. */
  private static final Map<String, List<String>> DIRECTORIES =
      Map.of(
          "x86-64",
          List.of("/lib/x86_64-linux-gnu", "/usr/lib/x86_64-linux-gnu", "/lib64", "/usr/lib64"),
          "i386",
          List.of("/lib/i386-linux-gnu", "/usr/lib/i386-linux-gnu", "/lib32", "/usr/lib32"),
          "x32",
          List.of("/lib/x86_64-linux-gnux32", "/libx32", "/usr/libx32"),
          "aarch64",
          List.of("/lib/aarch64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/lib64", "/usr/lib64"),
          "arm",
          List.of(
              "/lib/arm-linux-gnueabihf",
              "/usr/lib/arm-linux-gnueabihf",
              "/lib/arm-linux-gnueabi",
              "/usr/lib/arm-linux-gnueabi"));

  private static final List<String> COMMON = List.of("/lib", "/usr/lib");

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

  private final MergedRoot root;

  LibcFinder(MergedRoot root) {
    this.root = root;
  }

  private record At(String path, Node.File file) {}

  /** The path of the C library that a program would load; empty for static ones. */
  Optional<String> loadedBy(StartResolver.Resolved program) {
    return program.elf().flatMap(this::library).map(At::path);
  }

  /** The C library of the image. */
  Optional<Libc> choose(List<StartResolver.Resolved> start, List<ElfFile> files) {
    for (StartResolver.Resolved program : start) {
      Optional<Libc> loaded =
          program
              .elf()
              .flatMap(this::library)
              .flatMap(this::describe)
              .or(() -> linkedInto(program));
      if (loaded.isPresent()) {
        return loaded;
      }
    }
    return inSystemDirectories(files).or(this::inDatabase);
  }

  private Optional<At> library(ElfFacts elf) {
    if (elf.interpreter().isEmpty()) {
      return Optional.empty();
    }
    String interpreter = elf.interpreter().get();
    Optional<At> loader = file(interpreter);
    String name = interpreter.substring(interpreter.lastIndexOf('/') + 1);
    if (name.startsWith("ld-musl")) {
      return loader; // musl's loader is its C library
    }
    String soname = name.contains("uClibc") ? "libc.so.0" : "libc.so.6";
    Set<String> directories = new LinkedHashSet<>();
    // A loader's own directory is the first that it was built to search.
    loader.ifPresent(l -> directories.add(l.path().substring(0, l.path().lastIndexOf('/'))));
    directories.addAll(
        DIRECTORIES.getOrDefault(elf.machineName(), List.of("/lib64", "/usr/lib64")));
    directories.addAll(COMMON);
    for (String directory : directories) {
      Optional<At> found = file(directory + "/" + soname).filter(at -> fits(at, elf));
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  private static boolean fits(At at, ElfFacts program) {
    ElfFact fact = at.file().fact(ElfFact.class);
    return fact != null && fact.elf().machineName().equals(program.machineName());
  }

  private Optional<At> file(String path) {
    return root.follow(path, true) instanceof MergedRoot.Found found
            && found.node() instanceof Node.File file
        ? Optional.of(new At("/" + found.path(), file))
        : Optional.empty();
  }

  /** Names a C library by the best evidence: banner, version definitions, file name. */
  private Optional<Libc> describe(At at) {
    ElfFact fact = at.file().fact(ElfFact.class);
    if (fact == null) {
      return Optional.empty();
    }
    Optional<String> machine = Optional.of(fact.elf().machineName());
    LibcFact libc = at.file().fact(LibcFact.class);
    if (libc != null && (!libc.family().equals("glibc") || libc.source().equals("banner"))) {
      Optional<String> version = Optional.of(libc.version()).filter(v -> !v.isEmpty());
      return Optional.of(
          new Libc(libc.family(), version, at.path(), at.file().layer(), machine, libc.source()));
    }
    Optional<String> defined = highestDefined(fact.elf());
    if (defined.isPresent()) {
      return Optional.of(
          new Libc("glibc", defined, at.path(), at.file().layer(), machine, "version-definitions"));
    }
    if (libc != null) {
      return Optional.of(
          new Libc(
              "glibc",
              Optional.of(libc.version()),
              at.path(),
              at.file().layer(),
              machine,
              libc.source()));
    }
    if (at.path().endsWith("/libc.so.0")) {
      return Optional.of(
          new Libc("uclibc", Optional.empty(), at.path(), at.file().layer(), machine, "file-name"));
    }
    Optional<Libc> packaged = inDatabase();
    return Optional.of(
        new Libc(
            "glibc",
            packaged.flatMap(Libc::version),
            at.path(),
            at.file().layer(),
            machine,
            packaged.map(Libc::source).orElse("soname")));
  }

  private static Optional<String> highestDefined(ElfFacts elf) {
    return elf.defines().stream()
        .map(name -> name.substring("GLIBC_".length()))
        .filter(version -> version.matches("\\d+(\\.\\d+){1,2}"))
        .max(Comparator.comparing(Versions::key));
  }

  /** The C library that a static start program tells of. */
  private static Optional<Libc> linkedInto(StartResolver.Resolved program) {
    if (program.file().isEmpty()
        || program.elf().isEmpty()
        || program.elf().get().interpreter().isPresent()) {
      return Optional.empty();
    }
    Node.File file = program.file().get();
    LibcFact libc = file.fact(LibcFact.class);
    return libc == null
        ? Optional.empty()
        : Optional.of(
            new Libc(
                libc.family(),
                Optional.of(libc.version()).filter(v -> !v.isEmpty()),
                program.path().orElse(""),
                file.layer(),
                program.elf().map(ElfFacts::machineName),
                libc.source()));
  }

  private Optional<Libc> inSystemDirectories(List<ElfFile> files) {
    for (Map.Entry<String, List<String>> machine :
        new TreeMap<>(DIRECTORIES).descendingMap().entrySet()) {
      List<String> directories = new ArrayList<>(machine.getValue());
      directories.addAll(COMMON);
      for (String directory : directories) {
        Optional<Libc> libc =
            file(directory + "/libc.so.6")
                .flatMap(this::describe)
                .filter(l -> l.machine().equals(Optional.of(machine.getKey())));
        if (libc.isPresent()) {
          return libc;
        }
      }
    }
    return files.stream()
        .flatMap(f -> f.paths().stream())
        .filter(path -> path.matches("/lib/ld-musl-[^/]*\\.so\\.1"))
        .findFirst()
        .flatMap(this::file)
        .flatMap(this::describe);
  }

  private Optional<Libc> inDatabase() {
    for (Map.Entry<String, String> database : new TreeMap<>(DATABASES).entrySet()) {
      Optional<At> at = file(database.getKey());
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
                packages.manager()));
      }
    }
    return Optional.empty();
  }
}
