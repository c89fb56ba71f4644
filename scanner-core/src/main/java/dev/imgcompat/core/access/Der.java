package dev.imgcompat.core.access;

import java.io.ByteArrayOutputStream;
import java.security.PublicKey;
import java.util.Arrays;

/** The little of ASN.1's DER that wrapping a private key takes. */
final class Der {
  private static final int SEQUENCE = 0x30;
  private static final int OCTET_STRING = 0x04;
  private static final byte[] VERSION_0 = {0x02, 0x01, 0x00};

  private Der() {}

  /**
   * Wraps a private key into the PrivateKeyInfo of PKCS#8.
   *
   * @param certified its public half, whose SubjectPublicKeyInfo states the algorithm
   * @param key in the form of its algorithm
   */
  static byte[] privateKeyInfo(PublicKey certified, byte[] key) {
    ByteArrayOutputStream info = new ByteArrayOutputStream();
    info.writeBytes(VERSION_0);
    info.writeBytes(firstOf(certified.getEncoded()));
    info.writeBytes(element(OCTET_STRING, key));
    return element(SEQUENCE, info.toByteArray());
  }

  /** The first element of a sequence. */
  private static byte[] firstOf(byte[] sequence) {
    int start = contentStart(sequence, 0);
    int content = contentStart(sequence, start);
    return Arrays.copyOfRange(sequence, start, content + length(sequence, start));
  }

  private static int contentStart(byte[] der, int at) {
    int first = der[at + 1] & 0xff;
    return at + 2 + (first < 0x80 ? 0 : first & 0x7f);
  }

  private static int length(byte[] der, int at) {
    int first = der[at + 1] & 0xff;
    if (first < 0x80) {
      return first;
    }
    int length = 0;
    for (int i = at + 2; i < contentStart(der, at); i++) {
      length = length << 8 | (der[i] & 0xff);
    }
    return length;
  }

  private static byte[] element(int tag, byte[] content) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(tag);
    if (content.length < 0x80) {
      out.write(content.length);
    } else {
      int octets = (Integer.SIZE - Integer.numberOfLeadingZeros(content.length) + 7) / 8;
      out.write(0x80 | octets);
      for (int i = octets - 1; i >= 0; i--) {
        out.write(content.length >>> (8 * i));
      }
    }
    out.writeBytes(content);
    return out.toByteArray();
  }
}
