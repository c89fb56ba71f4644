package dev.imgcompat.core.rootfs;

import dev.imgcompat.core.analyze.ElfFact;
import dev.imgcompat.core.analyze.LibcFact;
import dev.imgcompat.core.analyze.ReleaseFact;
import dev.imgcompat.core.elf.ElfFacts;
import dev.imgcompat.core.image.ImageConfig;
import dev.imgcompat.core.layer.LayerFacts;
import dev.imgcompat.core.rootfs.ImageFacts.ReleaseFile;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Merges the facts of an image's layers into the facts of the image. */
public final class ImageMerger {
  /**
   * What has the form of a program, perhaps an execute bit, too, but is not run: what lies beside a
   * boot loader, detached debug information, and what debuggers have for processes of 32 bits.
   */
  private static final Pattern NOT_RUN =
      Pattern.compile(
          "/boot/.*|(?:/usr)?/lib/debug/.*|.*/perf-core/perf-read-vdsox?32"
              + "|.*/valgrind/[^/]*-x86-linux|.*/rr_exec_stub_32");

  /**
   * The same, if it asks for no loader: modules of GRUB and SYSLINUX, memtest, kernels, and glibc's
   * own tools in the root of an SDK, away from {@code /sbin}.
   */
  private static final Pattern NOT_RUN_STATIC =
      Pattern.compile(
          ".*/(?:grub|syslinux)/.*|.*\\.c32|.*/memtest[^/]*|.*/vmlinux[^/]*"
              + "|/.+/s?bin/(?:ldconfig|sln)");

  private final ImageConfig config;
  private final MergedRoot root = new MergedRoot();
  private final IdentityHashMap<Node.Inode, ElfPaths> elfPaths = new IdentityHashMap<>();
  private final Map<String, ReleaseFile> releaseFiles = new TreeMap<>();
  private final Set<Node.Inode> onPath = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Set<Node.Inode> atStart = Collections.newSetFromMap(new IdentityHashMap<>());

  private ImageMerger(ImageConfig config) {
    this.config = config;
  }

  /**
   * Merges.
   *
   * @param config of the image, for its PATH and its start command
   * @param layers bottom first
   */
  public static ImageFacts merge(ImageConfig config, List<LayerFacts> layers) {
    return new ImageMerger(config).run(layers);
  }

  private ImageFacts run(List<LayerFacts> layers) {
    List<String> incomplete = new ArrayList<>();
    for (LayerFacts layer : layers) {
      root.apply(layer);
      incomplete.addAll(layer.unread());
    }
    incomplete.addAll(root.broken());
    collect();
    findPathPrograms();
    LibrarySearch libraries = new LibrarySearch(root, config);
    List<StartResolver.Resolved> start = new StartResolver(root, config, libraries).startPrograms();
    start.forEach(s -> s.files().forEach(at -> atStart.add(at.file().inode)));
    List<ElfFile> elfFiles = elfFiles();
    LibcFinder libcs = new LibcFinder(libraries, elfFiles);
    Optional<Libc> libc = libcs.choose(start);
    if (libraries.gaveUp()) {
      incomplete.add("its programs name too many directories to look for libraries in");
    }
    ToolFinder tools = new ToolFinder(libraries, root, config);
    return new ImageFacts(
        config.platform(),
        elfFiles,
        libc,
        libcs.uses(libc),
        start.stream().map(StartResolver.Resolved::program).toList(),
        releaseFiles,
        tools.distTag(),
        tools.find(start),
        config.volumes(),
        layers.stream().mapToLong(LayerFacts::unpacked).sum(),
        incomplete);
  }

  private record ElfPaths(ElfFacts elf, Optional<String> glibc, List<String> paths) {}

  private record Visit(Node.Directory directory, String path) {}

  /** Goes through the tree without recursion: an image may nest directories ever so deep. */
  private void collect() {
    Deque<Visit> todo = new ArrayDeque<>(List.of(new Visit(root.root(), "")));
    while (!todo.isEmpty()) {
      Visit visit = todo.pollLast();
      visit
          .directory()
          .children()
          .forEach(
              (name, node) -> {
                String path = visit.path() + "/" + name;
                if (node instanceof Node.Directory directory) {
                  todo.addLast(new Visit(directory, path));
                } else if (node instanceof Node.File file) {
                  collect(path, file);
                } else if (node instanceof Node.Link
                    && PossibleReleaseFile.matches(path)
                    && root.follow(path, true) instanceof MergedRoot.Found found
                    && found.node() instanceof Node.File file) {
                  release(path, file);
                }
              });
    }
  }

  private void collect(String path, Node.File file) {
    ElfFact fact = file.fact(ElfFact.class);
    if (fact != null) {
      elfPaths
          .computeIfAbsent(
              file.inode, inode -> new ElfPaths(fact.elf(), linkedGlibc(file), new ArrayList<>()))
          .paths()
          .add(path);
    }
    release(path, file);
  }

  private static Optional<String> linkedGlibc(Node.File file) {
    return Optional.ofNullable(file.fact(LibcFact.class))
        .filter(libc -> libc.family().equals("glibc"))
        .map(LibcFact::version);
  }

  private void release(String path, Node.File file) {
    ReleaseFact fact = file.fact(ReleaseFact.class);
    if (fact != null && PossibleReleaseFile.matches(path)) {
      releaseFiles.put(path, new ReleaseFile(fact.text(), file.layer()));
    }
  }

  private void findPathPrograms() {
    Set<Node.Directory> seen = new HashSet<>();
    for (String directory : config.path()) {
      if (root.follow(directory, true) instanceof MergedRoot.Found found
          && found.node() instanceof Node.Directory node
          && seen.add(node)) {
        for (String name : node.children().keySet()) {
          if (root.follow(found.path() + "/" + name, true) instanceof MergedRoot.Found program
              && program.node() instanceof Node.File file) {
            onPath.add(file.inode);
          }
        }
      }
    }
  }

  private List<ElfFile> elfFiles() {
    List<ElfFile> files = new ArrayList<>();
    elfPaths.forEach(
        (inode, found) -> {
          Collections.sort(found.paths());
          files.add(
              new ElfFile(
                  found.paths(),
                  inode.layer,
                  found.elf(),
                  (inode.mode & 0111) != 0,
                  scope(inode, found.elf(), found.paths()),
                  found.glibc()));
        });
    files.sort(Comparator.comparing(ElfFile::path));
    return files;
  }

  private Scope scope(Node.Inode inode, ElfFacts elf, List<String> paths) {
    boolean executable = (inode.mode & 0111) != 0;
    if (elf.isLinked() && executable && atStart.contains(inode)) {
      return Scope.START; // a loader, too, may be started by its name; and notes stop no kernel
    }
    if (!elf.isLinked() || elf.isForeign()) {
      return Scope.INERT;
    }
    // A static PIE of old tools is not marked as one; on the PATH it is a program all the same.
    boolean program =
        elf.isProgram()
            || (elf.soname().isEmpty() && elf.needed().isEmpty() && onPath.contains(inode));
    if (!program) {
      return Scope.LIBRARY;
    }
    if (!executable) {
      return Scope.INERT;
    }
    if (onPath.contains(inode)) {
      return Scope.PATH;
    }
    return paths.stream().allMatch(path -> isNotRun(path, elf)) ? Scope.INERT : Scope.ANY;
  }

  private static boolean isNotRun(String path, ElfFacts elf) {
    return NOT_RUN.matcher(path).matches()
        || (elf.isStatic() && NOT_RUN_STATIC.matcher(path).matches());
  }
}
