package dev.imgcompat.core.source;

import dev.imgcompat.core.image.ScanException;
import dev.imgcompat.core.tar.PathNames;
import dev.imgcompat.core.tar.TarReader;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The entries of an archive by their paths, links followed. What one reader finds in another way
 * than the next is refused, once somebody asks for it: two entries of one path, of which some take
 * the first and others the last; entries below a link; kinds of entries that some pass over.
 *
 * @param <T> what is known of a file
 */
final class ArchiveEntries<T> {
  /** More than a thousand images have. */
  private static final int MAX_ENTRIES = 200_000;

  private static final int MAX_PATH = 4096;
  private static final int MAX_DEPTH = 128;

  /** Of all paths and targets together. */
  private static final int MAX_CHARACTERS = 16 << 20;

  private static final int MAX_LINKS = 8;

  private final String archive;
  private final Map<String, T> files = new HashMap<>();
  private final Map<String, String> links = new HashMap<>();
  private final Set<String> directories = new HashSet<>();

  /** Neither files nor links nor directories, or such as only some readers take for that. */
  private final Set<String> others = new HashSet<>();

  private final Set<String> twice = new HashSet<>();
  private @Nullable String throughLink;
  private int count;
  private long characters;

  ArchiveEntries(String archive) {
    this.archive = archive;
  }

  /**
   * Counts an entry of whatever kind, and keeps it unless it is a file; true if it is one, which is
   * to be {@link #put} then.
   */
  boolean count(TarReader.Header header) throws ScanException {
    String path = header.path();
    bound(path, header.target());
    if (isBelowLink(path)) {
      throughLink = path;
    }
    byte flag = header.entry().getLinkFlag();
    boolean regular = flag == 0 || flag == '0' || flag == '7';
    boolean slash = header.entry().isDirectory();
    if (regular && slash && header.entry().getSize() > 0) {
      throw new ScanException.Damaged(
          archive + " has a file with the name of a directory, " + path, null);
    }
    if (flag == '5' || (flag == 0 && slash)) {
      if (isKnown(path) && !directories.contains(path)) {
        twice.add(path);
      }
      directories.add(path);
      return false;
    }
    if (isKnown(path)) {
      twice.add(path);
    }
    if (regular && !slash && !header.entry().isSparse()) {
      return true;
    }
    keep(path, header);
    return false;
  }

  private void keep(String path, TarReader.Header header) {
    String target = header.target();
    if (header.entry().isSymbolicLink() && !climbsLater(target)) {
      String from = target.startsWith("/") ? target : PathNames.parent(path) + "/" + target;
      links.put(path, PathNames.normalise(from));
    } else if (header.entry().isLink() && !climbsLater(target)) {
      links.put(path, PathNames.normalise(target));
    } else {
      others.add(path);
    }
  }

  private void bound(String path, String target) throws ScanException.LimitExceeded {
    if (++count > MAX_ENTRIES) {
      throw new ScanException.LimitExceeded(archive + " has more than " + MAX_ENTRIES + " entries");
    }
    if (path.length() > MAX_PATH
        || target.length() > MAX_PATH
        || path.chars().filter(c -> c == '/').count() > MAX_DEPTH) {
      throw new ScanException.LimitExceeded(
          archive
              + " has a path of more than "
              + MAX_PATH
              + " characters or "
              + MAX_DEPTH
              + " directories");
    }
    characters += path.length() + target.length();
    if (characters > MAX_CHARACTERS) {
      throw new ScanException.LimitExceeded(
          archive + " has paths of more than " + MAX_CHARACTERS + " characters together");
    }
  }

  /** Whether a target goes up again after it went down: through a link that leads elsewhere. */
  private static boolean climbsLater(String target) {
    boolean down = false;
    for (String part : target.split("/", -1)) {
      if (part.equals("..") && down) {
        return true;
      }
      down |= !part.isEmpty() && !part.equals(".") && !part.equals("..");
    }
    return false;
  }

  private boolean isBelowLink(String path) {
    if (links.isEmpty()) {
      return false;
    }
    for (String above = PathNames.parent(path); !above.isEmpty(); above = PathNames.parent(above)) {
      if (links.containsKey(above)) {
        return true;
      }
    }
    return false;
  }

  private boolean isKnown(String path) {
    return files.containsKey(path)
        || links.containsKey(path)
        || others.contains(path)
        || directories.contains(path);
  }

  /** Keeps a file. */
  void put(String path, T file) {
    files.put(path, file);
  }

  /** The paths of all files and links. */
  Collection<String> paths() {
    Set<String> paths = new HashSet<>(files.keySet());
    paths.addAll(links.keySet());
    return paths;
  }

  /** The file at a path, if there is one. */
  @Nullable T get(String path) throws ScanException.Damaged {
    if (throughLink != null) {
      throw new ScanException.Damaged(archive + " writes " + throughLink + " through a link", null);
    }
    String at = path;
    for (int followed = 0; followed <= MAX_LINKS; followed++) {
      requireUnambiguous(at);
      T file = files.get(at);
      if (file != null) {
        return file;
      }
      String target = links.get(at);
      if (target == null) {
        return null;
      }
      at = target;
    }
    throw new ScanException.Damaged(archive + " has a loop of links at " + path, null);
  }

  private void requireUnambiguous(String path) throws ScanException.Damaged {
    if (twice.contains(path)) {
      throw new ScanException.Damaged(archive + " has two entries of the name " + path, null);
    }
    if (others.contains(path)) {
      throw new ScanException.Damaged(
          archive
              + " has "
              + path
              + " in a form that not everybody reads, such as a sparse file: write it without"
              + " (tar --sparse does that)",
          null);
    }
    for (String above = PathNames.parent(path); !above.isEmpty(); above = PathNames.parent(above)) {
      if (files.containsKey(above) || links.containsKey(above) || others.contains(above)) {
        throw new ScanException.Damaged(
            archive + " has " + path + ", and " + above + " besides, which is no directory", null);
      }
    }
  }
}
