package dev.imgcompat.core.analyze;

import dev.imgcompat.core.layer.FileFact;

/**
 * The file may say which distribution this is.
 *
 * @param text its beginning
 */
public record ReleaseFact(String text) implements FileFact {
  @Override
  public long retainedBytes() {
    return text.length();
  }
}
