package dev.imgcompat.core.testing;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.apache.hc.core5.ssl.SSLContextBuilder;

/** A key of this test run with a certificate for 127.0.0.1 that it signed itself. */
public record TestIdentity(KeyStore store, PrivateKey key, X509Certificate certificate) {
  private static final String PASSWORD = "changeit";

  /**
   * Makes one with Java's keytool.
   *
   * @param directory to work in
   * @param algorithm {@code RSA}, {@code EC} or {@code Ed25519}
   */
  public static TestIdentity make(Path directory, String algorithm) throws Exception {
    Path file = Files.createTempDirectory(directory, "identity").resolve("store.p12");
    Process keytool =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                    "-genkeypair",
                    "-alias",
                    "it",
                    "-keyalg",
                    algorithm,
                    "-dname",
                    "CN=test",
                    "-ext",
                    "SAN=ip:127.0.0.1",
                    "-storetype",
                    "PKCS12",
                    "-keystore",
                    file.toString(),
                    "-storepass",
                    PASSWORD))
            .redirectErrorStream(true)
            .start();
    keytool.getOutputStream().close();
    String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!keytool.waitFor(60, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
      throw new IllegalStateException("keytool: " + said);
    }
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, PASSWORD.toCharArray());
    }
    return new TestIdentity(
        store,
        (PrivateKey) store.getKey("it", PASSWORD.toCharArray()),
        (X509Certificate) store.getCertificate("it"));
  }

  /** TLS of a server that is this one, and trusts some others. */
  public SSLContext server(TestIdentity... trusted) throws Exception {
    KeyStore others = KeyStore.getInstance("PKCS12");
    others.load(null, null);
    for (int i = 0; i < trusted.length; i++) {
      others.setCertificateEntry("c" + i, trusted[i].certificate());
    }
    return new SSLContextBuilder()
        .loadKeyMaterial(store, PASSWORD.toCharArray())
        .loadTrustMaterial(others, null)
        .build();
  }

  /** The certificate as PEM. */
  public String certificatePem() throws Exception {
    return pem("CERTIFICATE", certificate.getEncoded());
  }

  /** A block of PEM. */
  public static String pem(String label, byte[] der) {
    return "-----BEGIN "
        + label
        + "-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
        + "\n-----END "
        + label
        + "-----\n";
  }
}
