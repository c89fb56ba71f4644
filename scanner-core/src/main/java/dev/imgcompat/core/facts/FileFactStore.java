package dev.imgcompat.core.facts;

import dev.imgcompat.core.image.Bytes;
import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.image.ManifestParser;
import dev.imgcompat.core.image.ScanException;
import dev.imgcompat.core.layer.LayerFacts;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Keeps facts in files, one a layer and set of analyzers, which several processes may share: a file
 * is written under another name and then renamed, so that a reader finds it whole or not at all. A
 * file that cannot be read is forgotten.
 */
public final class FileFactStore implements FactStore {
  /** Raised with the form of the files. */
  private static final String FORMAT = "v1";

  private static final String TEMPORARY = ".tmp";

  /** How the names of files with facts end. */
  private static final String FACTS = ".json.gz";

  /** A temporary file of this age was left by a process that died. */
  private static final Duration ABANDONED = Duration.ofHours(1);

  private final Path root;
  private final Consumer<String> warnings;
  private final AtomicBoolean warned = new AtomicBoolean();
  private final FactsCodec codec = new FactsCodec();
  private final ReentrantReadWriteLock writing = new ReentrantReadWriteLock();
  private final Set<Path> unfinished = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  /**
   * Creates a store; its directory is made when the first file is.
   *
   * @param directory of the cache
   * @param warnings is told, once, when something cannot be kept
   */
  public FileFactStore(Path directory, Consumer<String> warnings) {
    this.root = directory.resolve(FORMAT);
    this.warnings = warnings;
  }

  /**
   * What a store, or a part of it, takes.
   *
   * @param layers number of layers with facts
   * @param documents number of manifests and configs
   * @param bytes of all files
   */
  public record Usage(long layers, long documents, long bytes) {}

  @Override
  public Optional<LayerFacts> facts(FactKey key) {
    Path file = factsFile(key);
    try {
      LayerFacts facts = read(file, key.layer());
      touch(file);
      return Optional.of(facts);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException | RuntimeException e) {
      forget(file);
      return Optional.empty();
    }
  }

  /** Reads the directory of the layer; the time of a file is when it was used last. */
  @Override
  public Optional<LayerFacts> facts(Digest layer, Predicate<LayerFacts> wanted) {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> all =
        Files.newDirectoryStream(directory(layer), layer.hex() + "-*" + FACTS)) {
      all.forEach(files::add);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException | DirectoryIteratorException e) {
      // Then what was listed so far will have to do.
    }
    return files.stream()
        .sorted(Comparator.comparing(FileFactStore::lastUsed).reversed())
        .limit(MOST_VERSIONS)
        .map(file -> whole(file, layer))
        .flatMap(Optional::stream)
        .filter(wanted)
        .findFirst();
  }

  /** Does not forget what cannot be read: another version of this program may be able to. */
  private Optional<LayerFacts> whole(Path file, Digest layer) {
    try {
      return Optional.of(read(file, layer));
    } catch (IOException | RuntimeException e) {
      return Optional.empty();
    }
  }

  private LayerFacts read(Path file, Digest layer) throws IOException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      LayerFacts facts = codec.read(in);
      if (!facts.digest().equals(Optional.of(layer))) {
        throw new IOException("it holds the facts of another layer");
      }
      return facts;
    }
  }

  private static FileTime lastUsed(Path file) {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException e) {
      return FileTime.fromMillis(0); // another process pruned it
    }
  }

  @Override
  public void putFacts(FactKey key, LayerFacts facts) {
    write(factsFile(key), out -> codec.write(facts, out));
  }

  @Override
  public Optional<byte[]> document(Digest digest) {
    Path file = documentFile(digest);
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = Bytes.read(in, ManifestParser.MAX_CONFIG_BYTES, "document");
      if (!Bytes.digest(bytes).equals(digest)) {
        throw new IOException("it is another document");
      }
      touch(file);
      return Optional.of(bytes);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException | ScanException e) {
      forget(file);
      return Optional.empty();
    }
  }

  @Override
  public void putDocument(Digest digest, byte[] bytes) {
    write(documentFile(digest), out -> out.write(bytes));
  }

  /** Says what is kept. */
  public Usage usage() throws IOException {
    return walk(file -> true, false);
  }

  /** Removes what was not used for some time, and says what that was. */
  public Usage prune(Duration unused) throws IOException {
    Instant horizon = Instant.now().minus(unused);
    return walk(file -> !file.lastModifiedTime().toInstant().isAfter(horizon), true);
  }

  /** Sums up the files for which the predicate holds, and removes them if so told. */
  private Usage walk(Predicate<BasicFileAttributes> counts, boolean remove) throws IOException {
    if (!Files.isDirectory(root)) {
      return new Usage(0, 0, 0);
    }
    Instant abandoned = Instant.now().minus(ABANDONED);
    long[] sums = new long[3];
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            String name = file.getFileName().toString();
            if (name.endsWith(TEMPORARY)) {
              if (remove && attributes.lastModifiedTime().toInstant().isBefore(abandoned)) {
                Files.deleteIfExists(file);
              }
            } else if (counts.test(attributes)) {
              if (remove) {
                Files.deleteIfExists(file);
              }
              sums[name.endsWith(FACTS) ? 0 : 1]++;
              sums[2] += attributes.size();
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (e instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE; // another process pruned it
            }
            throw e;
          }
        });
    return new Usage(sums[0], sums[1], sums[2]);
  }

  private Path factsFile(FactKey key) {
    String analyzers =
        Bytes.digest(key.analyzers().getBytes(StandardCharsets.UTF_8)).hex().substring(0, 12);
    return directory(key.layer()).resolve(key.layer().hex() + "-" + analyzers + FACTS);
  }

  private Path directory(Digest layer) {
    return root.resolve("layers").resolve(layer.hex().substring(0, 2));
  }

  private Path documentFile(Digest digest) {
    return root.resolve("documents").resolve(digest.hex().substring(0, 2)).resolve(digest.hex());
  }

  /**
   * Keeps nothing more: for a process that ends while other threads still work. What is being
   * written is finished, if that takes no longer than a moment, or is removed.
   *
   * @param patience with those that write
   */
  public void close(Duration patience) throws InterruptedException {
    closed = true;
    if (writing.writeLock().tryLock(patience.toNanos(), TimeUnit.NANOSECONDS)) {
      writing.writeLock().unlock();
    }
    unfinished.forEach(FileFactStore::forget);
  }

  @FunctionalInterface
  private interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  private void write(Path file, Content content) {
    Path temporary = null;
    writing.readLock().lock();
    try {
      if (closed) {
        return;
      }
      Files.createDirectories(file.getParent());
      temporary = Files.createTempFile(file.getParent(), "w", TEMPORARY);
      unfinished.add(temporary);
      try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(temporary))) {
        content.writeTo(out);
      }
      Files.move(
          temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      if (warned.compareAndSet(false, true)) {
        warnings.accept(
            "the cache " + root.getParent() + " cannot be written: " + ScanException.reason(e));
      }
    } finally {
      if (temporary != null) {
        unfinished.remove(temporary);
        forget(temporary); // which is not there any more if all went well
      }
      writing.readLock().unlock();
    }
  }

  /** Marks a file as used, for pruning. */
  private static void touch(Path file) {
    try {
      Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
    } catch (IOException e) {
      // Then it is pruned earlier than it might be.
    }
  }

  private static void forget(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // It is read again next time, and found unreadable again.
    }
  }
}
