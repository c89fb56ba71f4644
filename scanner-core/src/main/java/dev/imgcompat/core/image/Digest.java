package dev.imgcompat.core.image;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A content digest, {@code sha256:} and 64 lower-case hexadecimal digits.
 *
 * <p>The OCI image specification also registers sha512, which no registry is known to serve; it is
 * refused rather than trusted unverified.
 *
 * @param value the whole digest, algorithm included
 */
public record Digest(@JsonValue String value) {
  private static final String SHA256 = "sha256:";
  private static final int DIGITS = 64;

  public Digest {
    if (!isOne(value)) {
      throw new IllegalArgumentException(
          "not a sha256 digest: "
              + Printable.of(value.length() > 100 ? value.substring(0, 100) + "…" : value));
    }
  }

  /** Without a regular expression: a sweep reads millions of them. */
  private static boolean isOne(String value) {
    if (value.length() != SHA256.length() + DIGITS || !value.startsWith(SHA256)) {
      return false;
    }
    for (int i = SHA256.length(); i < value.length(); i++) {
      char digit = value.charAt(i);
      if ((digit < '0' || digit > '9') && (digit < 'a' || digit > 'f')) {
        return false;
      }
    }
    return true;
  }

  /** Returns the digest that {@code value} spells; throws IllegalArgumentException otherwise. */
  @JsonCreator
  public static Digest of(String value) {
    return new Digest(value);
  }

  /** Returns the digest for the 32 bytes of a SHA-256 hash. */
  public static Digest ofSha256(byte[] hash) {
    return new Digest(SHA256 + HexFormat.of().formatHex(hash));
  }

  /** Returns the digest of a text in UTF-8. */
  public static Digest ofText(String text) {
    try {
      return ofSha256(
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }

  /** The 64 hexadecimal digits. */
  public String hex() {
    return value.substring(SHA256.length());
  }

  /** {@code sha256:} and the first 12 digits, for people. */
  public String abbreviated() {
    return value.substring(0, SHA256.length() + 12);
  }

  @Override
  public String toString() {
    return value;
  }
}
