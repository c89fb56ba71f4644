package dev.imgcompat.core.access;

import dev.imgcompat.core.image.ScanException;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file of certificates or of a private key, as openssl writes them (RFC 7468). Text between the
 * blocks is ignored. No message quotes the file.
 */
final class PemFile {
  private static final int MAX_BYTES = 1 << 20;
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \\1-----", Pattern.DOTALL);

  private final Path file;
  private final String text;

  private PemFile(Path file, String text) {
    this.file = file;
    this.text = text;
  }

  static PemFile read(Path file) throws ScanException.Unreadable {
    return new PemFile(
        file, new String(SettingsFile.read(file, MAX_BYTES), StandardCharsets.ISO_8859_1));
  }

  /** The certificates in the file, at least one. */
  List<X509Certificate> certificates() throws ScanException.Unreadable {
    List<X509Certificate> certificates = new ArrayList<>();
    Matcher blocks = BLOCK.matcher(text);
    try {
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      while (blocks.find()) {
        if (blocks.group(1).endsWith("CERTIFICATE")) {
          byte[] der = Base64.getMimeDecoder().decode(blocks.group(2));
          certificates.add(
              (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(der)));
        }
      }
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw unusable("has a damaged certificate");
    }
    if (certificates.isEmpty()) {
      throw unusable("has no certificate");
    }
    return certificates;
  }

  /**
   * The private key in the file: PKCS#8, or the older forms of RSA (PKCS#1) and EC (SEC 1), which
   * Java does not read by itself. These may leave out the algorithm or the curve, which the
   * certificate states.
   *
   * @param certified the public key of the certificate that the private one is for
   * @param certificate the file of that certificate, for messages
   */
  PrivateKey privateKey(PublicKey certified, Path certificate) throws ScanException.Unreadable {
    Matcher blocks = BLOCK.matcher(text);
    while (blocks.find()) {
      String label = blocks.group(1);
      String body = blocks.group(2);
      if (label.equals("ENCRYPTED PRIVATE KEY") || body.contains("ENCRYPTED")) {
        throw unusable("is encrypted, which docker does not take either: store it unencrypted");
      }
      if (label.endsWith("PRIVATE KEY")) {
        return privateKey(label, body, certified, certificate);
      }
    }
    throw unusable("has no private key");
  }

  private PrivateKey privateKey(String label, String body, PublicKey certified, Path certificate)
      throws ScanException.Unreadable {
    String foreign = "not the key of " + certificate;
    PrivateKey key;
    try {
      byte[] der = Base64.getMimeDecoder().decode(body);
      byte[] pkcs8 = label.equals("PRIVATE KEY") ? der : Der.privateKeyInfo(certified, der);
      key =
          KeyFactory.getInstance(certified.getAlgorithm())
              .generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw unusable(
          "is damaged, or " + foreign + ", which has an " + certified.getAlgorithm() + " key");
    }
    if (!belongTogether(key, certified)) {
      throw unusable("is " + foreign + ": put the two of one pair there");
    }
    return key;
  }

  /** Whether what the private key signs is signed for the public one. */
  private static boolean belongTogether(PrivateKey key, PublicKey certified) {
    if (key instanceof RSAKey mine && certified instanceof RSAKey theirs) {
      return mine.getModulus().equals(theirs.getModulus());
    }
    String algorithm = certified.getAlgorithm();
    byte[] text = {1, 2, 3};
    try {
      Signature signature =
          Signature.getInstance(algorithm.equals("EC") ? "SHA256withECDSA" : algorithm);
      signature.initSign(key);
      signature.update(text);
      byte[] signed = signature.sign();
      signature.initVerify(certified);
      signature.update(text);
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private ScanException.Unreadable unusable(String why) {
    return new ScanException.Unreadable(file + " " + why, null);
  }
}
