package dev.imgcompat.core.layer;

import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.image.ScanException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Collects what the entries of one layer say; where a path comes twice, the last one counts. */
final class LayerFactsBuilder {
  private static final String WHITEOUT = ".wh.";
  private static final String AUFS = ".wh..wh.";
  private static final String OPAQUE = ".wh..wh..opq";
  private static final int MAX_UNREAD = 100;

  private final ScanLimits limits;
  private final Map<String, LayerItem> items = new LinkedHashMap<>();
  private final Map<String, LongSet> others = new HashMap<>();
  private final List<String> unread = new ArrayList<>();
  private long unreadCount;
  private long entries;

  LayerFactsBuilder(ScanLimits limits) {
    this.limits = limits;
  }

  /** Counts an entry; to be called for each, before anything else. */
  void count(LayerEntry entry) throws ScanException.LimitExceeded {
    entries++;
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
      put(entry.path(), new LayerItem.OpaqueDirectory(directory));
    } else if (!name.startsWith(AUFS) && name.length() > WHITEOUT.length()) {
      String removed = name.substring(WHITEOUT.length());
      // ".wh..", ".wh..." would name the directory itself and its parent; no runtime obeys them.
      if (!removed.equals(".") && !removed.equals("..")) {
        put(
            entry.path(),
            new LayerItem.Whiteout(directory.isEmpty() ? removed : directory + "/" + removed));
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
    LayerItem item =
        switch (entry.type()) {
          case DIRECTORY -> new LayerItem.Directory(path, true, NameHashes.NONE);
          case SYMBOLIC_LINK -> new LayerItem.SymbolicLink(path, entry.target());
          case HARD_LINK -> new LayerItem.HardLink(path, PathNames.normalise(entry.target()));
          case FILE, OTHER ->
              facts.isEmpty() ? null : new LayerItem.File(path, entry.mode(), entry.size(), facts);
        };
    String directory = PathNames.parent(path);
    long hash = NameHashes.hash(entry.name());
    if (item == null) {
      items.remove(path);
      LongSet set = others.get(directory);
      if (set == null) {
        set = new LongSet();
        others.put(directory, set);
        // A key of its own: the directory's path may also be that of a link.
        put(directory + "/", new LayerItem.Directory(directory, false, NameHashes.NONE));
      }
      set.add(hash);
    } else {
      LongSet set = others.get(directory);
      if (set != null) {
        set.remove(hash);
      }
      put(path, item);
    }
  }

  /** Notes a path that could not be read. */
  void addUnread(String path, String reason) {
    unreadCount++;
    if (unread.size() < MAX_UNREAD) {
      unread.add("/" + path + ": " + reason);
    }
  }

  LayerFacts build(Optional<Digest> digest, long bytes) {
    List<LayerItem> ordered = new ArrayList<>(items.size());
    items.forEach(
        (key, item) ->
            ordered.add(
                key.endsWith("/")
                    ? new LayerItem.Directory(
                        item.path(),
                        false,
                        NameHashes.ofSorted(
                            others.getOrDefault(item.path(), new LongSet()).sorted()))
                    : item));
    if (unreadCount > unread.size()) {
      unread.add("and " + (unreadCount - unread.size()) + " more");
    }
    return new LayerFacts(digest, bytes, entries, ordered, unread);
  }

  private void put(String key, LayerItem item) throws ScanException.LimitExceeded {
    items.remove(key);
    items.put(key, item);
    if (items.size() > limits.items()) {
      throw new ScanException.LimitExceeded(
          "more than " + limits.items() + " programs, links and directories");
    }
  }
}
