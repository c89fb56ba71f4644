package dev.imgcompat.core.rootfs;

import dev.imgcompat.core.analyze.ElfFact;
import dev.imgcompat.core.testing.UnpackedTree;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** What a merged root holds, in the words of {@link UnpackedTree}. */
final class MergedTree {
  private final SortedMap<String, String> entries = new TreeMap<>();
  private final IdentityHashMap<Node.Inode, TreeSet<String>> elfs = new IdentityHashMap<>();
  private final IdentityHashMap<Node.Inode, String> marks = new IdentityHashMap<>();
  private final TreeSet<String> names = new TreeSet<>();

  private MergedTree() {}

  /**
   * Lists a merged root.
   *
   * @param named paths, whose names alone are looked for among the files without facts: only the
   *     hashes of these are known
   */
  static SortedMap<String, String> of(MergedRoot root, Iterable<String> named) {
    MergedTree tree = new MergedTree();
    named.forEach(path -> tree.names.addAll(List.of(path.split("/", -1))));
    tree.walk(root.root(), "");
    tree.elfs.forEach(
        (inode, paths) ->
            paths.forEach(
                path -> tree.entries.put(path, UnpackedTree.elf(tree.marks.get(inode), paths))));
    return tree.entries;
  }

  private void walk(Node.Directory directory, String path) {
    for (String name : names) {
      if (directory.hasOther(name)) {
        entries.put(path + "/" + name, "file");
      }
    }
    directory.children().forEach((name, node) -> add(path + "/" + name, node));
  }

  private void add(String path, Node node) {
    if (node instanceof Node.Directory directory) {
      entries.put(path, "directory");
      walk(directory, path);
    } else if (node instanceof Node.Link link) {
      entries.put(path, "-> " + link.target);
    } else if (node instanceof Node.File file) {
      entries.put(path, "file");
      ElfFact fact = file.fact(ElfFact.class);
      if (fact != null) {
        marks.put(file.inode, fact.elf().soname().orElse("none"));
        elfs.computeIfAbsent(file.inode, inode -> new TreeSet<>()).add(path);
      }
    }
  }
}
