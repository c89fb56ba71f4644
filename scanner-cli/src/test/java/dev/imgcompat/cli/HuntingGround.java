package dev.imgcompat.cli;

import dev.imgcompat.core.image.Bytes;
import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.testing.Behaviour;
import dev.imgcompat.core.testing.ElfBuilder;
import dev.imgcompat.core.testing.FaultyRegistry;
import dev.imgcompat.core.testing.LayerBuilder;
import dev.imgcompat.core.testing.LayoutBuilder;
import dev.imgcompat.core.testing.LayoutBuilder.ImageSpec;
import dev.imgcompat.core.testing.RecordedRequest;
import dev.imgcompat.core.testing.TestPki;
import dev.imgcompat.core.testing.TokenServer;
import dev.imgcompat.core.testing.TunnelProxy;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * An image in a registry, whatever can be between it and a command, and secrets that each of them
 * may be shown. Files with secrets are in one directory; all others are the command's.
 */
final class HuntingGround implements AutoCloseable {
  static final String ALICE = "alice";
  static final String PASSWORD = "kV7/x2+Qz9&mW=4tRj?L8";
  static final String PROXY_PASSWORD = "pJ5+uY3/hB6=nC1&dS9fG0";
  static final String IDENTITY = "qT8+aE4/oI2=zX7&vK3.wM6";
  static final String SIGNATURE = "3f9QdL7bXr1KcV5nZs8TgH2w";

  /** Of a private key. */
  static final String KEY = "g7Yd0mUu2c5bNqPz8RtXw4EvKjLs1Ao6HfDi3Gy9Cb";

  private static final byte[] LAYER =
      new LayerBuilder().program("bin/sh", ElfBuilder.x86_64()).gzip();
  private static final LayoutBuilder LAYOUT = new LayoutBuilder();
  private static final Digest IMAGE =
      LAYOUT.image(
          "it", new ImageSpec().layer(LAYER, "application/vnd.oci.image.layer.v1.tar+gzip"));

  static final String MANIFEST_PATH = FaultyRegistry.manifest("team/it", "1");
  static final String LAYER_PATH = FaultyRegistry.blob("team/it", Bytes.digest(LAYER));

  private final Path directory;
  private final HuntedSecrets secrets = new HuntedSecrets();
  private final FaultyRegistry registry =
      withImage(FaultyRegistry.secure(TestPki.shared().serverContext()));
  private final FaultyRegistry store =
      withImage(FaultyRegistry.secure(TestPki.shared().serverContext()));
  private final FaultyRegistry plain = withImage(new FaultyRegistry());
  private final TokenServer tokens =
      TokenServer.secure(TestPki.shared().serverContext())
          .user(ALICE, PASSWORD)
          .refreshToken(ALICE, IDENTITY);
  private final TokenServer plainTokens =
      new TokenServer().user(ALICE, PASSWORD).refreshToken(ALICE, IDENTITY);
  private final TunnelProxy proxy = new TunnelProxy();
  private final AtomicInteger echoes = new AtomicInteger();
  private final Map<String, String> variables = new HashMap<>();
  private final Path ca;
  private List<String> arguments;
  private byte[] stdin = {};
  private final List<FaultyRegistry> others = new ArrayList<>();
  private String scanned;
  private String shownSecret = PASSWORD;
  private boolean echoExpected;
  private int runs;

  HuntingGround(Path directory) {
    this.directory = directory;
    this.ca = TestPki.shared().write(input("pki/ca.pem").getParent()).resolve("ca.pem");
    secrets.add("the password", PASSWORD);
    secrets.add("the password with its user", ALICE + ":" + PASSWORD);
    secrets.add("the proxy's password", PROXY_PASSWORD);
    secrets.add("the identity token", IDENTITY);
    secrets.add("the signature of a URL", SIGNATURE);
    secrets.add("the key of a client", KEY);
    this.scanned = registry.name();
    this.arguments = scanOf(scanned);
  }

  /** Puts the image into a registry, as {@code team/it:1}. */
  static FaultyRegistry withImage(FaultyRegistry registry) {
    return registry.serve("team/it", "1", LAYOUT, IMAGE);
  }

  FaultyRegistry registry() {
    return registry;
  }

  /** Puts the image into one more, and returns its name. */
  String another(FaultyRegistry more) {
    others.add(withImage(more));
    return more.name();
  }

  /** Another one, which nobody is asked for unless a redirect leads there. */
  FaultyRegistry store() {
    return store;
  }

  /** One that speaks plain http. */
  FaultyRegistry plain() {
    return plain;
  }

  TokenServer tokens() {
    return tokens;
  }

  /** One that speaks plain http. */
  TokenServer plainTokens() {
    return plainTokens;
  }

  TunnelProxy proxy() {
    return proxy;
  }

  HuntedSecrets secrets() {
    return secrets;
  }

  /** A place for what the command is given. */
  Path input(String name) {
    try {
      Path file = directory.resolve("inputs").resolve(name);
      Files.createDirectories(file.getParent());
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes what the command is given. */
  Path input(String name, String text) {
    try {
      return Files.writeString(input(name), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Adds a program {@code docker-credential-NAME} of some lines of shell. */
  void program(String name, String script) {
    try {
      Path file = input("bin/docker-credential-" + name, "#!/bin/sh\n" + script + "\n");
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
      variables.put("PATH", file.getParent() + ":/usr/bin:/bin");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sets a variable. */
  HuntingGround variable(String name, String value) {
    variables.put(name, value);
    return this;
  }

  /** Scans the image of another registry. */
  HuntingGround of(String registryName) {
    scanned = registryName;
    arguments = scanOf(registryName);
    return this;
  }

  /** Scans the image of the one that speaks plain http, which is allowed. */
  HuntingGround ofPlain() {
    return of(plain.name()).with("--insecure", plain.name());
  }

  private List<String> scanOf(String registryName) {
    return List.of(
        "scan", registryName + "/team/it:1", "--ca-cert=" + ca, "--retries=1", "--backoff=1ms");
  }

  /** Runs another command. */
  HuntingGround command(String... all) {
    arguments = Arrays.asList(all);
    return this;
  }

  /** Adds arguments. */
  HuntingGround with(String... more) {
    arguments = Stream.concat(arguments.stream(), Arrays.stream(more)).toList();
    return this;
  }

  /** Writes to standard input. */
  HuntingGround stdin(String text) {
    stdin = text.getBytes(StandardCharsets.UTF_8);
    return this;
  }

  /** Writes to standard input what is no UTF-8. */
  HuntingGround latinStdin(String text) {
    stdin = text.getBytes(StandardCharsets.ISO_8859_1);
    return this;
  }

  /** Logs in with a password. */
  HuntingGround login() {
    shownSecret = PASSWORD;
    return with("--username", ALICE, "--password-stdin").stdin(PASSWORD + "\n");
  }

  /** Names an auth file. */
  HuntingGround authfile(String text) {
    return with("--authfile", input("auth.json", text).toString());
  }

  /** Names an auth file with one member of one entry, for the registry that is scanned. */
  HuntingGround authfile(String member, String value) {
    shownSecret = value;
    return authfile("{\"auths\":{\"%s\":{\"%s\":\"%s\"}}}".formatted(scanned, member, value));
  }

  static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Answers with what is made of the secrets that are shown, in some forms. */
  Behaviour echo(Function<String, Behaviour> answer) {
    return exchange -> {
      RecordedRequest request = exchange.request();
      String shown = request.authorization().orElse("");
      if (!shown.isEmpty() || !request.body().isEmpty()) {
        echoes.incrementAndGet();
      }
      String all =
          String.join(
              ",",
              shown.replaceAll(".* ", ""),
              request.body(),
              shownSecret,
              URLEncoder.encode(shownSecret, StandardCharsets.UTF_8),
              base64(shownSecret));
      answer.apply(all).on(exchange);
    };
  }

  /** Secrets have to be said back, or it is not what was meant. */
  void expectEcho() {
    echoExpected = true;
  }

  /** Whether secrets were said back, if they had to be. */
  boolean hasHappened() {
    return !echoExpected || echoes.get() > 0;
  }

  /** Runs the command with a cache of its own. */
  Run run(String... more) {
    List<String> all = new ArrayList<>(arguments);
    all.addAll(Arrays.asList(more));
    variables.put("HOME", home().toString());
    Run run =
        Run.of(
            directory.resolve("cache-" + runs++),
            new ByteArrayInputStream(stdin),
            false,
            variables,
            all.toArray(String[]::new));
    for (TokenServer server : List.of(tokens, plainTokens)) {
      server.issued().forEach(token -> secrets.add("a token that was issued", token));
    }
    return run;
  }

  Path home() {
    return directory.resolve("home");
  }

  /** Whether the command is one that takes the options of scans. */
  boolean isScan() {
    return arguments.get(0).equals("scan");
  }

  /** What the command left behind: names and contents of files. */
  Map<Path, String> leftovers() throws IOException {
    Map<Path, String> found = new HashMap<>();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (!file.startsWith(directory.resolve("inputs"))) {
          found.put(file, file + new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
        }
      }
    }
    return found;
  }

  @Override
  public void close() {
    registry.releaseStalls();
    tokens.releaseStalls();
    store.releaseStalls();
    registry.close();
    store.close();
    plain.close();
    others.forEach(FaultyRegistry::close);
    tokens.close();
    plainTokens.close();
    proxy.close();
  }
}
