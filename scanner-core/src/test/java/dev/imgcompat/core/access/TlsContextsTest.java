package dev.imgcompat.core.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imgcompat.core.image.ScanException;
import dev.imgcompat.core.testing.TestIdentity;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whom a context trusts, and as whom it appears. */
@Timeout(60)
class TlsContextsTest {
  private static final Optional<ClientIdentity> NOBODY = Optional.empty();

  @TempDir private static Path keys;
  private static TestIdentity server;
  private static TestIdentity client;

  @TempDir private Path directory;

  @BeforeAll
  static void makeKeys() throws Exception {
    server = TestIdentity.make(keys, "RSA");
    client = TestIdentity.make(keys, "EC");
  }

  @Test
  void aFurtherAuthorityIsTrusted() throws Exception {
    Path other = file("other.pem", client.certificatePem());
    Path right = file("right.pem", server.certificatePem());
    assertThat(greeting(TlsContexts.verifying(List.of(other, right), NOBODY), false)).isEqualTo(7);
  }

  @Test
  void allCertificatesOfAFileAreTrusted() throws Exception {
    Path both = file("both.pem", client.certificatePem() + "words\n" + server.certificatePem());
    assertThat(greeting(TlsContexts.verifying(List.of(both), NOBODY), false)).isEqualTo(7);
  }

  @Test
  void javasAuthoritiesStayTrusted() throws Exception {
    Path further = file("further.pem", client.certificatePem());
    assertThatThrownBy(() -> greeting(TlsContexts.verifying(List.of(further), NOBODY), false))
        .isInstanceOf(SSLException.class);
    javaTrusts(
        server,
        () -> {
          assertThat(greeting(TlsContexts.verifying(List.of(), NOBODY), false)).isEqualTo(7);
          SSLContext both = TlsContexts.verifying(List.of(further), NOBODY);
          assertThat(greeting(both, false)).isEqualTo(7);
          SSLContext one = TlsContexts.trustingOnly(further, NOBODY);
          assertThatThrownBy(() -> greeting(one, false)).isInstanceOf(SSLException.class);
        });
  }

  @Test
  void anAuthorityMayBeTheOnlyOne() throws Exception {
    Path right = file("right.pem", server.certificatePem());
    assertThat(greeting(TlsContexts.trustingOnly(right, NOBODY), false)).isEqualTo(7);
  }

  @Test
  void trustingAllAsksNeitherForAuthorityNorForName() throws Exception {
    assertThat(greeting(TlsContexts.trustingAll(NOBODY), false, "elsewhere.invalid")).isEqualTo(7);
  }

  @Test
  void aVerifyingContextAsksForTheName() throws Exception {
    Path right = file("right.pem", server.certificatePem());
    SSLContext context = TlsContexts.verifying(List.of(right), NOBODY);
    assertThatThrownBy(() -> greeting(context, false, "elsewhere.invalid"))
        .isInstanceOf(SSLException.class)
        .hasMessageContaining("elsewhere.invalid");
  }

  @Test
  void anIdentityIsShownToWhoAsksForIt() throws Exception {
    Path right = file("right.pem", server.certificatePem());
    Optional<ClientIdentity> identity = Optional.of(identity(client, client));
    assertThat(greeting(TlsContexts.verifying(List.of(right), identity), true)).isEqualTo(7);
    assertThat(greeting(TlsContexts.trustingAll(identity), true)).isEqualTo(7);
    assertThatThrownBy(() -> greeting(TlsContexts.verifying(List.of(right), NOBODY), true))
        .isInstanceOf(IOException.class);
  }

  @Test
  void aKeyOfAnotherCertificateIsRefused() throws Exception {
    for (String algorithm : List.of("RSA", "EC", "Ed25519")) {
      TestIdentity mine = TestIdentity.make(keys, algorithm);
      TestIdentity other = TestIdentity.make(keys, algorithm);
      TlsContexts.trustingAll(Optional.of(identity(mine, mine)));
      ClientIdentity mixed = identity(mine, other);
      assertThatThrownBy(() -> TlsContexts.trustingAll(Optional.of(mixed)))
          .isInstanceOf(ScanException.Unreadable.class)
          .hasMessageStartingWith(mixed.key() + " is not the key of " + mixed.certificate() + ": ");
    }
  }

  @Test
  void aKeyOfAnotherAlgorithmIsRefused() throws Exception {
    ClientIdentity mixed = identity(server, client);
    assertThatThrownBy(() -> TlsContexts.verifying(List.of(), Optional.of(mixed)))
        .isInstanceOf(ScanException.Unreadable.class)
        .hasMessageContaining("not the key of " + mixed.certificate() + ", which has an RSA key");
  }

  @Test
  void anEncryptedKeyIsRefused() throws Exception {
    ClientIdentity identity = identity(client, client);
    Files.writeString(identity.key(), TestIdentity.pem("ENCRYPTED PRIVATE KEY", new byte[9]));
    assertThatThrownBy(() -> TlsContexts.trustingAll(Optional.of(identity)))
        .isInstanceOf(ScanException.Unreadable.class)
        .hasMessageStartingWith(identity.key() + " is encrypted");
  }

  @Test
  void filesThatAreNotWhatTheyShouldBeAreNamed() throws Exception {
    Path missing = directory.resolve("missing.pem");
    assertRefused(missing, "there is no file " + missing);
    Path empty = file("empty.pem", "");
    assertRefused(empty, empty + " has no certificate");
    Path damaged = file("damaged.pem", TestIdentity.pem("CERTIFICATE", new byte[] {1, 2, 3}));
    assertRefused(damaged, damaged + " has a damaged certificate");
    Path folder = Files.createDirectory(directory.resolve("folder.pem"));
    assertRefused(folder, folder + " could not be read: Is a directory");
    Path large = file("large.pem", "x".repeat((1 << 20) + 1));
    assertRefused(large, large + " is larger than 1048576 bytes: name the right file");
  }

  private void assertRefused(Path authority, String message) {
    assertThatThrownBy(() -> TlsContexts.verifying(List.of(authority), NOBODY))
        .isInstanceOf(ScanException.Unreadable.class)
        .hasMessage(message);
    assertThatThrownBy(() -> TlsContexts.trustingOnly(authority, NOBODY))
        .isInstanceOf(ScanException.Unreadable.class)
        .hasMessage(message);
  }

  private ClientIdentity identity(TestIdentity certificate, TestIdentity key) throws Exception {
    return new ClientIdentity(
        file("client.cert", certificate.certificatePem()),
        file("client.key", TestIdentity.pem("PRIVATE KEY", key.key().getEncoded())));
  }

  private Path file(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text);
  }

  /** Runs a test while a certificate is that of Java's only authority. */
  private void javaTrusts(TestIdentity identity, Executable test) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setCertificateEntry("java", identity.certificate());
    Path file = directory.resolve("cacerts");
    try (OutputStream out = Files.newOutputStream(file)) {
      store.store(out, "changeit".toCharArray());
    }
    System.setProperty("javax.net.ssl.trustStore", file.toString());
    System.setProperty("javax.net.ssl.trustStorePassword", "changeit");
    try {
      test.run();
    } finally {
      System.clearProperty("javax.net.ssl.trustStore");
      System.clearProperty("javax.net.ssl.trustStorePassword");
    }
  }

  private interface Executable {
    void run() throws Exception;
  }

  private static int greeting(SSLContext context, boolean identityNeeded) throws Exception {
    return greeting(context, identityNeeded, "127.0.0.1");
  }

  /** What a server on the loopback interface says to a client of a context. */
  private static int greeting(SSLContext context, boolean identityNeeded, String name)
      throws Exception {
    InetAddress loopback = InetAddress.getByAddress(name, new byte[] {127, 0, 0, 1});
    try (SSLServerSocket listening =
        (SSLServerSocket)
            server.server(client).getServerSocketFactory().createServerSocket(0, 1, loopback)) {
      listening.setNeedClientAuth(identityNeeded);
      Thread thread = new Thread(() -> greet(listening));
      thread.start();
      try (SSLSocket socket =
          (SSLSocket) context.getSocketFactory().createSocket(loopback, listening.getLocalPort())) {
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        return socket.getInputStream().read();
      } finally {
        thread.join();
      }
    }
  }

  private static void greet(SSLServerSocket listening) {
    try (SSLSocket socket = (SSLSocket) listening.accept()) {
      socket.getOutputStream().write(7);
    } catch (IOException e) {
      // The client says what was wrong.
    }
  }
}
