package dev.imgcompat.service.http;

import dev.imgcompat.core.image.Bytes;

/** Strong entity tags. */
public final class EntityTag {
  private static final int DIGITS = 32;

  private EntityTag() {}

  /** The tag of a body, with its quotes: the same for the same bytes. */
  public static String of(byte[] body) {
    return '"' + Bytes.digest(body).hex().substring(0, DIGITS) + '"';
  }
}
