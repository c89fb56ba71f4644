package dev.imgcompat.core.analyze;

import dev.imgcompat.core.layer.FileFact;
import dev.imgcompat.core.layer.LayerAnalyzer.ContentReader;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Function;

/** Keeps the beginning of a text file. */
final class TextPrefix implements ContentReader {
  private final byte[] text;
  private final Function<String, FileFact> fact;
  private int filled;

  /**
   * Creates a reader.
   *
   * @param bytes how many to keep at the most
   * @param fact is given the text
   */
  TextPrefix(int bytes, Function<String, FileFact> fact) {
    this.text = new byte[bytes];
    this.fact = fact;
  }

  @Override
  public void accept(byte[] buffer, int offset, int length) {
    int taken = Math.min(length, text.length - filled);
    System.arraycopy(buffer, offset, text, filled, taken);
    filled += taken;
  }

  @Override
  public boolean satisfied() {
    return filled == text.length;
  }

  @Override
  public Optional<FileFact> finish() {
    return Optional.of(fact.apply(new String(text, 0, filled, StandardCharsets.UTF_8)));
  }
}
