package dev.imgcompat.core.source;

import dev.imgcompat.core.image.Bytes;
import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.image.Layer;
import dev.imgcompat.core.image.LayerContent;
import dev.imgcompat.core.image.LayerContent.DigestOf;
import dev.imgcompat.core.image.ScanException;
import dev.imgcompat.core.tar.BudgetedInputStream;
import dev.imgcompat.core.tar.TarReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * An archive in a file, uncompressed: only the headers are read at first, and then what is asked
 * for, by its offset.
 */
final class SeekableArchive implements FileTree {
  private final Path file;
  private final ArchiveEntries<Part> entries;
  private boolean complete;

  private record Part(long from, long to) {
    long size() {
      return to - from;
    }
  }

  private SeekableArchive(Path file, ArchiveEntries<Part> entries) {
    this.file = file;
    this.entries = entries;
  }

  /** Reads the headers of an archive. */
  static SeekableArchive open(Path file) throws ScanException, InterruptedException {
    SeekableArchive archive =
        new SeekableArchive(file, new ArchiveEntries<>("the archive " + file));
    try {
      archive.readHeaders();
    } catch (BudgetedInputStream.Exhausted e) {
      throw new ScanException.LimitExceeded(archive.name() + " is refused: " + e.getMessage());
    } catch (IOException | RuntimeException e) {
      // RuntimeException: Commons Compress has those, too, for headers that make no sense.
      throw new ScanException.Damaged(
          archive.name() + " is no tar, or is damaged: " + ScanException.reason(e), e);
    }
    return archive;
  }

  private void readHeaders() throws IOException, ScanException, InterruptedException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long size = channel.size();
      if (size == 0) {
        throw new ScanException.NotAnImage(name() + " is empty: what should write it failed");
      }
      for (long at = 0; at < size; ) {
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
        TarReader reader = new TarReader(new FileSlice(channel, at, size), Archives.HEADER_BYTES);
        TarReader.Header header = reader.next();
        if (header == null) {
          complete = reader.isComplete();
          return;
        }
        at = keep(header, at + reader.position(), size);
      }
    }
  }

  /** Keeps an entry; returns where the next one begins. */
  private long keep(TarReader.Header header, long from, long size) throws ScanException {
    boolean isFile = entries.count(header);
    long length = Math.max(0, header.entry().getSize());
    if (length > size - from) {
      throw ScanException.Damaged.brokenOff(
          name()
              + " ends within "
              + header.path()
              + ", after "
              + (size - from)
              + " of "
              + length
              + " bytes",
          null);
    }
    if (isFile) {
      entries.put(header.path(), new Part(from, from + length));
    }
    return from + (length + TarReader.BLOCK - 1) / TarReader.BLOCK * TarReader.BLOCK;
  }

  @Override
  public String name() {
    return "the archive " + file;
  }

  @Override
  public Collection<String> paths() {
    return entries.paths();
  }

  @Override
  public boolean isComplete() {
    return complete;
  }

  @Override
  public Optional<byte[]> document(String path, int most) throws ScanException {
    Part part = entries.get(path);
    if (part == null) {
      return Optional.empty();
    }
    try (InputStream in = open(part)) {
      return Optional.of(Bytes.read(in, most, path + " of " + name()));
    } catch (IOException e) {
      throw Archives.unreadable(path + " of " + name(), e);
    }
  }

  @Override
  public OptionalLong size(String path) throws ScanException {
    Part part = entries.get(path);
    return part == null ? OptionalLong.empty() : OptionalLong.of(part.size());
  }

  @Override
  public Digest digest(String path) throws ScanException {
    Part part = entries.get(path);
    if (part == null) {
      throw new ScanException.Damaged(name() + " lacks " + path, null);
    }
    try (InputStream in = open(part)) {
      return Bytes.digest(in);
    } catch (IOException e) {
      throw Archives.unreadable(path + " of " + name(), e);
    }
  }

  @Override
  public LayerContent layer(String path, Layer layer, DigestOf digestOf) {
    Part part;
    try {
      part = entries.get(path);
    } catch (ScanException.Damaged e) {
      return new LayerContent.Failed(layer, e);
    }
    return part == null
        ? FileTree.missing(this, path, layer)
        : new LayerContent.Blob(layer, digestOf, false, () -> opened(path, part));
  }

  private InputStream opened(String path, Part part) throws ScanException {
    try {
      return open(part);
    } catch (IOException e) {
      throw Archives.unreadable(path + " of " + name(), e);
    }
  }

  private InputStream open(Part part) throws IOException {
    return new FileSlice(FileChannel.open(file, StandardOpenOption.READ), part.from(), part.to());
  }
}
