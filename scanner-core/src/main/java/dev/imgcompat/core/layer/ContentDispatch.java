package dev.imgcompat.core.layer;

import dev.imgcompat.core.layer.LayerAnalyzer.ContentReader;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Shows the files of one layer to the analyzers, one after the other. Not thread-safe. */
final class ContentDispatch {
  private final List<LayerAnalyzer> analyzers;
  private final byte[] buffer = new byte[128 << 10];
  private final Set<LayerAnalyzer> opened = new HashSet<>();

  ContentDispatch(List<LayerAnalyzer> analyzers) {
    this.analyzers = analyzers;
  }

  /** Called after every chunk that was read. */
  @FunctionalInterface
  interface Checkpoint {
    void passed(int bytes) throws IOException, InterruptedException;
  }

  /**
   * Reads as much of a file as the analyzers want, and says what they found.
   *
   * @param content of the file, from its first byte; it may be left unread in part
   */
  List<FileFact> facts(LayerEntry entry, InputStream content, Checkpoint checkpoint)
      throws IOException, InterruptedException {
    int length = content.readNBytes(buffer, 0, LayerReader.HEAD_BYTES);
    checkpoint.passed(length);
    List<ContentReader> readers = new ArrayList<>();
    for (LayerAnalyzer analyzer : analyzers) {
      Optional<ContentReader> reader = analyzer.open(entry, buffer, length);
      if (reader.isPresent()) {
        readers.add(reader.get());
        opened.add(analyzer);
      }
    }
    if (readers.isEmpty()) {
      return List.of();
    }
    List<ContentReader> hungry = new ArrayList<>(readers);
    while (length > 0) {
      for (ContentReader reader : hungry) {
        reader.accept(buffer, 0, length);
      }
      hungry.removeIf(ContentReader::satisfied);
      if (hungry.isEmpty()) {
        break;
      }
      length = content.read(buffer);
      if (length > 0) {
        checkpoint.passed(length);
      }
    }
    List<FileFact> facts = new ArrayList<>();
    for (ContentReader reader : readers) {
      reader.finish().ifPresent(facts::add);
    }
    return facts;
  }

  /** By what the files were read that were shown so far. */
  ReadBy readBy() {
    return new ReadBy(
        LayerReader.VERSION,
        analyzers.stream().map(a -> ReadBy.Stamp.of(a, opened.contains(a))).toList());
  }

  /** Reads the rest of a file and forgets it. */
  void drain(InputStream content, Checkpoint checkpoint) throws IOException, InterruptedException {
    for (int length = content.read(buffer); length >= 0; length = content.read(buffer)) {
      checkpoint.passed(length);
    }
  }
}
