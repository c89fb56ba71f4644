package dev.imgcompat.core.rootfs;

import dev.imgcompat.core.layer.FileFact;
import dev.imgcompat.core.layer.NameHashes;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A thing in the merged tree. Hard links share one {@link File}. */
abstract sealed class Node {
  /** The index of the layer that put it there, bottom first. */
  final int layer;

  private Node(int layer) {
    this.layer = layer;
  }

  /** A directory. */
  static final class Directory extends Node {
    private final Map<String, Node> children = new HashMap<>();

    /** Files without facts: the hash of the name, and the layer that put it there. */
    private final Map<Long, Integer> others = new HashMap<>();

    Directory(int layer) {
      super(layer);
    }

    Map<String, Node> children() {
      return children;
    }

    @Nullable Node child(String name) {
      return children.get(name);
    }

    /** Whether a file without facts has this name. */
    boolean hasOther(String name) {
      return !others.isEmpty() && others.containsKey(NameHashes.hash(name));
    }

    void put(String name, Node node) {
      children.put(name, node);
      if (!others.isEmpty()) {
        others.remove(NameHashes.hash(name));
      }
    }

    /** Files without facts take the places of whatever had their names. */
    void putOthers(NameHashes hashes, int layer) {
      if (hashes.size() == 0) {
        return;
      }
      Set<Long> added = new HashSet<>();
      for (long hash : hashes.values()) {
        others.put(hash, layer);
        added.add(hash);
      }
      children.keySet().removeIf(name -> added.contains(NameHashes.hash(name)));
    }

    void putOther(String name, int layer) {
      children.remove(name);
      others.put(NameHashes.hash(name), layer);
    }

    /** Removes what the layers below {@code layer} put under a name. */
    void removeBelow(String name, int layer) {
      Node node = children.get(name);
      if (node instanceof Directory directory) {
        directory.clearBelow(layer);
      }
      if (node != null && node.layer < layer && !(node instanceof Directory d && d.isInhabited())) {
        children.remove(name);
      }
      others.computeIfPresent(NameHashes.hash(name), (hash, owner) -> owner < layer ? null : owner);
    }

    /** Removes all that the layers below {@code layer} put here. */
    void clearBelow(int layer) {
      others.values().removeIf(owner -> owner < layer);
      for (String name : List.copyOf(children.keySet())) {
        removeBelow(name, layer);
      }
    }

    private boolean isInhabited() {
      return !children.isEmpty() || !others.isEmpty();
    }
  }

  /** A file with facts. */
  static final class File extends Node {
    final int mode;
    final long size;
    final List<FileFact> facts;

    File(int layer, int mode, long size, List<FileFact> facts) {
      super(layer);
      this.mode = mode;
      this.size = size;
      this.facts = facts;
    }

    <T extends FileFact> @Nullable T fact(Class<T> type) {
      for (FileFact fact : facts) {
        if (type.isInstance(fact)) {
          return type.cast(fact);
        }
      }
      return null;
    }
  }

  /** A symbolic link. */
  static final class Link extends Node {
    final String target;

    Link(int layer, String target) {
      super(layer);
      this.target = target;
    }
  }
}
