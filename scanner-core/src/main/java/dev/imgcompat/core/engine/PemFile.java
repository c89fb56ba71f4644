package dev.imgcompat.core.engine;

import dev.imgcompat.core.image.ScanException;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
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

  static PemFile read(Path file) throws ScanException {
    return new PemFile(
        file, new String(SettingsFile.read(file, MAX_BYTES), StandardCharsets.ISO_8859_1));
  }

  /** The certificates in the file, at least one. */
  List<X509Certificate> certificates() throws ScanException {
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
   */
  PrivateKey privateKey(PublicKey certified) throws ScanException {
    Matcher blocks = BLOCK.matcher(text);
    while (blocks.find()) {
      String label = blocks.group(1);
      String body = blocks.group(2);
      if (label.equals("ENCRYPTED PRIVATE KEY") || body.contains("ENCRYPTED")) {
        throw unusable("is encrypted, which docker does not take either: store it unencrypted");
      }
      if (label.endsWith("PRIVATE KEY")) {
        try {
          byte[] der = Base64.getMimeDecoder().decode(body);
          byte[] pkcs8 = label.equals("PRIVATE KEY") ? der : Der.privateKeyInfo(certified, der);
          return KeyFactory.getInstance(certified.getAlgorithm())
              .generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
          throw unusable(
              "is damaged, or not the key of an "
                  + certified.getAlgorithm()
                  + " certificate as cert.pem has it");
        }
      }
    }
    throw unusable("has no private key");
  }

  private ScanException unusable(String why) {
    return new ScanException.Unreadable(file + " " + why, null);
  }
}
