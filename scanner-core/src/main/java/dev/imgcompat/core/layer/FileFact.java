package dev.imgcompat.core.layer;

import com.fasterxml.jackson.annotation.JsonTypeInfo;

/**
 * Something that an analyzer found in one file. Implementations are immutable records which Jackson
 * can write and read back.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "fact")
public interface FileFact {
  /** Roughly how many characters of text it holds. */
  default long retainedBytes() {
    return 100;
  }
}
