package dev.imgcompat.core.image;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Small documents: read within a bound, and hashed. */
public final class Bytes {
  private Bytes() {}

  /**
   * Reads a stream to its end.
   *
   * @param most bytes that it may have
   * @param what it is, for the message
   * @throws ScanException.LimitExceeded if it has more
   */
  public static byte[] read(InputStream in, int most, String what)
      throws IOException, ScanException.LimitExceeded {
    byte[] bytes = in.readNBytes(most);
    if (bytes.length == most && in.read() >= 0) {
      throw new ScanException.LimitExceeded(what + " is larger than " + most + " bytes");
    }
    return bytes;
  }

  /** The SHA-256 digest of some bytes. */
  public static Digest digest(byte[] bytes) {
    return Digest.ofSha256(sha256().digest(bytes));
  }

  /** The SHA-256 digest of a stream, which is read to its end. */
  public static Digest digest(InputStream in) throws IOException {
    MessageDigest sha256 = sha256();
    byte[] buffer = new byte[64 << 10];
    for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
      sha256.update(buffer, 0, length);
    }
    return Digest.ofSha256(sha256.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
