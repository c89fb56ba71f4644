package dev.imgcompat.core.layer;

import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.image.ScanException;
import dev.imgcompat.core.tar.Compression;
import dev.imgcompat.core.tar.PathNames;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Collects what the entries of one layer do, in their order.
 *
 * <p>Files without facts are put together by their directory. As long as no path comes twice and no
 * directory is replaced after files of it came, that loses nothing of the order; where it would,
 * the groups are closed and begun anew.
 */
final class LayerFactsBuilder {
  private static final String WHITEOUT = ".wh.";
  private static final String AUFS = ".wh..wh.";
  private static final String OPAQUE = ".wh..wh..opq";
  private static final int MAX_UNREAD = 100;

  /** Roughly what an item takes besides its texts, and a file without facts, in bytes. */
  private static final int ITEM_BYTES = 250;

  private static final int PLAIN_BYTES = 24;

  private final ScanLimits limits;
  private final List<LayerItem> items = new ArrayList<>();

  /** The paths of the items and of what they link to, and all directories above these. */
  private final PathSet paths = new PathSet();

  private final Map<String, Group> groups = new HashMap<>();

  /** The directories of the open groups, and all directories above these. */
  private final PathSet grouped = new PathSet();

  private final List<String> unread = new ArrayList<>();
  private long unreadCount;
  private long entries;
  private long unpacked;
  private long retained;

  private record Group(int index, LongSet hashes) {}

  LayerFactsBuilder(ScanLimits limits) {
    this.limits = limits;
  }

  /** Counts an entry; to be called for each, before anything else. */
  void count(LayerEntry entry) throws ScanException.LimitExceeded {
    entries++;
    unpacked += entry.type() == EntryType.FILE ? Math.max(0, entry.size()) : 0;
    if (entries > limits.entries()) {
      throw new ScanException.LimitExceeded("more than " + limits.entries() + " entries");
    }
    if (entry.path().length() > limits.pathCharacters()
        || entry.target().length() > limits.pathCharacters()) {
      throw new ScanException.LimitExceeded(
          "a path of more than "
              + limits.pathCharacters()
              + " characters: "
              + entry.path().substring(0, Math.min(60, entry.path().length()))
              + "…");
    }
  }

  /** Takes an entry that is a whiteout; false where it is none. */
  boolean addWhiteout(LayerEntry entry) throws ScanException.LimitExceeded {
    String name = entry.name();
    if (!name.startsWith(WHITEOUT)) {
      return false;
    }
    String directory = PathNames.parent(entry.path());
    if (name.equals(OPAQUE)) {
      closeGroupsBelow(directory);
      append(new LayerItem.OpaqueDirectory(directory), directory.length());
    } else if (!name.startsWith(AUFS) && name.length() > WHITEOUT.length()) {
      String removed = name.substring(WHITEOUT.length());
      // ".wh..", ".wh..." would name the directory itself and its parent; no runtime obeys them.
      if (!removed.equals(".") && !removed.equals("..")) {
        String path = directory.isEmpty() ? removed : directory + "/" + removed;
        closeGroupsBelow(path);
        append(new LayerItem.Whiteout(path), path.length());
      }
    }
    return true;
  }

  /** Takes a file with what was found in it, or anything else that an upper layer may replace. */
  void add(LayerEntry entry, List<FileFact> facts) throws ScanException.LimitExceeded {
    String path = entry.path();
    if (path.isEmpty()) {
      return;
    }
    boolean plain =
        facts.isEmpty() && (entry.type() == EntryType.FILE || entry.type() == EntryType.OTHER);
    String directory = PathNames.parent(path);
    long hash = NameHashes.hash(entry.name());
    if (plain) {
      if (paths.contains(path) || grouped.contains(path)) {
        closeGroups();
      }
      group(directory).hashes().add(hash);
      retain(PLAIN_BYTES);
      return;
    }
    Group group = groups.get(directory);
    boolean seen = paths.contains(path);
    retain((long) PLAIN_BYTES * paths.add(path));
    if (seen || grouped.contains(path) || (group != null && group.hashes().contains(hash))) {
      closeGroups();
    }
    long texts = (long) path.length() + entry.target().length();
    for (FileFact fact : facts) {
      texts += fact.retainedBytes();
    }
    append(
        switch (entry.type()) {
          case DIRECTORY -> new LayerItem.Directory(path, true, NameHashes.NONE);
          case SYMBOLIC_LINK -> new LayerItem.SymbolicLink(path, entry.target());
          case HARD_LINK -> hardLink(path, PathNames.normalise(entry.target()));
          case FILE, OTHER -> new LayerItem.File(path, entry.mode(), entry.size(), facts);
        },
        texts);
  }

  private LayerItem hardLink(String path, String target) throws ScanException.LimitExceeded {
    // A file without facts that replaces the target must not do so before.
    retain((long) PLAIN_BYTES * paths.add(target));
    return new LayerItem.HardLink(path, target);
  }

  /** Notes a path that could not be read. */
  void addUnread(String path, String reason) {
    unreadCount++;
    if (unread.size() < MAX_UNREAD) {
      unread.add("/" + path + ": " + reason);
    }
  }

  LayerFacts build(Optional<Digest> digest, long bytes, Compression compression, ReadBy readBy) {
    closeGroups();
    if (unreadCount > unread.size()) {
      unread.add("and " + (unreadCount - unread.size()) + " more");
    }
    return new LayerFacts(digest, bytes, compression, unpacked, entries, items, unread, readBy);
  }

  private Group group(String directory) throws ScanException.LimitExceeded {
    Group group = groups.get(directory);
    if (group == null) {
      group = new Group(items.size(), new LongSet());
      groups.put(directory, group);
      append(new LayerItem.Directory(directory, false, NameHashes.NONE), directory.length());
      retain((long) PLAIN_BYTES * grouped.add(directory));
    }
    return group;
  }

  /** Files that came before a whiteout may have gone through a link that it removes. */
  private void closeGroupsBelow(String path) {
    if (path.isEmpty() || grouped.contains(path)) {
      closeGroups();
    }
  }

  /** What comes next is applied after all that came so far. */
  private void closeGroups() {
    groups.forEach(
        (directory, group) ->
            items.set(
                group.index(),
                new LayerItem.Directory(
                    directory, false, NameHashes.ofSorted(group.hashes().sorted()))));
    groups.clear();
    grouped.clear();
  }

  private void append(LayerItem item, long texts) throws ScanException.LimitExceeded {
    items.add(item);
    retain(ITEM_BYTES + 2 * texts);
    if (items.size() > limits.items()) {
      throw new ScanException.LimitExceeded(
          "more than " + limits.items() + " programs, links and directories");
    }
  }

  private void retain(long bytes) throws ScanException.LimitExceeded {
    retained += bytes;
    if (retained > limits.factBytes()) {
      throw new ScanException.LimitExceeded(
          "its programs, links and file names take more than "
              + (limits.factBytes() >> 20)
              + " MiB of memory");
    }
  }
}
