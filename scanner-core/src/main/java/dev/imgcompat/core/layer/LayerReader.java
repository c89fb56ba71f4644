package dev.imgcompat.core.layer;

import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.image.Layer;
import dev.imgcompat.core.image.LayerContent;
import dev.imgcompat.core.image.LayerContent.DigestOf;
import dev.imgcompat.core.image.ScanException;
import dev.imgcompat.core.image.TransferException;
import dev.imgcompat.core.tar.BudgetedInputStream;
import dev.imgcompat.core.tar.Compression;
import dev.imgcompat.core.tar.Decompression;
import dev.imgcompat.core.tar.TarReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads one layer in one pass: verify the digest, decompress, walk the tar, show every file to the
 * analyzers. Nothing is written to disk; memory does not grow with the layer, only with what the
 * analyzers find. Safe for use by several threads.
 */
public final class LayerReader {
  /** How many of a file's first bytes an analyzer sees before it decides. */
  public static final int HEAD_BYTES = 256;

  /** To be raised when the same layer gives other facts for another reason than its analyzers. */
  static final int VERSION = 4;

  private final List<LayerAnalyzer> analyzers;
  private final ScanLimits limits;

  public LayerReader(List<LayerAnalyzer> analyzers, ScanLimits limits) {
    this.analyzers = List.copyOf(analyzers);
    this.limits = limits;
    if (analyzers.stream().map(LayerAnalyzer::name).distinct().count() < analyzers.size()) {
      throw new IllegalArgumentException("two analyzers have the same name");
    }
  }

  /** Names what facts depend on: those with the same key and digest are the same. */
  public String factsKey() {
    return Stream.concat(
            Stream.of("reader-" + VERSION),
            analyzers.stream().map(a -> a.name() + "-" + a.version() + "." + a.scope()).sorted())
        .collect(Collectors.joining("_"));
  }

  /**
   * Takes over facts that other analyzers found, or other versions of these.
   *
   * @return what this would have found; empty where only reading the layer again tells
   */
  public Optional<LayerFacts> takeOver(LayerFacts facts) {
    return facts.readBy().asIfBy(VERSION, analyzers).map(facts::with);
  }

  /**
   * Reads a layer.
   *
   * @param progress is told of every byte of the blob (or of the files) as it is read
   * @throws ScanException if the layer cannot be read whole; the message names it
   * @throws IllegalArgumentException if it has been read already
   */
  public LayerFacts read(LayerContent content, LongConsumer progress)
      throws ScanException, InterruptedException {
    if (content instanceof LayerContent.Directory directory) {
      return new DirectoryWalk(new ContentDispatch(analyzers), limits, progress)
          .read(directory.root());
    }
    if (!(content instanceof LayerContent.Blob blob)) {
      throw new IllegalArgumentException("there is nothing to read of " + content);
    }
    Layer layer = blob.layer();
    String subject = "layer " + layer.digest();
    try (InputStream raw = blob.opener().open()) {
      Reading reading = new Reading(raw, layer.size(), progress, subject, budget());
      return blob.digestOf() == DigestOf.BLOB
          ? reading.ofBlob(layer.digest())
          : reading.ofTar(layer.digest());
    } catch (ScanException.DigestMismatch e) {
      throw blob.remote() ? e : e.ofLocalCopy();
    } catch (IOException e) {
      throw new ScanException.Unavailable(
          subject + " could not be read: " + ScanException.reason(e), e);
    }
  }

  /**
   * A layer that was read before its digest was known.
   *
   * @param ofBlob its facts, by the digest of the bytes that were read
   * @param ofTar its facts, by the digest of the uncompressed tar in them
   */
  public record Passed(LayerFacts ofBlob, LayerFacts ofTar) {}

  /** Returns what all layers of an archive together may unpack to: as much as one alone. */
  public UnpackBudget budget() {
    return new UnpackBudget(limits.layerBytes());
  }

  /**
   * Reads a layer whose digest nobody told yet.
   *
   * @param subject names it in failures
   * @param blob is read to its end, unless that fails
   * @param progress is told of every byte
   * @param budget what this layer unpacks to is taken from, besides its own limit
   * @throws ScanException if the layer cannot be read whole
   */
  public Passed pass(String subject, InputStream blob, LongConsumer progress, UnpackBudget budget)
      throws ScanException, InterruptedException {
    return new Reading(blob, OptionalLong.empty(), progress, subject, budget).ofAnything();
  }

  /** One layer while it is read. */
  private final class Reading {
    private final OptionalLong stated;
    private final VerifyingInputStream blob;
    private final String subject;
    private final LayerFactsBuilder facts = new LayerFactsBuilder(limits);
    private final ContentDispatch dispatch = new ContentDispatch(analyzers);
    private final UnpackBudget budget;
    private Compression compression = Compression.NONE;

    /** The uncompressed bytes; null until they are known to be others than those of the blob. */
    private @Nullable VerifyingInputStream tar;

    private @Nullable ScanException failure;

    Reading(
        InputStream raw,
        OptionalLong stated,
        LongConsumer progress,
        String subject,
        UnpackBudget shared) {
      this.budget = shared.part(limits.layerBytes());
      this.stated = stated;
      this.blob = new VerifyingInputStream(raw, stated.orElse(Long.MAX_VALUE), progress);
      this.subject = subject;
    }

    LayerFacts ofBlob(Digest digest) throws ScanException, InterruptedException {
      run(false);
      verifyLength();
      Digest actual = blob.digest();
      if (!actual.equals(digest)) {
        throw new ScanException.DigestMismatch(
            subject
                + " does not have the digest that the manifest states; its bytes have "
                + actual);
      }
      rethrow();
      return facts.build(Optional.of(digest), blob.count(), compression, dispatch.readBy());
    }

    LayerFacts ofTar(Digest diffId) throws ScanException, InterruptedException {
      run(true);
      verifyLength();
      Digest actual = tar == null ? blob.digest() : tar.digest();
      if (!actual.equals(diffId)) {
        // What cannot be decompressed has another digest for that reason.
        rethrow();
        throw new ScanException.DigestMismatch(
            subject + " is not the one that the config lists: uncompressed, it has " + actual);
      }
      rethrow();
      return facts.build(Optional.of(diffId), tarLength(), Compression.NONE, dispatch.readBy());
    }

    Passed ofAnything() throws ScanException, InterruptedException {
      run(true);
      rethrow();
      Digest digest = blob.digest();
      LayerFacts ofBlob =
          facts.build(Optional.of(digest), blob.count(), compression, dispatch.readBy());
      if (tar == null) {
        return new Passed(ofBlob, ofBlob);
      }
      return new Passed(ofBlob, ofBlob.named(tar.digest(), tarLength(), Compression.NONE));
    }

    private long tarLength() {
      return tar == null ? blob.count() : tar.count();
    }

    private void rethrow() throws ScanException {
      if (failure != null) {
        throw failure;
      }
    }

    /** Reads the blob to its end, and takes from it what it can. */
    private void run(boolean hashTar) throws ScanException, InterruptedException {
      try {
        walk(hashTar);
      } catch (VerifyingInputStream.TransferFailed e) {
        throw brokeOff(e);
      } catch (VerifyingInputStream.TooLong e) {
        throw tooLong();
      } catch (BudgetedInputStream.Exhausted | ScanException.LimitExceeded e) {
        throw new ScanException.LimitExceeded(subject + " is refused: " + e.getMessage());
      } catch (IOException | RuntimeException e) {
        // RuntimeException: Commons Compress has those, too, for headers that make no sense.
        failure = new ScanException.Damaged(subject + " is damaged: " + ScanException.reason(e), e);
      }
      try {
        drain(blob);
      } catch (VerifyingInputStream.TooLong e) {
        throw tooLong();
      } catch (IOException e) {
        throw brokeOff(e);
      }
    }

    private void walk(boolean hashTar)
        throws IOException, InterruptedException, ScanException.LimitExceeded {
      Decompression.Decompressed decompressed = Decompression.open(blob);
      compression = decompressed.compression();
      try (InputStream opened = decompressed.stream()) {
        InputStream stream = budget.taking(compression == Compression.NONE ? opened : once(opened));
        if (!hashTar || compression == Compression.NONE) {
          entries(stream);
          return;
        }
        tar = new VerifyingInputStream(stream, Long.MAX_VALUE, n -> {});
        try {
          entries(tar);
          drain(tar);
        } catch (VerifyingInputStream.TransferFailed e) {
          // Not the transfer failed, but what is compressed is damaged; or it was the blob's.
          throw e.getCause() instanceof IOException cause ? cause : e;
        }
      }
    }

    /** Runtimes differ in how often they decompress: what was compressed twice is refused. */
    private static InputStream once(InputStream decompressed) throws IOException {
      PushbackInputStream in = new PushbackInputStream(decompressed, Decompression.HEAD_BYTES);
      byte[] head = in.readNBytes(Decompression.HEAD_BYTES);
      if (Decompression.of(head) != Compression.NONE) {
        throw new IOException("it is compressed twice");
      }
      in.unread(head);
      return in;
    }

    private void entries(InputStream uncompressed)
        throws IOException, InterruptedException, ScanException.LimitExceeded {
      TarReader reader = new TarReader(uncompressed, limits.headerBytes());
      for (TarReader.Header header = reader.next(); header != null; header = reader.next()) {
        LayerEntry entry = TarHeaders.entry(header);
        ContentDispatch.Checkpoint produced = produced(header.entry().isSparse());
        facts.count(entry);
        if (!facts.addWhiteout(entry)) {
          List<FileFact> found =
              entry.type() == EntryType.FILE && entry.size() > 0
                  ? dispatch.facts(entry, reader.content(), produced)
                  : List.of();
          facts.add(entry, found);
        }
        dispatch.drain(reader.content(), produced);
      }
    }

    /** The holes of sparse files are not read from any stream, but cost time as if they were. */
    private ContentDispatch.Checkpoint produced(boolean sparse) {
      return length -> {
        if (sparse) {
          budget.take(length);
        }
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
      };
    }

    private void drain(InputStream in) throws IOException, InterruptedException {
      byte[] rest = new byte[64 << 10];
      while (in.read(rest, 0, rest.length) >= 0) {
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
      }
    }

    /** Compares how much came with what the manifest states. */
    private void verifyLength() throws ScanException {
      if (stated.isPresent() && blob.count() < stated.getAsLong()) {
        throw new ScanException.DigestMismatch(
            subject
                + " is truncated: "
                + blob.count()
                + " bytes came, the manifest states "
                + stated.getAsLong());
      }
    }

    private ScanException brokeOff(IOException cause) {
      IOException broke =
          cause instanceof VerifyingInputStream.TransferFailed
                  && cause.getCause() instanceof IOException inner
              ? inner
              : cause;
      if (broke instanceof TransferException known) {
        return known.failure();
      }
      return new ScanException.Unavailable(
          subject
              + " broke off after "
              + blob.count()
              + (stated.isPresent() ? " of " + stated.getAsLong() : "")
              + " bytes: "
              + ScanException.reason(cause),
          cause);
    }

    private ScanException tooLong() {
      return new ScanException.DigestMismatch(
          subject + " is longer than the " + stated.orElse(0) + " bytes that the manifest states");
    }
  }
}
