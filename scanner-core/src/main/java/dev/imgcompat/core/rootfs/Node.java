package dev.imgcompat.core.rootfs;

import dev.imgcompat.core.layer.FileFact;
import dev.imgcompat.core.layer.NameHashes;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A name in the merged tree, and what it stands for. */
abstract sealed class Node {
  /** The index of the layer that put the name there, bottom first. */
  int owner;

  private Node(int owner) {
    this.owner = owner;
  }

  /** A directory. */
  static final class Directory extends Node {
    /** How many directories lie above it. */
    final int depth;

    private final Map<String, Node> children = new HashMap<>();
    private final NameOwners others = new NameOwners();

    Directory(int owner, int depth) {
      super(owner);
      this.depth = depth;
    }

    /** A layer has an entry for it, so that the layer's own whiteouts leave it. */
    void claim(int layer) {
      owner = layer;
    }

    Map<String, Node> children() {
      return children;
    }

    @Nullable Node child(String name) {
      return children.get(name);
    }

    /** Whether a file without facts has this name. */
    boolean hasOther(String name) {
      return !others.isEmpty() && others.contains(NameHashes.hash(name));
    }

    void put(String name, Node node) {
      children.put(name, node);
      if (!others.isEmpty()) {
        others.remove(NameHashes.hash(name), any -> true);
      }
    }

    /** Frees a name, whatever has it. */
    void remove(String name) {
      children.remove(name);
      if (!others.isEmpty()) {
        others.remove(NameHashes.hash(name), any -> true);
      }
    }

    /**
     * Files without facts take the places of whatever had their names.
     *
     * @return how many names were looked at
     */
    int putOthers(NameHashes hashes, int layer) {
      if (hashes.size() == 0) {
        return 0;
      }
      int looked = children.size();
      for (long hash : hashes.values()) {
        others.put(hash, layer);
      }
      children.keySet().removeIf(hashes::contains);
      return looked;
    }

    void putOther(String name, int layer) {
      children.remove(name);
      others.put(NameHashes.hash(name), layer);
    }

    /**
     * Removes what the layers below {@code layer} put under a name.
     *
     * @return how many names were looked at
     */
    int removeBelow(String name, int layer) {
      others.remove(NameHashes.hash(name), owner -> owner < layer);
      Node node = children.get(name);
      if (node instanceof Directory directory) {
        int looked = directory.clearBelow(layer);
        if (directory.owner < layer && directory.isEmpty()) {
          children.remove(name);
        }
        return looked;
      }
      if (node != null && node.owner < layer) {
        children.remove(name);
      }
      return 1;
    }

    /**
     * Removes all that the layers below {@code layer} put here, however deep it lies.
     *
     * @return how many names were looked at
     */
    int clearBelow(int layer) {
      int looked = 1;
      Deque<Directory> down = new ArrayDeque<>(List.of(this));
      Deque<Directory> up = new ArrayDeque<>();
      while (!down.isEmpty()) {
        Directory directory = down.pop();
        up.push(directory);
        directory.others.removeAll(owner -> owner < layer);
        looked += directory.children.size();
        for (Node child : directory.children.values()) {
          if (child instanceof Directory below) {
            down.push(below);
          }
        }
      }
      // The deepest first, so that what became empty can go.
      for (Directory directory : up) {
        for (Iterator<Node> it = directory.children.values().iterator(); it.hasNext(); ) {
          Node child = it.next();
          if (child.owner < layer && !(child instanceof Directory below && !below.isEmpty())) {
            it.remove();
          }
        }
      }
      return looked;
    }

    private boolean isEmpty() {
      return children.isEmpty() && others.isEmpty();
    }
  }

  /** A file with facts. Hard links are names of one {@link Inode}. */
  static final class File extends Node {
    final Inode inode;

    File(int owner, Inode inode) {
      super(owner);
      this.inode = inode;
    }

    <T extends FileFact> @Nullable T fact(Class<T> type) {
      for (FileFact fact : inode.facts) {
        if (type.isInstance(fact)) {
          return type.cast(fact);
        }
      }
      return null;
    }

    /** The index of the layer that has the content. */
    int layer() {
      return inode.layer;
    }

    boolean isExecutable() {
      return (inode.mode & 0111) != 0;
    }
  }

  /** What hard links share; compared by identity. */
  static final class Inode {
    final int layer;
    final int mode;
    final List<FileFact> facts;

    Inode(int layer, int mode, List<FileFact> facts) {
      this.layer = layer;
      this.mode = mode;
      this.facts = facts;
    }
  }

  /** A symbolic link. */
  static final class Link extends Node {
    final String target;

    Link(int owner, String target) {
      super(owner);
      this.target = target;
    }
  }
}
