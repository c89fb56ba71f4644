package dev.imgcompat.core.rootfs;

import dev.imgcompat.core.analyze.ElfFact;
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
import java.util.Set;
import java.util.TreeMap;

/** Merges the facts of an image's layers into the facts of the image. */
public final class ImageMerger {
  private static final int MAX_BROKEN = 20;

  private final ImageConfig config;
  private final MergedRoot root = new MergedRoot();
  private final IdentityHashMap<Node.File, List<String>> elfPaths = new IdentityHashMap<>();
  private final Map<String, ReleaseFile> releaseFiles = new TreeMap<>();
  private final Set<Node.File> onPath = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Set<Node.File> atStart = Collections.newSetFromMap(new IdentityHashMap<>());

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
    List<String> broken = root.broken();
    incomplete.addAll(broken.subList(0, Math.min(MAX_BROKEN, broken.size())));
    collect();
    findPathPrograms();
    StartResolver resolver = new StartResolver(root, config);
    List<StartResolver.Resolved> start = resolver.startPrograms();
    start.forEach(s -> s.file().ifPresent(atStart::add));
    LibcFinder libcs = new LibcFinder(root);
    List<StartProgram> programs = new ArrayList<>();
    for (StartResolver.Resolved s : start) {
      programs.add(s.program(libcs.loadedBy(s)));
    }
    List<ElfFile> elfFiles = elfFiles();
    return new ImageFacts(
        config.platform(),
        elfFiles,
        libcs.choose(start, elfFiles),
        programs,
        releaseFiles,
        new RpmFinder(root).find(),
        incomplete);
  }

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
    if (file.fact(ElfFact.class) != null) {
      elfPaths.computeIfAbsent(file, f -> new ArrayList<>()).add(path);
    }
    release(path, file);
  }

  private void release(String path, Node.File file) {
    ReleaseFact fact = file.fact(ReleaseFact.class);
    if (fact != null && PossibleReleaseFile.matches(path)) {
      releaseFiles.put(path, new ReleaseFile(fact.text(), file.layer));
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
            onPath.add(file);
          }
        }
      }
    }
  }

  private List<ElfFile> elfFiles() {
    List<ElfFile> files = new ArrayList<>();
    elfPaths.forEach(
        (file, paths) -> {
          Collections.sort(paths);
          ElfFact fact = file.fact(ElfFact.class);
          if (fact != null) {
            files.add(
                new ElfFile(
                    paths,
                    file.layer,
                    fact.elf(),
                    (file.mode & 0111) != 0,
                    scope(file, fact.elf())));
          }
        });
    files.sort(Comparator.comparing(ElfFile::path));
    return files;
  }

  private Scope scope(Node.File file, ElfFacts elf) {
    if (!elf.isLinked() || elf.isForeign()) {
      return Scope.INERT;
    }
    if (!elf.isProgram()) {
      return Scope.LIBRARY;
    }
    if ((file.mode & 0111) == 0) {
      return Scope.INERT;
    }
    if (atStart.contains(file)) {
      return Scope.START;
    }
    return onPath.contains(file) ? Scope.PATH : Scope.ANY;
  }
}
