package dev.imgcompat.core.rootfs;

import dev.imgcompat.core.layer.LayerFacts;
import dev.imgcompat.core.layer.LayerItem;
import dev.imgcompat.core.tar.PathNames;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The file system that the layers give, one on top of the other.
 *
 * <p>Layers are applied as containerd does (pkg/archive/tar.go): a parent directory that is a link
 * is followed, inside the root; a directory is merged with a directory and replaces anything else;
 * whiteouts remove what lower layers have, never what their own layer has (OCI image specification,
 * layer.md, "Whiteouts"). Not thread-safe while layers are applied.
 */
final class MergedRoot {
  /** As many links as Linux follows in one path (include/linux/namei.h, MAXSYMLINKS). */
  private static final int MAX_LINKS = 40;

  /** As many as containerd follows when it unpacks (continuity, fs/path.go, walkLink). */
  private static final int MAX_LINKS_UNPACKING = 255;

  /** A path of 4,096 bytes, the most that Linux takes, has no more components. */
  private static final int MAX_DEPTH = 2048;

  /** Links within links within links make a short path long. */
  private static final int MAX_STEPS = 10_000;

  private static final int MAX_BROKEN = 20;

  /** Steps of paths and names looked through; a million files take a tenth of it. */
  private static final long MAX_EFFORT = 100_000_000L;

  private final Node.Directory root = new Node.Directory(-1, 0);

  /** Stands for what is not there while a layer's path is followed; always empty. */
  private final Node.Directory nothing = new Node.Directory(-1, 0);

  private final List<String> broken = new ArrayList<>();
  private int layers;
  private long effort;

  /** Puts a layer on top. */
  void apply(LayerFacts layer) {
    int index = layers++;
    for (LayerItem item : layer.items()) {
      if (effort > MAX_EFFORT) {
        broken("its layers go over the same directories too often to be merged whole");
        return;
      }
      apply(item, index);
    }
  }

  Node.Directory root() {
    return root;
  }

  /** What no runtime could unpack, such as hard links to nothing; the first few. */
  List<String> broken() {
    return Collections.unmodifiableList(broken);
  }

  private void apply(LayerItem item, int index) {
    if (item instanceof LayerItem.OpaqueDirectory opaque) {
      if (place(opaque.path()) instanceof Found found
          && found.node instanceof Node.Directory directory) {
        effort += directory.clearBelow(index);
      }
      return;
    }
    if (item instanceof LayerItem.Whiteout whiteout) {
      if (place(PathNames.parent(whiteout.path())) instanceof Found found
          && found.node instanceof Node.Directory parent) {
        effort += parent.removeBelow(name(whiteout.path()), index);
      }
      return;
    }
    if (item instanceof LayerItem.Directory directory && !directory.explicit()) {
      effort += makeDirectory(directory.path(), index).putOthers(directory.others(), index);
      return;
    }
    Node.Directory parent = makeDirectory(PathNames.parent(item.path()), index);
    String name = name(item.path());
    if (item instanceof LayerItem.Directory) {
      if (parent.child(name) instanceof Node.Directory existing) {
        existing.claim(index);
      } else {
        makeDirectory(parent, name, index);
      }
    } else if (item instanceof LayerItem.File file) {
      parent.put(name, new Node.File(index, new Node.Inode(index, file.mode(), file.facts())));
    } else if (item instanceof LayerItem.SymbolicLink link) {
      parent.put(name, new Node.Link(index, link.target()));
    } else if (item instanceof LayerItem.HardLink link) {
      hardLink(parent, name, link, index);
    }
  }

  private void hardLink(Node.Directory parent, String name, LayerItem.HardLink link, int index) {
    // What had the name goes first: a link to itself, or to what lies below it, finds nothing.
    parent.remove(name);
    String targetName = name(link.target());
    Node.Directory targetParent =
        place(PathNames.parent(link.target())) instanceof Found found
                && found.node instanceof Node.Directory directory
            ? directory
            : null;
    Node target = targetParent == null ? null : targetParent.child(targetName);
    if (target instanceof Node.File file) {
      parent.put(name, new Node.File(index, file.inode));
    } else if (target instanceof Node.Link symbolic) {
      parent.put(name, new Node.Link(index, symbolic.target));
    } else if (targetParent != null && targetParent.hasOther(targetName)) {
      parent.putOther(name, index);
    } else {
      broken("/" + link.path() + " is a hard link to /" + link.target() + ", which is not there");
    }
  }

  /** Returns the directory at a path, made where it is missing, links followed. */
  private Node.Directory makeDirectory(String path, int index) {
    if (path.isEmpty()) {
      return root;
    }
    Resolution resolution = place(path);
    if (resolution instanceof Found found && found.node instanceof Node.Directory directory) {
      return directory;
    }
    // Missing, a dangling link's target, or a file in the way, which gives way: overlayfs, onto
    // whose bare upper directory containerd unpacks, shows the directory in its place.
    List<String> parts =
        resolution instanceof Missing missing ? missing.path : Arrays.asList(path.split("/"));
    Node.Directory at = root;
    for (String part : parts) {
      Node child = at.child(part);
      if (child instanceof Node.Directory directory) {
        at = directory;
      } else {
        at = makeDirectory(at, part, index);
      }
    }
    return at;
  }

  /** Puts a directory into another; one that lies too deep is made, but hangs in the air. */
  private Node.Directory makeDirectory(Node.Directory parent, String name, int index) {
    Node.Directory made = new Node.Directory(index, parent.depth + 1);
    if (made.depth <= MAX_DEPTH) {
      parent.put(name, made);
    } else {
      broken("a directory " + name + " lies more than " + MAX_DEPTH + " directories deep");
    }
    return made;
  }

  private void broken(String what) {
    if (broken.size() < MAX_BROKEN) {
      broken.add(what);
    }
  }

  /** Where following a path ends. */
  sealed interface Resolution {}

  /**
   * Something is there.
   *
   * @param node what
   * @param path where, after all links
   */
  record Found(Node node, String path) implements Resolution {}

  /**
   * A file without facts is there.
   *
   * @param path where, after all links
   */
  record Plain(String path) implements Resolution {}

  /**
   * Nothing is there.
   *
   * @param path where nothing is, after all links
   */
  record Missing(List<String> path) implements Resolution {}

  /** The links go round in circles, or a file is where a directory should be. */
  record Impossible(String reason) implements Resolution {}

  /**
   * Follows a path inside the root, as the kernel would with the image as its root.
   *
   * @param path absolute or relative to the root
   * @param last whether a link in the last place is followed, too
   */
  Resolution follow(String path, boolean last) {
    return follow(path, last, MAX_LINKS, false);
  }

  /**
   * Follows the path of a directory that a layer names. Other than for the kernel, {@code ..} leads
   * out of what is not there, or is a file, as well (containerd: continuity, fs.RootPath).
   */
  private Resolution place(String directory) {
    return follow(directory, true, MAX_LINKS_UNPACKING, true);
  }

  private Resolution follow(String path, boolean last, int maxLinks, boolean unpacking) {
    Deque<String> todo = new ArrayDeque<>(parts(path));
    List<String> done = new ArrayList<>();
    List<Node> above = new ArrayList<>(List.of(root));
    Node node = root;
    int links = 0;
    int steps = 0;
    while (!todo.isEmpty()) {
      effort += unpacking ? 1 : 0;
      if (++steps > MAX_STEPS) {
        return new Impossible("too many directories on the way");
      }
      if (!(node instanceof Node.Directory) && !unpacking) {
        return new Impossible("/" + String.join("/", done) + " is not a directory");
      }
      Node.Directory directory = node instanceof Node.Directory is ? is : nothing;
      String part = todo.pollFirst();
      if (part.equals("..")) {
        if (!done.isEmpty()) {
          done.remove(done.size() - 1);
          above.remove(above.size() - 1);
        }
        node = above.get(above.size() - 1);
        continue;
      }
      @Nullable Node child = directory.child(part);
      if (child instanceof Node.Link link && (last || !todo.isEmpty())) {
        if (++links > maxLinks) {
          return new Impossible("too many symbolic links");
        }
        List<String> target = parts(link.target);
        for (int i = target.size() - 1; i >= 0; i--) {
          todo.addFirst(target.get(i));
        }
        if (link.target.startsWith("/")) {
          done.clear();
          above.subList(1, above.size()).clear();
          node = root;
        }
        continue;
      }
      done.add(part);
      if (child == null && directory.hasOther(part) && (todo.isEmpty() || !unpacking)) {
        return todo.isEmpty()
            ? new Plain(String.join("/", done))
            : new Impossible("/" + String.join("/", done) + " is not a directory");
      }
      if (child == null && !unpacking) {
        return missing(done, todo);
      }
      node = child == null ? nothing : child;
      above.add(node);
    }
    return node == nothing
        ? new Missing(List.copyOf(done))
        : new Found(node, String.join("/", done));
  }

  /** Where nothing is: links beyond it cannot be known, and are not asked. */
  private static Missing missing(List<String> done, Deque<String> todo) {
    List<String> path = new ArrayList<>(done);
    for (String rest : todo) {
      if (!rest.equals("..")) {
        path.add(rest);
      } else if (!path.isEmpty()) {
        path.remove(path.size() - 1);
      }
    }
    return new Missing(List.copyOf(path));
  }

  private static List<String> parts(String path) {
    List<String> parts = new ArrayList<>();
    for (String part : path.split("/", -1)) {
      if (!part.isEmpty() && !part.equals(".")) {
        parts.add(part);
      }
    }
    return parts;
  }

  private static String name(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
