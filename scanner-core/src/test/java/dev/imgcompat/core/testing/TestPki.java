package dev.imgcompat.core.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A certificate authority of this test run, made with Java's keytool, and what it has signed. Each
 * certificate is made when it is first asked for. Safe for use by several threads.
 */
public final class TestPki {
  private static final String PASSWORD = "changeit";
  private static final String HERE = "SAN=ip:127.0.0.1,dns:localhost,dns:registry.test";
  private static final TestPki SHARED = new TestPki("imgcompat test authority");
  private static final TestPki STRANGER = new TestPki("authority of strangers");

  private final String name;
  private final Map<String, Identity> identities = new LinkedHashMap<>();

  /**
   * A key with its certificate, and those up to that of its authority.
   *
   * @param chain its own certificate first
   */
  public record Identity(PrivateKey key, List<X509Certificate> chain) {
    /** Its own certificate. */
    public X509Certificate certificate() {
      return chain.get(0);
    }

    /** Its own certificate as PEM. */
    public String certificatePem() {
      return pem(certificate());
    }

    /** Its key as PEM, in PKCS#8 and not encrypted. */
    public String keyPem() {
      return pem("PRIVATE KEY", key.getEncoded());
    }

    @Override
    public String toString() {
      return certificate().getSubjectX500Principal().getName();
    }
  }

  private TestPki(String name) {
    this.name = name;
  }

  /** The authority that tests trust. */
  public static TestPki shared() {
    return SHARED;
  }

  /** Another one, which they do not. */
  public static TestPki stranger() {
    return STRANGER;
  }

  /** The authority itself. */
  public Identity authority() {
    return identity("ca", "EC", name, "-ext", "BC:c=ca:true", "-ext", "KU:c=keyCertSign,cRLSign");
  }

  /** A server on this machine: 127.0.0.1, localhost and registry.test. */
  public Identity server() {
    return identity("server", "EC", "server", "-ext", HERE, "-ext", "EKU=serverAuth");
  }

  /** A server with these names, such as {@code ip:127.0.0.1} and {@code dns:localhost}. */
  public Identity server(String... names) {
    String all = String.join(",", names);
    return identity(
        "server-" + all.replaceAll("[^a-z0-9]+", "-"),
        "EC",
        "server",
        "-ext",
        "SAN=" + all,
        "-ext",
        "EKU=serverAuth");
  }

  /** A server elsewhere. */
  public Identity serverOfAnotherName() {
    return server("dns:elsewhere.test");
  }

  /** A server on this machine until a few days ago. */
  public Identity expiredServer() {
    return identity(
        "expired",
        "EC",
        "server",
        "-ext",
        HERE,
        "-ext",
        "EKU=serverAuth",
        "-startdate",
        "-10d",
        "-validity",
        "5");
  }

  /** A server on this machine, in a few days. */
  public Identity serverOfTheFuture() {
    return identity(
        "future", "EC", "server", "-ext", HERE, "-ext", "EKU=serverAuth", "-startdate", "+10d");
  }

  /** A client, with an RSA key. */
  public Identity client() {
    return identity("client", "RSA", "client", "-ext", "EKU=clientAuth");
  }

  /** A client, with an EC key. */
  public Identity clientWithEcKey() {
    return identity("client-ec", "EC", "client-ec", "-ext", "EKU=clientAuth");
  }

  /** Who signs the tokens of a {@link TokenServer}, with an RSA key. */
  public Identity tokenSigner() {
    return identity("tokens", "RSA", "tokens", "-ext", "KU=digitalSignature");
  }

  /** The certificate of the authority as PEM. */
  public String authorityPem() {
    return authority().certificatePem();
  }

  /** TLS of a server that is {@link #server()}, and trusts clients of this authority. */
  public SSLContext serverContext() {
    return context(server());
  }

  /** TLS of who has no certificate, and trusts this authority alone. */
  public SSLContext clientContext() {
    return context(List.of());
  }

  /** TLS of who is this one, and trusts this authority alone. */
  public SSLContext context(Identity identity) {
    return context(List.of(identity));
  }

  /**
   * Writes {@code ca.pem}, {@code server.pem} (which is for this machine) and {@code server.key},
   * {@code client.cert} and {@code client.key}, as PEM.
   *
   * @return the directory
   */
  public Path write(Path directory) {
    write(directory, "ca.pem", authorityPem());
    write(directory, "server.pem", server().certificatePem());
    write(directory, "server.key", server().keyPem());
    write(directory, "client.cert", client().certificatePem());
    write(directory, "client.key", client().keyPem());
    return directory;
  }

  /** A certificate as PEM. */
  public static String pem(X509Certificate certificate) {
    try {
      return pem("CERTIFICATE", certificate.getEncoded());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void write(Path directory, String file, String text) {
    try {
      Files.writeString(directory.resolve(file), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String pem(String label, byte[] der) {
    return "-----BEGIN "
        + label
        + "-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
        + "\n-----END "
        + label
        + "-----\n";
  }

  private SSLContext context(List<Identity> own) {
    try {
      KeyStore keys = empty();
      for (Identity identity : own) {
        keys.setKeyEntry(
            "own",
            identity.key(),
            PASSWORD.toCharArray(),
            identity.chain().toArray(Certificate[]::new));
      }
      KeyStore trusted = empty();
      trusted.setCertificateEntry("ca", authority().certificate());
      KeyManagerFactory keyManagers =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keyManagers.init(keys, PASSWORD.toCharArray());
      TrustManagerFactory trustManagers =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trustManagers.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keyManagers.getKeyManagers(), trustManagers.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static KeyStore empty() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }

  private synchronized Identity identity(
      String alias, String algorithm, String commonName, String... more) {
    Identity known = identities.get(alias);
    if (known == null) {
      known = make(alias, algorithm, commonName, more);
      identities.put(alias, known);
    }
    return known;
  }

  /** Has keytool make one, in a store of its own with the authority's key. */
  private Identity make(String alias, String algorithm, String commonName, String... more) {
    try {
      Path store = Files.createTempFile("test-pki", ".p12");
      try {
        Files.delete(store);
        List<String> signer = List.of();
        if (!alias.equals("ca")) {
          save(authority(), store);
          signer = List.of("-signer", "ca");
        }
        keytool(
            Stream.of(
                    List.of("-genkeypair", "-alias", alias, "-dname", "CN=" + commonName),
                    algorithm.equals("EC")
                        ? List.of("-keyalg", "EC", "-groupname", "secp256r1")
                        : List.of("-keyalg", "RSA", "-keysize", "2048"),
                    signer,
                    List.of("-keystore", store.toString(), "-storetype", "PKCS12"),
                    List.of("-storepass", PASSWORD),
                    defaults(more))
                .flatMap(List::stream)
                .toList());
        return load(store, alias);
      } finally {
        Files.deleteIfExists(store);
      }
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Adds when it is valid, if that is not said. */
  private static List<String> defaults(String... more) {
    List<String> all = new ArrayList<>(Arrays.asList(more));
    if (!all.contains("-startdate")) {
      all.addAll(List.of("-startdate", "-20d"));
    }
    if (!all.contains("-validity")) {
      all.addAll(List.of("-validity", "200"));
    }
    return all;
  }

  private static void keytool(List<String> arguments) throws IOException {
    Process keytool =
        new ProcessBuilder(
                Stream.concat(
                        Stream.of(
                            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                            "-J-XX:TieredStopAtLevel=1",
                            "-J-XX:+UseSerialGC"),
                        arguments.stream())
                    .collect(Collectors.toList()))
            .redirectErrorStream(true)
            .start();
    keytool.getOutputStream().close();
    String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (!keytool.waitFor(60, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
        throw new IllegalStateException("keytool: " + said);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static void save(Identity authority, Path store)
      throws IOException, GeneralSecurityException {
    KeyStore keys = empty();
    keys.setKeyEntry(
        "ca",
        authority.key(),
        PASSWORD.toCharArray(),
        authority.chain().toArray(Certificate[]::new));
    try (var out = Files.newOutputStream(store)) {
      keys.store(out, PASSWORD.toCharArray());
    }
  }

  private static Identity load(Path store, String alias)
      throws IOException, GeneralSecurityException {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    return new Identity(
        (PrivateKey) keys.getKey(alias, PASSWORD.toCharArray()),
        Arrays.stream(keys.getCertificateChain(alias)).map(X509Certificate.class::cast).toList());
  }
}
