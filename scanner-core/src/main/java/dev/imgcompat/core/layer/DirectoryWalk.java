package dev.imgcompat.core.layer;

import dev.imgcompat.core.image.ScanException;
import dev.imgcompat.core.tar.Compression;
import dev.imgcompat.core.tar.PathNames;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Walks a directory as if it were one layer. Links are not followed, file systems of the kernel are
 * not entered, and only regular files are opened. What cannot be read is listed, never passed over.
 */
final class DirectoryWalk {
  /** File systems that hold no programs, and may hang or trigger something when read. */
  private static final Set<String> KERNEL_FILE_SYSTEMS =
      Set.of(
          "proc",
          "sysfs",
          "devtmpfs",
          "devpts",
          "cgroup",
          "cgroup2",
          "debugfs",
          "tracefs",
          "securityfs",
          "pstore",
          "bpf",
          "mqueue",
          "hugetlbfs",
          "configfs",
          "fusectl",
          "autofs",
          "binfmt_misc",
          "rpc_pipefs",
          "efivarfs",
          "nsfs",
          "selinuxfs");

  private final ContentDispatch dispatch;
  private final ScanLimits limits;
  private final LongConsumer progress;
  private final Map<Object, String> linked = new HashMap<>();
  private long bytes;

  DirectoryWalk(ContentDispatch dispatch, ScanLimits limits, LongConsumer progress) {
    this.dispatch = dispatch;
    this.limits = limits;
    this.progress = progress;
  }

  LayerFacts read(Path root) throws ScanException, InterruptedException {
    LayerFactsBuilder facts = new LayerFactsBuilder(limits);
    try {
      Path real = root.toRealPath();
      Files.walkFileTree(real, new Visitor(real, facts));
    } catch (Stopped e) {
      if (e.getCause() instanceof ScanException limit) {
        throw new ScanException.LimitExceeded("directory " + root + ": " + limit.getMessage());
      }
      throw new InterruptedException();
    } catch (IOException e) {
      throw new ScanException.Unreadable(
          "directory " + root + " could not be read: " + ScanException.reason(e), e);
    }
    return facts.build(Optional.empty(), bytes, Compression.NONE, dispatch.readBy());
  }

  /** Leaves the walk from within. */
  private static final class Stopped extends IOException {
    private static final long serialVersionUID = 1L;

    Stopped(Exception cause) {
      super(cause);
    }
  }

  private final class Visitor extends SimpleFileVisitor<Path> {
    private final Path root;
    private final LayerFactsBuilder facts;

    Visitor(Path root, LayerFactsBuilder facts) {
      this.root = root;
      this.facts = facts;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
        throws IOException {
      add(entry(directory, EntryType.DIRECTORY, 0, 0, ""), List.of());
      return isOfTheKernel(directory) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      try {
        visit(file, attributes);
      } catch (Stopped e) {
        throw e;
      } catch (NoSuchFileException e) {
        // Gone between the listing and the look: so it is not there.
      } catch (IOException e) {
        facts.addUnread(relative(file), reason(e));
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) {
      if (!(e instanceof NoSuchFileException)) {
        facts.addUnread(relative(file), reason(e));
      }
      return FileVisitResult.CONTINUE;
    }

    private void visit(Path file, BasicFileAttributes attributes) throws IOException {
      if (attributes.isSymbolicLink()) {
        add(
            entry(file, EntryType.SYMBOLIC_LINK, 0, 0, Files.readSymbolicLink(file).toString()),
            List.of());
        return;
      }
      if (!attributes.isRegularFile()) {
        add(entry(file, EntryType.OTHER, 0, 0, ""), List.of());
        return;
      }
      Map<String, Object> unix =
          Files.readAttributes(file, "unix:mode,nlink", LinkOption.NOFOLLOW_LINKS);
      if (unix.get("nlink") instanceof Integer links && links > 1 && attributes.fileKey() != null) {
        String first = linked.putIfAbsent(attributes.fileKey(), relative(file));
        if (first != null) {
          add(entry(file, EntryType.HARD_LINK, 0, 0, first), List.of());
          return;
        }
      }
      int mode = unix.get("mode") instanceof Integer m ? m & 07777 : 0;
      LayerEntry entry = entry(file, EntryType.FILE, mode, attributes.size(), "");
      add(entry, entry.size() == 0 ? List.of() : content(file, entry));
    }

    private List<FileFact> content(Path file, LayerEntry entry) throws IOException {
      try (InputStream in =
          new BufferedInputStream(Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS), 4096)) {
        return dispatch.facts(
            entry,
            in,
            length -> {
              bytes += length;
              progress.accept(length);
              if (Thread.interrupted()) {
                throw new InterruptedException();
              }
            });
      } catch (InterruptedException e) {
        throw new Stopped(e);
      }
    }

    private void add(LayerEntry entry, List<FileFact> found) throws Stopped {
      try {
        facts.count(entry);
        facts.add(entry, found);
      } catch (ScanException.LimitExceeded e) {
        throw new Stopped(e);
      }
    }

    private LayerEntry entry(Path path, EntryType type, int mode, long size, String target) {
      return new LayerEntry(relative(path), type, mode, size, target);
    }

    private String relative(Path path) {
      return PathNames.decode(root.relativize(path), path);
    }

    private boolean isOfTheKernel(Path directory) throws IOException {
      @Nullable Path above = directory.equals(root) ? null : directory.getParent();
      if (above == null) {
        return false;
      }
      try {
        return !device(directory).equals(device(above))
            && KERNEL_FILE_SYSTEMS.contains(Files.getFileStore(directory).type());
      } catch (NoSuchFileException e) {
        return true;
      }
    }

    private static Object device(Path path) throws IOException {
      return Files.getAttribute(path, "unix:dev", LinkOption.NOFOLLOW_LINKS);
    }
  }

  private static String reason(IOException e) {
    return e instanceof AccessDeniedException ? "permission denied" : ScanException.reason(e);
  }
}
