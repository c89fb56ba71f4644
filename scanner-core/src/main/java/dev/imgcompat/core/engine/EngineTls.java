package dev.imgcompat.core.engine;

import dev.imgcompat.core.image.ScanException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.apache.hc.client5.http.ssl.TrustAllStrategy;
import org.apache.hc.core5.ssl.SSLContextBuilder;

/**
 * How to encrypt, whom to trust, and as whom to appear: docker's files {@code ca.pem}, {@code
 * cert.pem} and {@code key.pem}.
 *
 * @param context made of them
 * @param verifies whether the engine's certificate and its name are checked
 * @param identified whether there is a certificate to show to the engine
 */
record EngineTls(SSLContext context, boolean verifies, boolean identified) {
  private static final char[] NO_PASSWORD = {};

  /** TLS with what Java trusts. */
  static EngineTls ofJava() throws ScanException {
    return build(new SSLContextBuilder(), true, false, "Java's certificates");
  }

  /**
   * TLS that trusts {@code ca.pem} of a directory, and nobody else.
   *
   * @param caNeeded whether it is an error that there is no such file; otherwise Java's trust is
   *     taken
   */
  static EngineTls verifying(Path directory, boolean caNeeded) throws ScanException {
    SSLContextBuilder builder = identity(directory);
    Path ca = directory.resolve("ca.pem");
    if (caNeeded || Files.exists(ca)) {
      List<X509Certificate> trusted = PemFile.read(ca).certificates();
      try {
        KeyStore store = emptyStore();
        for (int i = 0; i < trusted.size(); i++) {
          store.setCertificateEntry("ca" + i, trusted.get(i));
        }
        builder.loadTrustMaterial(store, null);
      } catch (GeneralSecurityException | IOException e) {
        throw unusable(ca.toString(), e);
      }
    }
    return build(builder, true, isIdentified(directory), directory.toString());
  }

  /** TLS that does not ask who the engine is. */
  static EngineTls trustingAll(Path directory) throws ScanException {
    SSLContextBuilder builder = identity(directory);
    try {
      builder.loadTrustMaterial(null, TrustAllStrategy.INSTANCE);
    } catch (GeneralSecurityException e) {
      throw unusable(directory.toString(), e);
    }
    return build(builder, false, isIdentified(directory), directory.toString());
  }

  private static SSLContextBuilder identity(Path directory) throws ScanException {
    SSLContextBuilder builder = new SSLContextBuilder();
    if (!isIdentified(directory)) {
      return builder;
    }
    Path cert = directory.resolve("cert.pem");
    Path key = directory.resolve("key.pem");
    List<X509Certificate> chain = PemFile.read(cert).certificates();
    PrivateKey secret = PemFile.read(key).privateKey(chain.get(0).getPublicKey());
    try {
      KeyStore store = emptyStore();
      store.setKeyEntry("client", secret, NO_PASSWORD, chain.toArray(X509Certificate[]::new));
      return builder.loadKeyMaterial(store, NO_PASSWORD);
    } catch (GeneralSecurityException | IOException e) {
      throw unusable(cert + " with key.pem", e);
    }
  }

  private static boolean isIdentified(Path directory) {
    return Files.exists(directory.resolve("cert.pem"))
        || Files.exists(directory.resolve("key.pem"));
  }

  private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, NO_PASSWORD);
    return store;
  }

  private static EngineTls build(
      SSLContextBuilder builder, boolean verifies, boolean identified, String what)
      throws ScanException {
    try {
      return new EngineTls(builder.build(), verifies, identified);
    } catch (GeneralSecurityException e) {
      throw unusable(what, e);
    }
  }

  private static ScanException unusable(String what, Exception cause) {
    return new ScanException.Unreadable(
        "TLS cannot be set up with " + what + ": " + ScanException.reason(cause), cause);
  }
}
