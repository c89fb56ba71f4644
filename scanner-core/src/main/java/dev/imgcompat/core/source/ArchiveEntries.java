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
 * The entries of an archive by their paths, links followed. Two files of one path are refused, once
 * somebody asks for them: some readers take the first and others the last.
 *
 * @param <T> what is known of a file
 */
final class ArchiveEntries<T> {
  /** More than a thousand images have. */
  private static final int MAX_ENTRIES = 200_000;

  private static final int MAX_PATH = 4096;
  private static final int MAX_LINKS = 8;

  private final String archive;
  private final Map<String, T> files = new HashMap<>();
  private final Map<String, String> links = new HashMap<>();
  private final Set<String> twice = new HashSet<>();
  private int count;

  ArchiveEntries(String archive) {
    this.archive = archive;
  }

  /** Whether an entry is a regular file; a sparse one is not, for no tool writes these here. */
  static boolean isFile(TarReader.Header header) {
    byte flag = header.entry().getLinkFlag();
    return (flag == 0 || flag == '0' || flag == '7')
        && !header.entry().isDirectory()
        && !header.entry().isSparse();
  }

  /** Counts an entry of whatever kind, and keeps it if it is a link. */
  void count(TarReader.Header header) throws ScanException.LimitExceeded {
    if (++count > MAX_ENTRIES) {
      throw new ScanException.LimitExceeded(archive + " has more than " + MAX_ENTRIES + " entries");
    }
    if (header.path().length() > MAX_PATH || header.target().length() > MAX_PATH) {
      throw new ScanException.LimitExceeded(
          archive + " has a path of more than " + MAX_PATH + " characters");
    }
    if (header.entry().isSymbolicLink()) {
      String target = header.target();
      link(
          header.path(),
          target.startsWith("/") ? target : PathNames.parent(header.path()) + "/" + target);
    } else if (header.entry().isLink()) {
      link(header.path(), header.target());
    }
  }

  private void link(String path, String target) {
    if (files.containsKey(path) || links.put(path, PathNames.normalise(target)) != null) {
      twice.add(path);
    }
  }

  /** Keeps a file. */
  void put(String path, T file) {
    if (links.containsKey(path) || files.put(path, file) != null) {
      twice.add(path);
    }
  }

  /** The paths of all files and links. */
  Collection<String> paths() {
    Set<String> paths = new HashSet<>(files.keySet());
    paths.addAll(links.keySet());
    return paths;
  }

  /** The file at a path, if there is one. */
  @Nullable T get(String path) throws ScanException.Damaged {
    String at = path;
    for (int followed = 0; followed <= MAX_LINKS; followed++) {
      if (twice.contains(at)) {
        throw new ScanException.Damaged(archive + " has two entries of the name " + at, null);
      }
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
}
