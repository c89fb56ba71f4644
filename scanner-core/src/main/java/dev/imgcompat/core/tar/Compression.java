package dev.imgcompat.core.tar;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How bytes are compressed, told by the bytes themselves. */
public enum Compression {
  @JsonProperty("none")
  NONE("uncompressed"),
  @JsonProperty("gzip")
  GZIP("gzip"),
  @JsonProperty("zstd")
  ZSTD("zstd"),
  @JsonProperty("xz")
  XZ("xz"),
  @JsonProperty("bzip2")
  BZIP2("bzip2");

  private final String text;

  Compression(String text) {
    this.text = text;
  }

  /** A word for people. */
  @Override
  public String toString() {
    return text;
  }
}
