package dev.imgcompat.core.layer;

import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.image.Layer;
import dev.imgcompat.core.image.LayerContent;
import dev.imgcompat.core.image.ScanException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * Reads one layer in one pass: verify the digest, decompress, walk the tar, show every file to the
 * analyzers. Nothing is written to disk; memory does not grow with the layer, only with what the
 * analyzers find. Safe for use by several threads.
 */
public final class LayerReader {
  /** How many of a file's first bytes an analyzer sees before it decides. */
  public static final int HEAD_BYTES = 256;

  private final List<LayerAnalyzer> analyzers;
  private final ScanLimits limits;

  public LayerReader(List<LayerAnalyzer> analyzers, ScanLimits limits) {
    this.analyzers = List.copyOf(analyzers);
    this.limits = limits;
  }

  /** Names the analyzers and their versions: facts with the same key and digest are the same. */
  public String factsKey() {
    return analyzers.stream()
        .map(a -> a.name() + "-" + a.version())
        .sorted()
        .collect(Collectors.joining("_"));
  }

  /**
   * Reads a layer.
   *
   * @param progress is told of every byte of the blob (or of the files) as it is read
   * @throws ScanException if the layer cannot be read whole; the message names it
   */
  public LayerFacts read(LayerContent content, LongConsumer progress)
      throws ScanException, InterruptedException {
    if (content instanceof LayerContent.Directory directory) {
      return new DirectoryWalk(new ContentDispatch(analyzers), limits, progress)
          .read(directory.root());
    }
    LayerContent.Blob blob = (LayerContent.Blob) content;
    Layer layer = blob.layer();
    String subject = "layer " + layer.digest();
    try (InputStream raw = blob.opener().open()) {
      return readBlob(layer, raw, progress, subject);
    } catch (ScanException.DigestMismatch e) {
      throw blob.remote() ? e : e.ofLocalCopy();
    } catch (IOException e) {
      throw new ScanException.Unavailable(
          subject + " could not be read: " + ScanException.reason(e), e);
    }
  }

  private LayerFacts readBlob(Layer layer, InputStream raw, LongConsumer progress, String subject)
      throws ScanException, InterruptedException {
    VerifyingInputStream blob = new VerifyingInputStream(raw, layer.size(), progress);
    LayerFactsBuilder facts = new LayerFactsBuilder(limits);
    ScanException failure = null;
    try {
      walk(blob, facts);
    } catch (VerifyingInputStream.TransferFailed e) {
      throw brokeOff(layer, blob, subject, e);
    } catch (VerifyingInputStream.TooLong e) {
      throw tooLong(layer, subject);
    } catch (BudgetedInputStream.Exhausted | ScanException.LimitExceeded e) {
      throw new ScanException.LimitExceeded(subject + " is refused: " + e.getMessage());
    } catch (IOException | RuntimeException e) {
      // RuntimeException: Commons Compress has those, too, for headers that make no sense.
      failure = new ScanException.Damaged(subject + " is damaged: " + ScanException.reason(e), e);
    }
    verify(layer, blob, subject);
    if (failure != null) {
      throw failure;
    }
    return facts.build(Optional.of(layer.digest()), layer.size());
  }

  private void walk(InputStream blob, LayerFactsBuilder facts)
      throws IOException, InterruptedException, ScanException.LimitExceeded {
    // Names are decoded byte by byte here and looked at by PathNames, since not all are UTF-8.
    try (InputStream decompressed = Decompression.open(blob);
        BudgetedInputStream uncompressed = new BudgetedInputStream(decompressed);
        TarArchiveInputStream tar = new TarArchiveInputStream(uncompressed, "ISO-8859-1")) {
      ContentDispatch dispatch = new ContentDispatch(analyzers);
      Produced produced = new Produced(limits);
      while (true) {
        uncompressed.allow(
            limits.headerBytes(),
            "the headers of an entry take more than " + limits.headerBytes() + " bytes");
        int padding = (int) (-uncompressed.count() & 511);
        uncompressed.record();
        TarArchiveEntry header = tar.getNextEntry();
        byte[] raw = uncompressed.recorded();
        uncompressed.allow(Long.MAX_VALUE, "");
        if (header == null) {
          if (uncompressed.count() % 512 != 0) {
            throw new IOException("it ends within a tar header, or is no tar");
          }
          return;
        }
        LayerEntry entry = TarHeaders.entry(header, TarHeaderCheck.check(raw, padding));
        if (entry == null) {
          dispatch.drain(tar, produced);
          continue;
        }
        facts.count(entry);
        if (!facts.addWhiteout(entry)) {
          List<FileFact> found =
              entry.type() == EntryType.FILE && entry.size() > 0
                  ? dispatch.facts(entry, tar, produced)
                  : List.of();
          facts.add(entry, found);
        }
        dispatch.drain(tar, produced);
      }
    }
  }

  /** Reads the blob to its end and compares it with what the manifest states. */
  private static void verify(Layer layer, VerifyingInputStream blob, String subject)
      throws ScanException {
    byte[] rest = new byte[64 << 10];
    try {
      while (blob.read(rest, 0, rest.length) >= 0) {
        if (Thread.currentThread().isInterrupted()) {
          break;
        }
      }
    } catch (VerifyingInputStream.TooLong e) {
      throw tooLong(layer, subject);
    } catch (IOException e) {
      throw brokeOff(layer, blob, subject, e);
    }
    if (blob.count() < layer.size()) {
      throw new ScanException.DigestMismatch(
          subject
              + " is truncated: "
              + blob.count()
              + " bytes came, the manifest states "
              + layer.size());
    }
    Digest actual = blob.digest();
    if (!actual.equals(layer.digest())) {
      throw new ScanException.DigestMismatch(
          subject + " does not have the digest that the manifest states; its bytes have " + actual);
    }
  }

  private static ScanException brokeOff(
      Layer layer, VerifyingInputStream blob, String subject, IOException cause) {
    return new ScanException.Unavailable(
        subject
            + " broke off after "
            + blob.count()
            + " of "
            + layer.size()
            + " bytes: "
            + ScanException.reason(cause),
        cause);
  }

  private static ScanException tooLong(Layer layer, String subject) {
    return new ScanException.DigestMismatch(
        subject + " is longer than the " + layer.size() + " bytes that the manifest states");
  }

  /** Counts the uncompressed bytes, holes of sparse files included. */
  private static final class Produced implements ContentDispatch.Checkpoint {
    private final ScanLimits limits;
    private long bytes;

    Produced(ScanLimits limits) {
      this.limits = limits;
    }

    @Override
    public void passed(int length) throws IOException, InterruptedException {
      bytes += length;
      if (bytes > limits.layerBytes()) {
        throw new BudgetedInputStream.Exhausted(
            "it unpacks to more than " + limits.layerBytes() + " bytes");
      }
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }
  }
}
