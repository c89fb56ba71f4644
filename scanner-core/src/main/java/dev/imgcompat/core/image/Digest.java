package dev.imgcompat.core.image;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * A content digest, {@code sha256:} and 64 lower-case hexadecimal digits.
 *
 * <p>The OCI image specification also registers sha512, which no registry is known to serve; it is
 * refused rather than trusted unverified.
 *
 * @param value the whole digest, algorithm included
 */
public record Digest(@JsonValue String value) {
  private static final Pattern SHA256 = Pattern.compile("sha256:[a-f0-9]{64}");

  public Digest {
    if (!SHA256.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "not a sha256 digest: "
              + Printable.of(value.length() > 100 ? value.substring(0, 100) + "…" : value));
    }
  }

  /** Returns the digest that {@code value} spells; throws IllegalArgumentException otherwise. */
  @JsonCreator
  public static Digest of(String value) {
    return new Digest(value);
  }

  /** Returns the digest for the 32 bytes of a SHA-256 hash. */
  public static Digest ofSha256(byte[] hash) {
    return new Digest("sha256:" + HexFormat.of().formatHex(hash));
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
    return value.substring("sha256:".length());
  }

  /** {@code sha256:} and the first 12 digits, for people. */
  public String abbreviated() {
    return value.substring(0, "sha256:".length() + 12);
  }

  @Override
  public String toString() {
    return value;
  }
}
