package dev.imgcompat.core.rootfs;

import dev.imgcompat.core.analyze.ElfFact;
import dev.imgcompat.core.analyze.LoaderConfigFact;
import dev.imgcompat.core.elf.ElfFacts;
import dev.imgcompat.core.image.ImageConfig;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds the C library that a dynamic program would load, as its loader would (ld.so(8)): {@code
 * DT_RPATH}, {@code LD_LIBRARY_PATH}, {@code DT_RUNPATH}, the directories of {@code ld.so.conf},
 * and those that the loader has built in. {@code ld.so.cache} is not read: ldconfig makes it of
 * {@code ld.so.conf}. Not thread-safe.
 */
final class LibrarySearch {
  /** As many objects of one program as are looked at for the C library. */
  private static final int MAX_OBJECTS = 256;

  private static final int MAX_DIRECTORIES = 256;
  private static final int MAX_INCLUDES = 64;

  private static final Pattern LIBC_NAME = Pattern.compile("libc\\.so(?:\\.\\d+)*");

  /** The directories that loaders search by themselves: FHS, multilib, and Debian's multiarch. */
  private static final Map<String, List<String>> BUILT_IN =
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

  private final MergedRoot root;
  private final ImageConfig config;
  private final List<String> environment;
  private final List<String> configured;
  private final Map<Question, Optional<Found>> known = new HashMap<>();

  LibrarySearch(MergedRoot root, ImageConfig config) {
    this.root = root;
    this.config = config;
    this.environment = split(config.variable("LD_LIBRARY_PATH").orElse(""), "[:;]");
    this.configured = configuredDirectories();
  }

  /**
   * A file, after all links.
   *
   * @param path absolute
   */
  record At(String path, Node.File file) {
    Optional<ElfFacts> elf() {
      return Optional.ofNullable(file.fact(ElfFact.class)).map(ElfFact::elf);
    }

    String directory() {
      return path.substring(0, path.lastIndexOf('/'));
    }
  }

  /**
   * The C library that a program loads.
   *
   * @param library the file
   * @param name under which it was looked for
   * @param how it was found, in words
   */
  record Found(At library, String name, String how) {}

  /** What the answer depends on, so that a thousand programs ask once. */
  private record Question(
      String interpreter, String machine, String name, String rpath, String runpath, String at) {}

  /** Directories, and why they are searched. */
  private record Places(List<String> directories, String how) {}

  /** An object that is loaded, and the one that asked for it. */
  private record Loaded(At at, @Nullable Loaded by) {}

  /** The directories that the loaders of a machine have built in. */
  static List<String> builtIn(String machine) {
    List<String> directories =
        new ArrayList<>(BUILT_IN.getOrDefault(machine, List.of("/lib64", "/usr/lib64")));
    directories.addAll(COMMON);
    return directories;
  }

  /** The machines whose loaders' directories are known, the most usual first. */
  static List<String> machines() {
    List<String> machines = new ArrayList<>(new TreeSet<>(BUILT_IN.keySet()).descendingSet());
    machines.remove("x86-64");
    machines.add(0, "x86-64");
    return machines;
  }

  /** The C library that a program would load; empty for static programs. */
  Optional<Found> libc(At program) {
    Optional<String> interpreter = program.elf().flatMap(ElfFacts::interpreter);
    if (interpreter.isEmpty()) {
      return Optional.empty();
    }
    String loader = interpreter.get().substring(interpreter.get().lastIndexOf('/') + 1);
    if (loader.startsWith("ld-musl")) {
      return file(interpreter.get())
          .map(at -> new Found(at, loader, "musl's loader is its C library"));
    }
    ElfFacts elf = program.elf().get();
    Optional<String> name = elf.needed().stream().filter(n -> isLibc(n)).findFirst();
    return name.isPresent()
        ? direct(program, elf, name.get())
        : indirect(program, loader.contains("uClibc") ? "libc.so.0" : "libc.so.6");
  }

  private static boolean isLibc(String name) {
    return LIBC_NAME.matcher(name).matches();
  }

  private Optional<Found> direct(At program, ElfFacts elf, String name) {
    String rpath = elf.rpath().orElse("");
    String runpath = elf.runpath().orElse("");
    boolean relative = (rpath + runpath).indexOf('$') >= 0;
    Question question =
        new Question(
            elf.interpreter().orElse(""),
            elf.machineName(),
            name,
            rpath,
            runpath,
            relative ? program.directory() : "");
    Optional<Found> answer = known.get(question);
    if (answer == null) {
      answer = find(name, new Loaded(program, null), program);
      known.put(question, answer);
    }
    return answer;
  }

  /** Goes through what the program needs, and what that needs, in the order of the loader. */
  private Optional<Found> indirect(At program, String usual) {
    Deque<Loaded> todo = new ArrayDeque<>(List.of(new Loaded(program, null)));
    Set<String> seen = new HashSet<>();
    while (!todo.isEmpty() && seen.size() < MAX_OBJECTS) {
      Loaded object = todo.pollFirst();
      for (String name : object.at().elf().map(ElfFacts::needed).orElse(List.of())) {
        if (!seen.add(name)) {
          continue;
        }
        Optional<Found> found = find(name, object, program);
        if (found.isPresent() && isLibc(name)) {
          return found;
        }
        found.ifPresent(f -> todo.addLast(new Loaded(f.library(), object)));
      }
    }
    return find(usual, new Loaded(program, null), program);
  }

  private Optional<Found> find(String name, Loaded by, At program) {
    String machine = program.elf().map(ElfFacts::machineName).orElse("");
    if (name.indexOf('/') >= 0) {
      return file(absolute(name))
          .filter(at -> fits(at, machine))
          .map(at -> new Found(at, name, "by its path"));
    }
    for (Places places : places(by, program, machine)) {
      for (String directory : places.directories()) {
        // Loaders before 2004 and for twenty years after preferred this one.
        for (String candidate : List.of(directory + "/tls/" + name, directory + "/" + name)) {
          Optional<At> at = file(candidate).filter(a -> fits(a, machine));
          if (at.isPresent()) {
            return Optional.of(new Found(at.get(), name, places.how()));
          }
        }
      }
    }
    return Optional.empty();
  }

  private List<Places> places(Loaded by, At program, String machine) {
    List<Places> places = new ArrayList<>();
    ElfFacts elf = by.at().elf().orElseThrow();
    if (elf.runpath().isEmpty()) {
      for (Loaded object = by; object != null; object = object.by()) {
        Optional<ElfFacts> facts = object.at().elf();
        if (facts.isPresent() && facts.get().runpath().isEmpty()) {
          add(places, facts.get().rpath(), object.at(), machine, "RPATH");
        }
      }
    }
    if (!environment.isEmpty()) {
      places.add(new Places(environment.stream().map(this::absolute).toList(), "LD_LIBRARY_PATH"));
    }
    add(places, elf.runpath(), by.at(), machine, "RUNPATH");
    places.add(new Places(configured, "/etc/ld.so.conf"));
    Set<String> builtIn = new LinkedHashSet<>();
    program
        .elf()
        .flatMap(ElfFacts::interpreter)
        .ifPresent(
            interpreter -> {
              // A loader's own directory is the first that it was built to search.
              file(interpreter).map(At::directory).ifPresent(builtIn::add);
              int slash = interpreter.lastIndexOf('/');
              builtIn.add(slash < 0 ? "" : interpreter.substring(0, slash));
            });
    builtIn.addAll(builtIn(machine));
    places.add(new Places(List.copyOf(builtIn), "the default directories"));
    return places;
  }

  private void add(
      List<Places> places, Optional<String> path, At object, String machine, String tag) {
    if (path.isEmpty()) {
      return;
    }
    List<String> directories = new ArrayList<>();
    for (String entry : split(path.get(), ":")) {
      for (String lib : machine.equals("x86-64") ? MULTILIB : List.of("lib")) {
        String expanded =
            entry
                .replaceAll("\\$(?:ORIGIN\\b|\\{ORIGIN\\})", quoted(object.directory()))
                .replaceAll("\\$(?:LIB\\b|\\{LIB\\})", quoted(lib))
                .replaceAll("\\$(?:PLATFORM\\b|\\{PLATFORM\\})", quoted(machine.replace('-', '_')));
        directories.add(absolute(expanded));
        if (!entry.contains("LIB")) {
          break;
        }
      }
    }
    places.add(new Places(directories, "the " + tag + " of " + object.path()));
  }

  /** What {@code $LIB} stands for: Red Hat's and Debian's. */
  private static final List<String> MULTILIB = List.of("lib64", "lib/x86_64-linux-gnu", "lib");

  private static String quoted(String text) {
    return java.util.regex.Matcher.quoteReplacement(text);
  }

  private String absolute(String path) {
    return path.startsWith("/") ? path : config.workingDir().orElse("/") + "/" + path;
  }

  /** A loader passes over what is not of its machine. */
  private static boolean fits(At at, String machine) {
    return at.elf().filter(elf -> elf.machineName().equals(machine)).isPresent();
  }

  Optional<At> file(String path) {
    return root.follow(path, true) instanceof MergedRoot.Found found
            && found.node() instanceof Node.File file
        ? Optional.of(new At("/" + found.path(), file))
        : Optional.empty();
  }

  /** The directories that {@code /etc/ld.so.conf} and what it includes list, in their order. */
  private List<String> configuredDirectories() {
    Set<String> directories = new LinkedHashSet<>();
    Deque<String> todo = new ArrayDeque<>(List.of("/etc/ld.so.conf"));
    Set<String> read = new HashSet<>();
    while (!todo.isEmpty() && read.size() < MAX_INCLUDES) {
      String path = todo.pollFirst();
      LoaderConfigFact fact =
          read.add(path)
              ? file(path).map(at -> at.file().fact(LoaderConfigFact.class)).orElse(null)
              : null;
      List<String> included = new ArrayList<>();
      for (String line : fact == null ? List.<String>of() : fact.text().lines().toList()) {
        String text = line.replaceFirst("#.*", "").strip();
        if (text.startsWith("include ") || text.startsWith("include\t")) {
          included.addAll(matching(text.substring("include".length()).strip()));
        } else if (text.startsWith("/") && directories.size() < MAX_DIRECTORIES) {
          // "/usr/lib=libc5" of old names a kind of library that nobody has.
          directories.add(text.replaceFirst("=.*", "").replaceFirst("\\s.*", ""));
        }
      }
      for (int i = included.size() - 1; i >= 0; i--) {
        todo.addFirst(included.get(i));
      }
    }
    return List.copyOf(directories);
  }

  /** The files that an include names: {@code ld.so.conf.d/*.conf}, relative to {@code /etc}. */
  private List<String> matching(String pattern) {
    String absolute = pattern.startsWith("/") ? pattern : "/etc/" + pattern;
    int slash = absolute.lastIndexOf('/');
    String directory = absolute.substring(0, slash);
    String name = absolute.substring(slash + 1);
    if (!(root.follow(directory, true) instanceof MergedRoot.Found found
        && found.node() instanceof Node.Directory node)) {
      return List.of();
    }
    Pattern glob =
        Pattern.compile(Pattern.quote(name).replace("*", "\\E[^/]*\\Q").replace("?", "\\E[^/]\\Q"));
    return node.children().keySet().stream()
        .filter(child -> glob.matcher(child).matches())
        .sorted()
        .map(child -> directory + "/" + child)
        .toList();
  }

  private static List<String> split(String path, String separator) {
    return path.isEmpty() ? List.of() : List.of(path.split(separator, MAX_DIRECTORIES));
  }
}
