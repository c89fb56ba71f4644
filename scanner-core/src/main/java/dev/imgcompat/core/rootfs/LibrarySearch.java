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

  /** Longer names are no file's, and longer paths no directory's. */
  private static final int MAX_NAME = 255;

  private static final int MAX_PATH = 4096;

  /** Characters of all paths looked at; the programs of a whole distribution need a hundredth. */
  private static final long MAX_EFFORT = 100_000_000L;

  private static final Pattern LIBC_NAME = Pattern.compile("libc\\.so(?:\\.\\d{1,4}){0,4}");

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

  /** What {@code $LIB} stands for: Red Hat's and Debian's. */
  private static final List<String> MULTILIB = List.of("lib64", "lib/x86_64-linux-gnu", "lib");

  private final MergedRoot root;
  private final ImageConfig config;
  private final List<String> environment;
  private final List<String> configured;
  private final Map<Question, Optional<Found>> known = new HashMap<>();
  private long effort;

  LibrarySearch(MergedRoot root, ImageConfig config) {
    this.root = root;
    this.config = config;
    this.environment = directories(config.variable("LD_LIBRARY_PATH").orElse(""), "[:;]");
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

  /** An object that is loaded, and the one that asked for it. */
  private final class Loaded {
    final At at;
    final @Nullable Loaded by;
    final List<String> rpath;
    final List<String> runpath;

    /** Whether its RPATH counts: a RUNPATH silences it. */
    final boolean usesRpath;

    Loaded(At at, @Nullable Loaded by) {
      this.at = at;
      this.by = by;
      Optional<ElfFacts> elf = at.elf();
      this.usesRpath = elf.flatMap(ElfFacts::runpath).isEmpty();
      this.rpath = usesRpath ? expanded(elf.flatMap(ElfFacts::rpath), at) : List.of();
      this.runpath = expanded(elf.flatMap(ElfFacts::runpath), at);
    }

    List<String> needed() {
      return at.elf().map(ElfFacts::needed).orElse(List.of());
    }
  }

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
      return file(interpreter.get()).map(at -> new Found(at, loader, "being the C library itself"));
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
    Loaded first = new Loaded(program, null);
    Deque<Loaded> todo = new ArrayDeque<>(List.of(first));
    Set<String> seen = new HashSet<>();
    while (!todo.isEmpty()) {
      Loaded object = todo.pollFirst();
      for (String name : object.needed()) {
        if (seen.size() >= MAX_OBJECTS || !seen.add(name)) {
          continue;
        }
        Optional<Found> found = find(name, object, program);
        if (found.isPresent() && isLibc(name)) {
          return found;
        }
        found.ifPresent(f -> todo.addLast(new Loaded(f.library(), object)));
      }
    }
    return find(usual, first, program);
  }

  private Optional<Found> find(String name, Loaded by, At program) {
    String machine = program.elf().map(ElfFacts::machineName).orElse("");
    if (name.indexOf('/') >= 0) {
      return spend(name.length()) && name.length() <= MAX_PATH
          ? file(absolute(name))
              .filter(at -> fits(at, machine))
              .map(at -> new Found(at, name, "its path"))
          : Optional.empty();
    }
    if (name.length() > MAX_NAME) {
      return Optional.empty();
    }
    Optional<Found> found = Optional.empty();
    if (by.usesRpath) {
      for (Loaded object = by; object != null && found.isEmpty(); object = object.by) {
        found = look(object.rpath, name, machine, "the RPATH of " + object.at.path());
      }
    }
    return found
        .or(() -> look(environment, name, machine, "LD_LIBRARY_PATH"))
        .or(() -> look(by.runpath, name, machine, "the RUNPATH of " + by.at.path()))
        .or(() -> look(configured, name, machine, "/etc/ld.so.conf"))
        .or(() -> look(defaults(program, machine), name, machine, "the default directories"));
  }

  private Optional<Found> look(List<String> directories, String name, String machine, String how) {
    for (String directory : directories) {
      // Old loaders prefer what knows thread-local storage; such directories are long gone.
      for (String candidate : List.of(directory + "/tls/" + name, directory + "/" + name)) {
        if (!spend(candidate.length())) {
          return Optional.empty();
        }
        Optional<At> at = file(candidate).filter(a -> fits(a, machine));
        if (at.isPresent()) {
          return Optional.of(new Found(at.get(), name, how));
        }
      }
    }
    return Optional.empty();
  }

  /** Takes from what may be spent on one image; false where nothing is left. */
  private boolean spend(long characters) {
    effort += characters;
    return effort <= MAX_EFFORT;
  }

  private List<String> defaults(At program, String machine) {
    Set<String> directories = new LinkedHashSet<>();
    program
        .elf()
        .flatMap(ElfFacts::interpreter)
        .ifPresent(
            interpreter -> {
              // A loader's own directory is the first that it was built to search.
              file(interpreter).map(At::directory).ifPresent(directories::add);
              int slash = interpreter.lastIndexOf('/');
              directories.add(slash < 0 ? "" : interpreter.substring(0, slash));
            });
    directories.addAll(builtIn(machine));
    return List.copyOf(directories);
  }

  /** The directories of an RPATH or RUNPATH, with what stands for others filled in. */
  private List<String> expanded(Optional<String> path, At object) {
    if (path.isEmpty()) {
      return List.of();
    }
    String machine = object.elf().map(ElfFacts::machineName).orElse("");
    List<String> expanded = new ArrayList<>();
    for (String entry : path.get().split(":", MAX_DIRECTORIES)) {
      if (entry.indexOf('$') < 0) {
        add(expanded, entry);
        continue;
      }
      long tokens = entry.chars().filter(c -> c == '$').count();
      if (entry.length() + tokens * object.path().length() > MAX_PATH) {
        continue; // too long for any directory
      }
      for (String lib : machine.equals("x86-64") ? MULTILIB : List.of("lib")) {
        String filled = entry;
        filled = filled.replace("${ORIGIN}", object.directory());
        filled = filled.replace("$ORIGIN", object.directory());
        filled = filled.replace("${PLATFORM}", machine.replace('-', '_'));
        filled = filled.replace("$PLATFORM", machine.replace('-', '_'));
        boolean variants = filled.contains("$LIB") || filled.contains("${LIB}");
        add(expanded, filled.replace("${LIB}", lib).replace("$LIB", lib));
        if (!variants) {
          break;
        }
      }
    }
    return expanded;
  }

  private void add(List<String> directories, String path) {
    if (path.length() <= MAX_PATH && spend(path.length())) {
      directories.add(absolute(path));
    }
  }

  private String absolute(String path) {
    return path.startsWith("/") ? path : config.workingDir().orElse("/") + "/" + path;
  }

  /** A loader passes over what is not of its machine. */
  private static boolean fits(At at, String machine) {
    return at.elf().filter(elf -> elf.machineName().equals(machine)).isPresent();
  }

  /** Whether there was so much to look at that some of it was left out. */
  boolean gaveUp() {
    return effort > MAX_EFFORT;
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
    int includes = 0;
    while (!todo.isEmpty() && read.size() < MAX_INCLUDES) {
      String path = todo.pollFirst();
      LoaderConfigFact fact =
          read.add(path)
              ? file(path).map(at -> at.file().fact(LoaderConfigFact.class)).orElse(null)
              : null;
      List<String> included = new ArrayList<>();
      for (String line : fact == null ? List.<String>of() : fact.text().lines().toList()) {
        int comment = line.indexOf('#');
        String text = (comment < 0 ? line : line.substring(0, comment)).strip();
        if (text.startsWith("include ") || text.startsWith("include\t")) {
          if (++includes <= MAX_INCLUDES) {
            included.addAll(matching(text.substring("include".length()).strip()));
          }
        } else if (text.startsWith("/") && directories.size() < MAX_DIRECTORIES) {
          // "/usr/lib=libc5" of old names a kind of library that nobody has.
          String directory = text.split("[=\\s]", 2)[0];
          if (directory.length() <= MAX_PATH) {
            directories.add(directory);
          }
        }
      }
      for (int i = Math.min(included.size(), MAX_INCLUDES) - 1; i >= 0; i--) {
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
    if (absolute.length() > MAX_PATH || name.length() > MAX_NAME) {
      return List.of();
    }
    long stars = name.chars().filter(c -> c == '*').count();
    if (!(root.follow(directory, true) instanceof MergedRoot.Found found
        && found.node() instanceof Node.Directory node)) {
      return List.of();
    }
    return node.children().keySet().stream()
        .filter(child -> spend(child.length() * (1 + stars)) && globMatches(name, child))
        .sorted()
        .map(child -> directory + "/" + child)
        .toList();
  }

  /** Whether a name matches a pattern of {@code *} and {@code ?}, in time of their product. */
  static boolean globMatches(String pattern, String name) {
    int p = 0;
    int n = 0;
    int star = -1;
    int retry = 0;
    while (n < name.length()) {
      char wanted = p < pattern.length() ? pattern.charAt(p) : 0;
      if (wanted == '*') {
        star = p++;
        retry = n;
      } else if (wanted != 0 && (wanted == '?' || wanted == name.charAt(n))) {
        p++;
        n++;
      } else if (star >= 0) {
        // The last star takes one character more; what came before it need not be tried again.
        p = star + 1;
        n = ++retry;
      } else {
        return false;
      }
    }
    while (p < pattern.length() && pattern.charAt(p) == '*') {
      p++;
    }
    return p == pattern.length();
  }

  private List<String> directories(String path, String separator) {
    List<String> directories = new ArrayList<>();
    if (!path.isEmpty()) {
      for (String entry : path.split(separator, MAX_DIRECTORIES)) {
        add(directories, entry);
      }
    }
    return directories;
  }
}
