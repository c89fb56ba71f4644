package dev.imgcompat.core.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imgcompat.core.image.Bytes;
import dev.imgcompat.core.image.ScanException;
import dev.imgcompat.core.testing.FakeEngine;
import dev.imgcompat.core.testing.TestIdentity;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** TLS with certificates and keys in the forms in which docker takes them. */
@Timeout(60)
class EngineTlsTest {
  @TempDir private static Path keys;
  private static TestIdentity server;
  private static TestIdentity rsa;
  private static TestIdentity ec;

  @TempDir private Path home;
  private Path certificates;
  private FakeEngine engine;

  @BeforeAll
  static void makeKeys() throws Exception {
    server = TestIdentity.make(keys, "RSA");
    rsa = TestIdentity.make(keys, "RSA");
    ec = TestIdentity.make(keys, "EC");
  }

  @BeforeEach
  void start() throws Exception {
    certificates = Files.createDirectories(home.resolve(".docker"));
    engine = FakeEngine.secure(server.server(rsa, ec)).image("a", "{}", new byte[0]);
    Files.writeString(certificates.resolve("ca.pem"), server.certificatePem());
  }

  @AfterEach
  void stop() {
    engine.close();
  }

  @Test
  void keysOfPkcs8AreTaken() throws Exception {
    identity(rsa, TestIdentity.pem("PRIVATE KEY", rsa.key().getEncoded()));
    inspect();
    identity(ec, TestIdentity.pem("PRIVATE KEY", ec.key().getEncoded()));
    inspect();
  }

  @Test
  void rsaKeysOfPkcs1AreTaken() throws Exception {
    identity(rsa, TestIdentity.pem("RSA PRIVATE KEY", lastOf(rsa.key().getEncoded())));
    inspect();
  }

  @Test
  void ecKeysOfSec1AreTaken() throws Exception {
    identity(ec, TestIdentity.pem("EC PRIVATE KEY", lastOf(ec.key().getEncoded())));
    inspect();
  }

  @Test
  void ecKeysAsOpensslWritesThemAreTaken() throws Exception {
    byte[] spki = ec.certificate().getPublicKey().getEncoded();
    byte[] algorithm = slice(spki, contentStart(spki, 0));
    byte[] curve = slice(algorithm, contentStart(algorithm, 0) + 9);
    byte[] point = lastOf(spki, 0x03);
    byte[] bare = lastOf(ec.key().getEncoded());
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    content.writeBytes(Arrays.copyOfRange(bare, contentStart(bare, 0), bare.length));
    content.writeBytes(element(0xa0, curve));
    content.writeBytes(element(0xa1, element(0x03, point)));
    identity(
        ec,
        "some words before\n"
            + TestIdentity.pem("EC PARAMETERS", curve)
            + TestIdentity.pem("EC PRIVATE KEY", element(0x30, content.toByteArray())));
    inspect();
  }

  @Test
  void certificatesOfAContextAreTaken() throws Exception {
    String id = Bytes.digest("far".getBytes(StandardCharsets.UTF_8)).hex();
    Path contexts = certificates.resolve("contexts");
    Path meta = Files.createDirectories(contexts.resolve("meta").resolve(id));
    Files.writeString(
        meta.resolve("meta.json"),
        "{\"Endpoints\":{\"docker\":{\"Host\":\"" + engine.host() + "\"}}}");
    certificates = Files.createDirectories(contexts.resolve("tls").resolve(id).resolve("docker"));
    Files.writeString(certificates.resolve("ca.pem"), server.certificatePem());
    identity(rsa, TestIdentity.pem("PRIVATE KEY", rsa.key().getEncoded()));
    inspect(Map.of("DOCKER_CONTEXT", "far"));
  }

  @Test
  void anEngineThatTheCaDoesNotKnowIsNotSpokenTo() throws Exception {
    Files.writeString(certificates.resolve("ca.pem"), rsa.certificatePem());
    identity(rsa, TestIdentity.pem("PRIVATE KEY", rsa.key().getEncoded()));
    assertThatThrownBy(this::inspect)
        .isInstanceOf(ScanException.EngineUnavailable.class)
        .hasMessageContaining("could not be asked for its version: TLS failed: ");
    assertThat(engine.pings()).isZero();
  }

  @Test
  void anUnknownEngineIsSpokenToWhereNobodyWantsToKnow() throws Exception {
    Files.delete(certificates.resolve("ca.pem"));
    identity(rsa, TestIdentity.pem("PRIVATE KEY", rsa.key().getEncoded()));
    inspect(Map.of("DOCKER_HOST", engine.host(), "DOCKER_TLS", "1"));
  }

  @Test
  void anEngineThatWantsACertificateIsTold() {
    assertThatThrownBy(this::inspect)
        .isInstanceOf(ScanException.EngineUnavailable.class)
        .hasMessageContaining("could not be asked for its version: ")
        .hasMessageEndingWith(
            " (it may want a certificate: put cert.pem and key.pem beside ca.pem)");
  }

  @Test
  void anEngineThatSpeaksNoTlsIsTold() throws Exception {
    try (ServerSocket plain = new ServerSocket(0)) {
      Thread answers = new Thread(() -> answerPlainly(plain));
      answers.start();
      String host = "tcp://127.0.0.1:" + plain.getLocalPort();
      assertThatThrownBy(() -> inspect(Map.of("DOCKER_HOST", host, "DOCKER_TLS_VERIFY", "1")))
          .isInstanceOf(ScanException.EngineUnavailable.class)
          .hasMessageContaining("TLS failed: ");
      answers.join();
    }
  }

  @Test
  void anEngineThatWantsTlsIsTold() {
    // What Go's server, hence docker's, says to plain HTTP.
    try (FakeEngine go =
        new FakeEngine()
            .apiVersion("")
            .answer(
                "/_ping",
                exchange -> {
                  byte[] text =
                      "Client sent an HTTP request to an HTTPS server.\n"
                          .getBytes(StandardCharsets.UTF_8);
                  exchange.sendResponseHeaders(400, text.length);
                  exchange.getResponseBody().write(text);
                })) {
      assertThatThrownBy(() -> inspect(Map.of("DOCKER_HOST", go.host())))
          .isInstanceOf(ScanException.EngineUnavailable.class)
          .hasMessageContaining("speaks TLS: set DOCKER_TLS_VERIFY=1");
    }
  }

  @Test
  void anEncryptedKeyIsRefused() throws Exception {
    for (String key :
        new String[] {
          """
          -----BEGIN RSA PRIVATE KEY-----
          Proc-Type: 4,ENCRYPTED
          DEK-Info: AES-128-CBC,00

          c2VjcmV0
          -----END RSA PRIVATE KEY-----
          """,
          TestIdentity.pem("ENCRYPTED PRIVATE KEY", new byte[10])
        }) {
      identity(rsa, key);
      assertThatThrownBy(this::inspect)
          .isInstanceOf(ScanException.Unreadable.class)
          .hasMessageStartingWith(certificates.resolve("key.pem") + " is encrypted")
          .hasMessageNotContaining("c2VjcmV0");
    }
  }

  @Test
  void aKeyThatIsNoneIsNamedAndNotQuoted() throws Exception {
    for (String key :
        new String[] {
          "",
          "c2VjcmV0",
          "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n",
          "-----BEGIN RSA PRIVATE KEY-----\nc2VjcmV0\n-----END RSA PRIVATE KEY-----\n",
          TestIdentity.pem("PRIVATE KEY", ec.key().getEncoded())
        }) {
      identity(rsa, key);
      assertThatThrownBy(this::inspect)
          .isInstanceOf(ScanException.Unreadable.class)
          .hasMessageStartingWith(certificates.resolve("key.pem") + " ")
          .hasMessageNotContaining("c2VjcmV0")
          .hasNoCause();
    }
  }

  @Test
  void aCertificateWithoutItsKeyIsRefused() throws Exception {
    Files.writeString(certificates.resolve("cert.pem"), rsa.certificatePem());
    assertThatThrownBy(this::inspect)
        .isInstanceOf(ScanException.Unreadable.class)
        .hasMessage("there is no file " + certificates.resolve("key.pem"));
  }

  @Test
  void aCaFileWithoutCertificateIsRefused() throws Exception {
    Files.writeString(certificates.resolve("ca.pem"), "nothing");
    assertThatThrownBy(this::inspect)
        .isInstanceOf(ScanException.Unreadable.class)
        .hasMessage(certificates.resolve("ca.pem") + " has no certificate");
  }

  private void identity(TestIdentity client, String key) throws Exception {
    Files.writeString(certificates.resolve("cert.pem"), client.certificatePem());
    Files.writeString(certificates.resolve("key.pem"), key);
  }

  private void inspect() throws ScanException {
    inspect(Map.of("DOCKER_HOST", engine.host(), "DOCKER_TLS_VERIFY", "1"));
  }

  private void inspect(Map<String, String> environment) throws ScanException {
    try (EngineClient client =
        new HttpEngineClient(new EngineFinder(environment, home), "imgcompat/test")) {
      client.inspect("a", Optional.empty());
    }
  }

  private static void answerPlainly(ServerSocket server) {
    try (Socket client = server.accept()) {
      client
          .getOutputStream()
          .write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      client.shutdownOutput();
      client.getInputStream().readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What a PrivateKeyInfo wraps. */
  private static byte[] lastOf(byte[] der) {
    return lastOf(der, 0x04);
  }

  /** The content of the last element with a tag that ends with the whole. */
  private static byte[] lastOf(byte[] der, int tag) {
    for (int at = contentStart(der, 0); at < der.length - 2; at++) {
      if (der[at] == tag) {
        byte[] rest = Arrays.copyOfRange(der, contentStart(der, at), der.length);
        if (Arrays.equals(element(tag, rest), Arrays.copyOfRange(der, at, der.length))) {
          return rest;
        }
      }
    }
    throw new IllegalArgumentException("no element of that tag");
  }

  /** The element at an index; its length has one octet. */
  private static byte[] slice(byte[] der, int at) {
    return Arrays.copyOfRange(der, at, at + 2 + der[at + 1]);
  }

  private static int contentStart(byte[] der, int at) {
    int first = der[at + 1] & 0xff;
    return at + 2 + (first < 0x80 ? 0 : first & 0x7f);
  }

  private static byte[] element(int tag, byte[] content) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(tag);
    if (content.length < 0x80) {
      out.write(content.length);
    } else if (content.length < 0x100) {
      out.write(0x81);
      out.write(content.length);
    } else {
      out.write(0x82);
      out.write(content.length >> 8);
      out.write(content.length);
    }
    out.writeBytes(content);
    return out.toByteArray();
  }
}
