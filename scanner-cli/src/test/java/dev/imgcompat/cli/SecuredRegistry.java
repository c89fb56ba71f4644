package dev.imgcompat.cli;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.imgcompat.core.testing.LayoutPusher;
import dev.imgcompat.core.testing.TestPki;
import dev.imgcompat.core.testing.TokenServer;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.images.builder.Transferable;
import org.testcontainers.utility.DockerImageName;

/**
 * The distribution project's registry, in a container, over TLS with a certificate of the shared
 * {@link TestPki}; and what is needed to get in.
 */
final class SecuredRegistry implements AutoCloseable {
  /** The user that is known where passwords are wanted. */
  static final String USER = "anna";

  /** Their password. */
  static final String PASSWORD = "correct horse";

  private static final int PORT = 5000;
  private static final TestPki PKI = TestPki.shared();

  /** Of the password, with bcrypt, in the only form that the registry takes. */
  private static final String HTPASSWD =
      USER + ":$2y$05$3lr6fIXX4gmqFxP6DHzOAuMhS1c6ggxHBVRq9LzDQZKQPsSOyow2e\n";

  private static final String CERTIFICATE =
      "certificate: /etc/secured/server.pem, key: /etc/secured/server.key";

  private final GenericContainer<?> container;
  private final SSLContext context;

  /** What to show to push to a repository. */
  private final Function<String, Optional<String>> authorization;

  /**
   * Starts one; skips the test where there is no Docker engine.
   *
   * @param tls members of its settings of TLS, in YAML
   * @param auth members of its settings of who may enter
   * @param context of who may connect
   */
  private SecuredRegistry(
      String tls,
      String auth,
      SSLContext context,
      Function<String, Optional<String>> authorization) {
    assumeTrue(
        DockerClientFactory.instance().isDockerAvailable(), "no Docker engine: no real registry");
    this.context = context;
    this.authorization = authorization;
    String config =
        """
        version: 0.1
        storage: {filesystem: {rootdirectory: /var/lib/registry}}
        http: {addr: ':%d', tls: {%s}}
        auth: {%s}
        """
            .formatted(PORT, tls, auth);
    container =
        new GenericContainer<>(DockerImageName.parse("registry:2"))
            .withExposedPorts(PORT)
            .withCopyToContainer(Transferable.of(config), "/etc/secured/config.yml")
            .withCopyToContainer(Transferable.of(HTPASSWD), "/etc/secured/htpasswd")
            .withCopyToContainer(Transferable.of(PKI.authorityPem()), "/etc/secured/ca.pem")
            .withCopyToContainer(
                Transferable.of(PKI.server().certificatePem()), "/etc/secured/server.pem")
            .withCopyToContainer(Transferable.of(PKI.server().keyPem()), "/etc/secured/server.key")
            .withCommand("serve", "/etc/secured/config.yml")
            .waitingFor(Wait.forLogMessage(".*listening on .*", 1));
    container.start();
  }

  /** Starts one that lets everyone in. */
  static SecuredRegistry open() {
    return new SecuredRegistry(CERTIFICATE, "", PKI.clientContext(), r -> Optional.empty());
  }

  /** Starts one that speaks with who has a certificate of the shared authority. */
  static SecuredRegistry forClientCertificates() {
    return new SecuredRegistry(
        CERTIFICATE + ", clientcas: [/etc/secured/ca.pem]",
        "",
        PKI.context(PKI.client()),
        repository -> Optional.empty());
  }

  /** Starts one that wants the user's password. */
  static SecuredRegistry forPasswords() {
    return new SecuredRegistry(
        CERTIFICATE,
        "htpasswd: {realm: secured, path: /etc/secured/htpasswd}",
        PKI.clientContext(),
        repository -> Optional.of("Basic " + encoded(USER, PASSWORD)));
  }

  /** Starts one that wants signed tokens of this server, which is to know the user. */
  static SecuredRegistry forTokens(TokenServer tokens) {
    return new SecuredRegistry(
        CERTIFICATE,
        "token: {realm: '%s', service: '%s', issuer: '%s', rootcertbundle: /etc/secured/ca.pem}"
            .formatted(tokens.realm(), tokens.service(), tokens.issuer()),
        PKI.clientContext(),
        repository ->
            Optional.of("Bearer " + tokens.issue(USER, "repository:" + repository + ":pull,push")));
  }

  /** Host and port. */
  String name() {
    return "127.0.0.1:" + container.getMappedPort(PORT);
  }

  /** Scheme, host and port. */
  String url() {
    return "https://" + name();
  }

  /** Speaks with it, in TLS. */
  HttpClient client() {
    return HttpClient.newBuilder().sslContext(context).build();
  }

  /** Pushes every tagged image of a layout. */
  void push(Path layout, String repository) throws Exception {
    new LayoutPusher(client(), layout, url() + "/v2/" + repository, authorization.apply(repository))
        .pushAll();
  }

  /** A name and a password as files of credentials have them. */
  static String encoded(String user, String password) {
    return Base64.getEncoder()
        .encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    container.stop();
  }
}
