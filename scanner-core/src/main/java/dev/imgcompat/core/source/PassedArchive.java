package dev.imgcompat.core.source;

import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.image.Layer;
import dev.imgcompat.core.image.LayerContent;
import dev.imgcompat.core.image.LayerContent.DigestOf;
import dev.imgcompat.core.image.PassingLayers;
import dev.imgcompat.core.image.PassingLayers.Passed;
import dev.imgcompat.core.image.ScanException;
import dev.imgcompat.core.tar.BudgetedInputStream;
import dev.imgcompat.core.tar.Compression;
import dev.imgcompat.core.tar.Decompression;
import dev.imgcompat.core.tar.TarReader;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Arrays;
import java.util.Collection;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * An archive that passed as a stream. The manifest says at its end, as a rule, which file is which;
 * so whatever looks like a layer was read as one, and small JSON documents were kept.
 */
final class PassedArchive implements FileTree {
  private static final int HEAD = TarReader.BLOCK;

  /** As large as a config may be. */
  private static final int MAX_DOCUMENT = 16 << 20;

  private static final long MAX_DOCUMENTS = 64L << 20;

  /** As much as one layer may unpack to. */
  private static final long MAX_BYTES = 256L << 30;

  /** How far a damaged stream is read on, and one that has come to its end. */
  private static final long MAX_TAIL = 16L << 20;

  private static final String BLOBS = "blobs/sha256/";

  private final String name;
  private final boolean namedByDigest;
  private final PassingLayers passing;
  private final ArchiveEntries<Part> entries;
  private final byte[] buffer = new byte[64 << 10];
  private long documents;
  private boolean complete;

  private sealed interface Part {
    long size();
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Document(byte[] bytes) implements Part {
    @Override
    public long size() {
      return bytes.length;
    }
  }

  private record Read(Passed passed) implements Part {
    @Override
    public long size() {
      return passed.bytes();
    }
  }

  /** A blob whose name is the digest of a layer that is known. */
  private record Skipped(Digest digest, long size) implements Part {}

  private record Unreadable(ScanException failure, long size) implements Part {}

  private record Other(long size) implements Part {}

  private PassedArchive(String name, boolean namedByDigest, PassingLayers passing) {
    this.name = name;
    this.namedByDigest = namedByDigest;
    this.passing = passing;
    this.entries = new ArchiveEntries<>(name);
  }

  /**
   * Reads an archive to its end.
   *
   * @param name of it, for messages
   * @param archive compressed or not; not closed
   * @param namedByDigest whether the manifests in it list layers by the digests in their names;
   *     then those that are known are not read again
   * @param passing reads what may be layers
   * @throws IOException if the stream itself fails
   */
  static PassedArchive read(
      String name, InputStream archive, boolean namedByDigest, PassingLayers passing)
      throws ScanException, IOException, InterruptedException {
    PassedArchive passed = new PassedArchive(name, namedByDigest, passing);
    Source source = new Source(archive);
    try (InputStream decompressed = Decompression.open(source).stream()) {
      BudgetedInputStream bounded = new BudgetedInputStream(decompressed);
      bounded.allow(MAX_BYTES, "it unpacks to more than " + MAX_BYTES + " bytes");
      passed.read(bounded);
      passed.passTail(bounded);
    } catch (BudgetedInputStream.Exhausted e) {
      throw new ScanException.LimitExceeded(name + " is refused: " + e.getMessage());
    } catch (IOException | RuntimeException e) {
      // RuntimeException: Commons Compress has those, too, for headers that make no sense.
      source.rethrow();
      throw ScanException.Damaged.brokenOff(
          name + " is no tar, or is damaged: " + ScanException.reason(e), e);
    } catch (Truncated e) {
      source.rethrow();
      throw ScanException.Damaged.brokenOff(
          name + " is damaged or ends within " + e.path + ": " + ScanException.reason(e), e);
    }
    if (source.empty) {
      throw new ScanException.NotAnImage(name + " is empty: what should write it failed");
    }
    return passed;
  }

  /** The stream ended, or could not be decompressed further, within an entry. */
  private static final class Truncated extends Exception {
    private static final long serialVersionUID = 1L;
    private final String path;

    Truncated(String path, ScanException cause) {
      super(ScanException.reason(root(cause)), cause);
      this.path = path;
    }

    private static Throwable root(Throwable failure) {
      Throwable root = failure;
      while (root.getCause() != null) {
        root = root.getCause();
      }
      return root;
    }
  }

  /** Remembers a failure of its own, which is not one of the archive. Is not closed. */
  private static final class Source extends FilterInputStream {
    private @Nullable IOException failure;
    private boolean empty = true;

    Source(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      try {
        int read = in.read(bytes, offset, length);
        empty &= read <= 0;
        return read;
      } catch (IOException e) {
        failure = e;
        throw e;
      }
    }

    /** Nothing is known: a pipe cannot be asked without a seek. */
    @Override
    public int available() {
      return 0;
    }

    @Override
    public boolean markSupported() {
      return false;
    }

    @Override
    public void close() {}

    /** Fails as the stream did, or does a little later: it may yet say why it is damaged. */
    void rethrow() throws IOException {
      byte[] rest = new byte[64 << 10];
      long most = MAX_TAIL;
      int read = failure == null ? read(rest, 0, rest.length) : -1;
      while (read >= 0 && most > 0) {
        most -= read;
        read = read(rest, 0, rest.length);
      }
      if (failure != null) {
        throw failure;
      }
    }
  }

  private void read(InputStream archive)
      throws IOException, ScanException, InterruptedException, Truncated {
    TarReader reader = new TarReader(archive, Archives.HEADER_BYTES);
    for (TarReader.Header header = reader.next(); header != null; header = reader.next()) {
      if (entries.count(header)) {
        entries.put(header.path(), part(header, reader.content()));
      }
      pass(reader.content());
    }
    complete = reader.isComplete();
  }

  private Part part(TarReader.Header header, InputStream content)
      throws IOException, ScanException, InterruptedException, Truncated {
    String path = header.path();
    long size = header.entry().getSize();
    Optional<Digest> named = digestOf(path);
    if (named.isPresent() && passing.knows(named.get())) {
      return new Skipped(named.get(), size);
    }
    byte[] head = content.readNBytes(HEAD);
    if (isLayer(path, head)) {
      try {
        return new Read(
            passing.read(
                "layer " + path, new SequenceInputStream(new ByteArrayInputStream(head), content)));
      } catch (ScanException.Unavailable e) {
        throw new Truncated(path, e);
      } catch (ScanException.LimitExceeded e) {
        throw e;
      } catch (ScanException e) {
        return new Unreadable(e, size);
      }
    }
    if (size <= MAX_DOCUMENT && isJson(head)) {
      documents += size;
      if (documents > MAX_DOCUMENTS) {
        throw new ScanException.LimitExceeded(
            name + " has more than " + MAX_DOCUMENTS + " bytes of manifests and configs");
      }
      byte[] bytes = Arrays.copyOf(head, (int) size);
      int read = content.readNBytes(bytes, head.length, bytes.length - head.length);
      return new Document(Arrays.copyOf(bytes, head.length + read));
    }
    return new Other(size);
  }

  /** The digest that the name of a blob states. */
  private Optional<Digest> digestOf(String path) {
    try {
      return namedByDigest && path.startsWith(BLOBS)
          ? Optional.of(Digest.of("sha256:" + path.substring(BLOBS.length())))
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static boolean isLayer(String path, byte[] head) {
    return head.length == 0
        ? path.endsWith(".tar") || path.startsWith(BLOBS)
        : Decompression.of(head) != Compression.NONE || TarReader.mayBegin(head);
  }

  private static boolean isJson(byte[] head) {
    for (byte octet : head) {
      if (octet != ' ' && octet != '\n' && octet != '\r' && octet != '\t') {
        return octet == '{' || octet == '[';
      }
    }
    return false;
  }

  /** Reads what comes after the end of the tar, so that its writer can end, unless it is much. */
  private void passTail(InputStream rest) throws IOException, InterruptedException {
    long most = MAX_TAIL;
    for (int read = rest.read(buffer); read >= 0 && most > 0; read = rest.read(buffer)) {
      most -= read;
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }
  }

  /** Reads what is left of something. */
  private void pass(InputStream rest) throws IOException, InterruptedException {
    while (rest.read(buffer) >= 0) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }
  }

  @Override
  public String name() {
    return name;
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
    if (part.size() > most) {
      throw new ScanException.LimitExceeded(
          path + " of " + name + " is larger than " + most + " bytes");
    }
    if (part instanceof Document document) {
      return Optional.of(document.bytes);
    }
    throw new ScanException.Damaged(path + " of " + name + " is not JSON", null);
  }

  @Override
  public OptionalLong size(String path) throws ScanException {
    Part part = entries.get(path);
    return part == null ? OptionalLong.empty() : OptionalLong.of(part.size());
  }

  @Override
  public Digest digest(String path) throws ScanException {
    Part part = entries.get(path);
    if (part instanceof Read read) {
      return read.passed.blob();
    }
    if (part instanceof Skipped skipped) {
      return skipped.digest;
    }
    throw failure(path, part);
  }

  @Override
  public LayerContent layer(String path, Layer layer, DigestOf digestOf) {
    try {
      Part part = entries.get(path);
      if (part instanceof Skipped skipped) {
        require(layer, skipped.digest, skipped.size, path);
      } else if (part instanceof Read read) {
        Passed passed = read.passed;
        require(
            layer, digestOf == DigestOf.BLOB ? passed.blob() : passed.tar(), passed.bytes(), path);
      } else {
        throw failure(path, part);
      }
      return new LayerContent.Known(layer);
    } catch (ScanException e) {
      return new LayerContent.Failed(layer, e);
    }
  }

  private void require(Layer layer, Digest digest, long size, String path) throws ScanException {
    if (!digest.equals(layer.digest())
        || (layer.size().isPresent() && layer.size().getAsLong() != size)) {
      throw new ScanException.DigestMismatch(
              "layer "
                  + layer.digest()
                  + " is not what "
                  + name
                  + " has at "
                  + path
                  + ": "
                  + digest
                  + " of "
                  + size
                  + " bytes")
          .ofLocalCopy();
    }
  }

  private ScanException failure(String path, @Nullable Part part) {
    if (part instanceof Unreadable unreadable) {
      return unreadable.failure;
    }
    return new ScanException.Damaged(
        part == null ? name + " lacks " + path : path + " of " + name + " is no layer", null);
  }
}
