package dev.imgcompat.service.web;

import dev.imgcompat.service.store.ReferenceKey;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Where a page ended, as an opaque text. */
final class Cursor {
  private static final int MAX_LENGTH = 4096;

  private Cursor() {}

  static String of(ReferenceKey last) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(
            (last.canonical() + "\n" + last.platform()).getBytes(StandardCharsets.UTF_8));
  }

  static ReferenceKey parse(String text) {
    try {
      if (text.length() <= MAX_LENGTH) {
        String key = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8);
        int line = key.indexOf('\n');
        if (line > 0
            && line < key.length() - 1
            && key.chars().allMatch(c -> c == '\n' || (c > ' ' && c < 0x7F))
            && key.indexOf('\n', line + 1) < 0) {
          return new ReferenceKey(key.substring(0, line), key.substring(line + 1));
        }
      }
    } catch (IllegalArgumentException e) {
      // As any other damage.
    }
    throw RefusedException.malformed(
        "the parameter 'cursor' is damaged: take it from the Link header, or begin anew without");
  }
}
