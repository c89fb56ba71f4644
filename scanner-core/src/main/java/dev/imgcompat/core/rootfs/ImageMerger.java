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
    StartResolver resolver = new StartResolver(root, config);
    List<StartResolver.Resolved> start = resolver.startPrograms();
    start.forEach(s -> s.file().ifPresent(file -> atStart.add(file.inode)));
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

  private record ElfPaths(ElfFacts elf, List<String> paths) {}

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
          .computeIfAbsent(file.inode, inode -> new ElfPaths(fact.elf(), new ArrayList<>()))
          .paths()
          .add(path);
    }
    release(path, file);
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
                  scope(inode, found.elf())));
        });
    files.sort(Comparator.comparing(ElfFile::path));
    return files;
  }

  private Scope scope(Node.Inode inode, ElfFacts elf) {
    if (!elf.isLinked() || elf.isForeign()) {
      return Scope.INERT;
    }
    boolean executable = (inode.mode & 0111) != 0;
    if (executable && atStart.contains(inode)) {
      return Scope.START; // a loader, too, may be started by its name
    }
    if (!elf.isProgram()) {
      return Scope.LIBRARY;
    }
    if (!executable) {
      return Scope.INERT;
    }
    return onPath.contains(inode) ? Scope.PATH : Scope.ANY;
  }
}
