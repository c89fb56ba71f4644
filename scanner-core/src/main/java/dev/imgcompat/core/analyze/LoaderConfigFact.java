package dev.imgcompat.core.analyze;

import dev.imgcompat.core.layer.FileFact;

/**
 * The file tells a dynamic loader where to look for libraries.
 *
 * @param text its beginning
 */
public record LoaderConfigFact(String text) implements FileFact {
  @Override
  public long retainedBytes() {
    return 100L + text.length();
  }
}
