package dev.imgcompat.cli;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Texts that nobody may see, and all forms in which they travel: plain, in URLs, and in base64 with
 * whatever before and after them. A part of one is one too, if it is not very short.
 */
final class HuntedSecrets {
  /** Shorter parts occur by chance. */
  private static final int PART = 10;

  /** What they are, by parts of all forms. */
  private final Map<String, String> parts = new HashMap<>();

  /** Hunts a secret from now on. */
  void add(String what, String secret) {
    if (secret.length() < 2 * PART) {
      throw new IllegalArgumentException("too short to be told from other texts");
    }
    addForm(what, secret);
    String inUrl = URLEncoder.encode(secret, StandardCharsets.UTF_8);
    addForm(what + " as in a form", inUrl);
    addForm(what + " as in a URL", inUrl.replace("+", "%20"));
    byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
    for (int before = 0; before < 3; before++) {
      byte[] shifted = new byte[before + bytes.length];
      System.arraycopy(bytes, 0, shifted, before, bytes.length);
      for (Base64.Encoder encoder :
          Arrays.asList(Base64.getEncoder(), Base64.getUrlEncoder(), Base64.getMimeEncoder())) {
        String encoded = encoder.withoutPadding().encodeToString(shifted);
        // What stands at the edges depends on what is before and after.
        String inner =
            encoded.substring(
                before == 0 ? 0 : before + 1,
                shifted.length % 3 == 0 ? encoded.length() : encoded.length() - 1);
        addForm(what + " in base64", inner);
      }
    }
  }

  private void addForm(String what, String form) {
    for (int start = 0; start + PART <= form.length(); start++) {
      parts.putIfAbsent(form.substring(start, start + PART), what);
    }
  }

  /** What is seen of them in a text, if anything is. */
  Optional<String> seenIn(String text) {
    for (int at = 0; at + PART <= text.length(); at++) {
      String what = parts.get(text.substring(at, at + PART));
      if (what != null) {
        int end = Math.min(text.length(), at + PART + 150);
        return Optional.of(what + " in: …" + text.substring(Math.max(0, at - 150), end) + "…");
      }
    }
    return Optional.empty();
  }
}
