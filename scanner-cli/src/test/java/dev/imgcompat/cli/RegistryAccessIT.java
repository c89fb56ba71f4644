package dev.imgcompat.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imgcompat.core.Scanner;
import dev.imgcompat.core.image.Bytes;
import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.image.ImageReference;
import dev.imgcompat.core.image.ScanException;
import dev.imgcompat.core.registry.RegistrySettings;
import dev.imgcompat.core.testing.Behaviour;
import dev.imgcompat.core.testing.Clients;
import dev.imgcompat.core.testing.FaultyRegistry;
import dev.imgcompat.core.testing.LayerBuilder;
import dev.imgcompat.core.testing.LayoutBuilder;
import dev.imgcompat.core.testing.LayoutBuilder.ImageSpec;
import dev.imgcompat.core.testing.RecordedRequest;
import dev.imgcompat.core.testing.Samples;
import dev.imgcompat.core.testing.SettingsBuilder;
import dev.imgcompat.core.testing.TestPki;
import dev.imgcompat.core.testing.TokenServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real registry, locked in the ways in which it can be, and the keys to it. */
class RegistryAccessIT {
  private static final String REPOSITORY = "team/it";
  private static final String IMAGE = "/" + REPOSITORY + ":1";
  private static final String MIDDLE = "application/vnd.oci.image.layer.v1.tar";
  private static final TestPki PKI = TestPki.shared();

  @TempDir private Path work;
  private final Map<String, String> environment = new HashMap<>();
  private Path layout;
  private Path pem;
  private Digest middle;
  private String stdin = "";
  private int scans;

  @BeforeEach
  void write() throws IOException {
    byte[] tar = new LayerBuilder().text("etc/middle", "middle").tar();
    middle = Bytes.digest(tar);
    LayoutBuilder images = new LayoutBuilder();
    images.image(
        "1",
        new ImageSpec()
            .layer(Samples.debian12())
            .layer(tar, MIDDLE)
            .layer(new LayerBuilder().text("etc/top", "top")));
    layout = images.write(Files.createDirectory(work.resolve("layout")));
    pem = PKI.write(Files.createDirectory(work.resolve("pem")));
    environment.put("HOME", Files.createDirectory(work.resolve("home")).toString());
  }

  /** Scans with an empty cache, trusting the authority. */
  private Run scan(String registry, String... options) {
    String[] all = List.of(options).toArray(new String[options.length + 2]);
    all[options.length] = "--ca-cert";
    all[options.length + 1] = file("ca.pem");
    return scanAsIs(registry, all);
  }

  /** Scans with an empty cache. */
  private Run scanAsIs(String registry, String... options) {
    String[] all = new String[options.length + 4];
    all[0] = "scan";
    all[1] = "-o";
    all[2] = "json";
    System.arraycopy(options, 0, all, 3, options.length);
    all[all.length - 1] = registry + IMAGE;
    return Run.of(
        work.resolve("cache" + scans++),
        new ByteArrayInputStream(stdin.getBytes(StandardCharsets.UTF_8)),
        false,
        environment,
        all);
  }

  private String file(String name) {
    return pem.resolve(name).toString();
  }

  private static void isScanned(Run run) {
    assertThat(run.exit()).as(run.err()).isZero();
    assertThat(run.decision()).isEqualTo("COMPATIBLE");
    assertThat(run.image().at("/facts/layers").size()).isEqualTo(3);
  }

  private static void isRefused(Run run, String... fragments) {
    assertThat(run.exit()).as(run.out()).isEqualTo(4);
    assertThat(run.decision()).isEqualTo("UNKNOWN");
    assertThat(run.err().lines()).singleElement().asString().contains(fragments);
  }

  /** Writes a file as {@code docker login} does; returns its path. */
  private String authfile(String registry, String user, String password) throws IOException {
    String auth = SecuredRegistry.encoded(user, password);
    return Files.writeString(
            Files.createTempFile(work, "auth", ".json"),
            "{\"auths\":{\"" + registry + "\":{\"auth\":\"" + auth + "\"}}}")
        .toString();
  }

  /** Installs a credential helper of Docker that knows the user. */
  private void credentialHelper(String registry) throws IOException {
    Path bin = Files.createDirectory(work.resolve("bin"));
    Files.writeString(
        Files.createFile(
            bin.resolve("docker-credential-test"),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))),
        """
        #!/bin/sh
        read -r server
        [ "$1" = get ] && [ "$server" = "%s" ] || exit 1
        printf '{"ServerURL":"%%s","Username":"%s","Secret":"%s"}' "$server"
        """
            .formatted(registry, SecuredRegistry.USER, SecuredRegistry.PASSWORD));
    Path docker = Files.createDirectory(work.resolve("docker"));
    Files.writeString(
        docker.resolve("config.json"), "{\"credHelpers\":{\"" + registry + "\":\"test\"}}");
    environment.put("DOCKER_CONFIG", docker.toString());
    environment.put("PATH", bin + ":/usr/bin:/bin");
  }

  @Test
  void aPrivateAuthority() throws Exception {
    try (SecuredRegistry registry = SecuredRegistry.open()) {
      registry.push(layout, REPOSITORY);
      Path stranger = Files.writeString(work.resolve("s.pem"), TestPki.stranger().authorityPem());

      isScanned(scan(registry.name()));
      isRefused(scanAsIs(registry.name()), registry.name(), "--ca-cert");
      isRefused(scanAsIs(registry.name(), "--ca-cert", stranger.toString()), registry.name());
      isScanned(scanAsIs(registry.name(), "--insecure", registry.name()));
    }
  }

  @Test
  void aTagTellsItsDigestByHead() throws Exception {
    try (SecuredRegistry registry = SecuredRegistry.open()) {
      registry.push(layout, REPOSITORY);
      RegistrySettings trusting = new SettingsBuilder().authority(Path.of(file("ca.pem"))).build();

      try (Scanner scanner = Scanner.builder().registries(Clients.with(trusting)).build()) {
        String scanned = scan(registry.name()).image().path("digest").asString();
        assertThat(scanner.digest(ImageReference.parse(registry.name() + IMAGE)))
            .contains(Digest.of(scanned));
        assertThatThrownBy(() -> scanner.digest(ImageReference.parse(registry.name() + "/no/such")))
            .isInstanceOf(ScanException.NotFound.class);
      }
    }
  }

  @Test
  void aMirror() throws Exception {
    try (SecuredRegistry registry = SecuredRegistry.open()) {
      registry.push(layout, REPOSITORY);

      isScanned(scan("registry.test", "--mirror", "registry.test=" + registry.name()));
    }
  }

  @Test
  void clientCertificates() throws Exception {
    try (SecuredRegistry registry = SecuredRegistry.forClientCertificates()) {
      registry.push(layout, REPOSITORY);
      Files.writeString(work.resolve("c.pem"), TestPki.stranger().client().certificatePem());
      Files.writeString(work.resolve("c.key"), TestPki.stranger().client().keyPem());
      String name = registry.name();

      isScanned(
          scan(name, "--client-cert", file("client.cert"), "--client-key", file("client.key")));
      isRefused(scan(name), name, "--client-cert");
      isRefused(
          scan(
              name,
              "--client-cert",
              work.resolve("c.pem").toString(),
              "--client-key",
              work.resolve("c.key").toString()),
          name);
    }
  }

  @Test
  void passwords() throws Exception {
    try (SecuredRegistry registry = SecuredRegistry.forPasswords()) {
      registry.push(layout, REPOSITORY);
      String name = registry.name();
      String login = "docker login " + name;
      String right = authfile(name, SecuredRegistry.USER, SecuredRegistry.PASSWORD);
      String wrong = authfile(name, SecuredRegistry.USER, "wrong");

      isRefused(scan(name), name, login);
      isRefused(scan(name, "--authfile", wrong), name, login);
      isScanned(scan(name, "--authfile", right));

      stdin = SecuredRegistry.PASSWORD + "\n";
      isScanned(scan(name, "--username", SecuredRegistry.USER, "--password-stdin"));
      stdin = "wrong\n";
      isRefused(scan(name, "--username", SecuredRegistry.USER, "--password-stdin"), name);

      credentialHelper(name);
      isScanned(scan(name));
    }
  }

  @Test
  void tokens() throws Exception {
    try (TokenServer tokens = TokenServer.secure(PKI.serverContext()).signing();
        SecuredRegistry registry = SecuredRegistry.forTokens(tokens)) {
      tokens.user(SecuredRegistry.USER, SecuredRegistry.PASSWORD);
      registry.push(layout, REPOSITORY);
      String name = registry.name();
      String right = authfile(name, SecuredRegistry.USER, SecuredRegistry.PASSWORD);
      String wrong = authfile(name, SecuredRegistry.USER, "wrong");

      isRefused(scan(name), name, "docker login " + name);
      isRefused(scan(name, "--authfile", wrong), name, "docker login " + name);
      isScanned(scan(name, "--authfile", right));
    }
  }

  /** Passes a request on when the registry takes its token no more. */
  private static Behaviour onceTheTokenIsDead(Relay relay) {
    return exchange -> {
      assertThat(exchange.request().authorization()).isPresent();
      while (relay.reply(exchange.request()).status() != 401) {
        exchange.pause(Duration.ofMillis(100));
      }
      relay.on(exchange);
    };
  }

  @Test
  void aTokenThatDiesBetweenLayersIsRenewed() throws Exception {
    try (TokenServer tokens = TokenServer.secure(PKI.serverContext()).signing();
        SecuredRegistry registry = SecuredRegistry.forTokens(tokens);
        FaultyRegistry gate = FaultyRegistry.secure(PKI.serverContext())) {
      tokens.user(SecuredRegistry.USER, SecuredRegistry.PASSWORD);
      registry.push(layout, REPOSITORY);
      tokens.lifetime(Duration.ofSeconds(5));
      String right = authfile(gate.name(), SecuredRegistry.USER, SecuredRegistry.PASSWORD);
      String held = FaultyRegistry.blob(REPOSITORY, middle);
      Relay relay = new Relay(registry.client(), registry.url());
      gate.on("/v2/*").always(relay);
      gate.on("GET " + held).then(onceTheTokenIsDead(relay));
      int before = tokens.issued().size();

      isScanned(scan(gate.name(), "--authfile", right));

      List<RecordedRequest> asked = gate.requests(held);
      assertThat(asked).hasSizeGreaterThan(1);
      assertThat(asked.stream().map(r -> r.authorization().orElse("")).distinct())
          .hasSizeGreaterThan(1);
      int after = tokens.issued().size();
      assertThat(after).isGreaterThan(before + 1);

      isScanned(scan(gate.name(), "--authfile", right));

      assertThat(tokens.issued().size()).isGreaterThan(after);
    }
  }
}
