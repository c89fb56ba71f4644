package dev.imgcompat.service.access;

import dev.imgcompat.core.image.Printable;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * One line of the file of tokens: {@code NAME ROLE SALT HASH}, the hash being SHA-256 over the 16
 * bytes of the salt and the token.
 *
 * <p>A token has 256 random bits, so nobody finds it by trying, however fast a hash is; the slow
 * hashes that passwords need would only slow down each request. The salt keeps equal tokens of two
 * files from having equal hashes.
 *
 * @param name whose token it is, for logs
 * @param role what it allows
 * @param salt 16 bytes
 * @param hash 32 bytes
 */
@SuppressWarnings("ArrayRecordComponent") // private to this package, and never compared
record TokenEntry(String name, Role role, byte[] salt, byte[] hash) {
  static final int SALT_BYTES = 16;

  private static final int HASH_BYTES = 32;
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.@-]{0,63}");
  private static final Pattern HEX = Pattern.compile("[0-9a-f]+");
  private static final HexFormat FORMAT = HexFormat.of();

  static TokenEntry of(String name, Role role, byte[] salt, String token) {
    checkName(name);
    return new TokenEntry(name, role, salt, hash(salt, token));
  }

  /**
   * Reads a line.
   *
   * @throws IllegalArgumentException if it is none, with a reason that does not quote the hash
   */
  static TokenEntry parse(String line) {
    String[] parts = line.strip().split("\\s+", -1);
    if (parts.length != 4) {
      throw new IllegalArgumentException(
          "has " + parts.length + " words: write NAME ROLE SALT HASH");
    }
    checkName(parts[0]);
    Role role =
        Arrays.stream(Role.values())
            .filter(r -> r.name().equalsIgnoreCase(parts[1]))
            .findFirst()
            .orElseThrow(
                () -> new IllegalArgumentException("the role is neither reader nor operator"));
    return new TokenEntry(
        parts[0], role, bytes("salt", parts[2], SALT_BYTES), bytes("hash", parts[3], HASH_BYTES));
  }

  private static void checkName(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "the name is '"
              + Printable.of(name.length() > 64 ? name.substring(0, 64) + "…" : name)
              + "': write letters, digits and _ . @ -");
    }
  }

  private static byte[] bytes(String what, String text, int count) {
    if (text.length() != 2 * count || !HEX.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "the " + what + " is not " + 2 * count + " hexadecimal digits in lower case");
    }
    return FORMAT.parseHex(text);
  }

  /** Whether a token is this one; takes the same time whatever the token is. */
  boolean isOf(String token) {
    return MessageDigest.isEqual(hash, hash(salt, token));
  }

  String line() {
    return String.join(
        " ",
        name,
        role.name().toLowerCase(Locale.ROOT),
        FORMAT.formatHex(salt),
        FORMAT.formatHex(hash));
  }

  private static byte[] hash(byte[] salt, String token) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      sha256.update(salt);
      return sha256.digest(token.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
