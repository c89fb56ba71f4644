package dev.imgcompat.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imgcompat.core.access.ClientIdentity;
import dev.imgcompat.core.registry.RegistrySettings;
import dev.imgcompat.core.registry.RegistrySettings.Mirror;
import dev.imgcompat.core.registry.RegistrySettings.Proxies;
import dev.imgcompat.core.registry.RegistrySettings.Rate;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationTest {
  private static final String CORP = "registry.corp:5000";

  @TempDir private Path home;

  private Said said() {
    return new Said(home);
  }

  private static Duration connect(Configuration configuration, String registry) {
    return configuration.registry(registry).timeouts().connect();
  }

  @Test
  void whereNothingIsSaidTheDefaultsHold() throws Exception {
    Configuration configuration = said().load();

    assertThat(configuration.registry("docker.io")).isEqualTo(RegistrySettings.DEFAULT);
    assertThat(configuration.authfile()).isEmpty();
    assertThat(configuration.registries()).isEmpty();
    assertThat(configuration.hasFile()).isFalse();
    assertThat(configuration.file()).isEqualTo(said().standardFile());
  }

  @Test
  void everyKeyOfTheFileIsRead() throws Exception {
    RegistrySettings settings =
        said()
            .file(
                """
                proxy: proxy.corp:3128
                no-proxy: [.corp, 10.0.0.0/8, "*.lan", "[::1]:5000", fd00::/8]
                connect-timeout: 500ms
                stall-timeout: 90s
                minimum-speed: 2MiB/s
                overall-timeout: 2h
                retries: 0
                backoff: 2s
                backoff-limit: 1m
                retry-after-limit: 3m
                connections: 64
                request-rate: 600/m
                byte-rate: 10MiB/s
                """)
            .load()
            .registry("docker.io");

    URI proxy = URI.create("http://proxy.corp:3128");
    assertThat(settings.proxies().forHttps()).contains(proxy);
    assertThat(settings.proxies().forHttp()).contains(proxy);
    assertThat(settings.proxies().bypass())
        .containsExactly(".corp", "10.0.0.0/8", ".lan", "[::1]:5000", "fd00::/8");
    assertThat(settings.timeouts())
        .isEqualTo(
            new RegistrySettings.Timeouts(
                Duration.ofMillis(500), Duration.ofSeconds(90), Duration.ofHours(2), 2 << 20));
    assertThat(settings.retries())
        .isEqualTo(
            new RegistrySettings.Retries(
                0, Duration.ofSeconds(2), Duration.ofMinutes(1), Duration.ofMinutes(3)));
    assertThat(settings.pace())
        .isEqualTo(
            new RegistrySettings.Pace(
                64, Optional.of(new Rate(600, Duration.ofMinutes(1))), OptionalLong.of(10 << 20)));
  }

  @Test
  void flagsWinOverVariablesOverTheFileAndOneRegistryOverAll() throws Exception {
    String file =
        """
        client-cert: all.pem
        client-key: all.key
        registries:
          registry.corp:5000:
            client-cert: one.pem
            client-key: one.key
        """;
    Path beside = said().standardFile().getParent();
    Said said = said().file(file);

    assertThat(certificate(said, CORP)).isEqualTo(beside.resolve("one.pem"));
    assertThat(certificate(said, "docker.io")).isEqualTo(beside.resolve("all.pem"));

    said.variable("IMGCOMPAT_CLIENT_CERT", "/variable-all.pem")
        .variable("IMGCOMPAT_CLIENT_KEY", "/variable-all.key");
    assertThat(certificate(said, CORP)).isEqualTo(Path.of("/variable-all.pem"));

    said.variable("IMGCOMPAT_CLIENT_CERT", "/variable-all.pem," + CORP + "=/variable-one.pem")
        .variable("IMGCOMPAT_CLIENT_KEY", "/variable-all.key," + CORP + "=/variable-one.key");
    assertThat(certificate(said, CORP)).isEqualTo(Path.of("/variable-one.pem"));
    assertThat(certificate(said, "docker.io")).isEqualTo(Path.of("/variable-all.pem"));

    said.flag("--client-cert", "/flag-all.pem").flag("--client-key", "/flag-all.key");
    assertThat(certificate(said, CORP)).isEqualTo(Path.of("/flag-all.pem"));

    said.flag("--client-cert", CORP + "=/flag-one.pem")
        .flag("--client-key", CORP + "=/flag-one.key");
    assertThat(said.load().registry(CORP).trust().identity())
        .contains(new ClientIdentity(Path.of("/flag-one.pem"), Path.of("/flag-one.key")));
    assertThat(certificate(said, "docker.io")).isEqualTo(Path.of("/flag-all.pem"));
  }

  private static Path certificate(Said said, String registry) throws ConfigException {
    return said.load().registry(registry).trust().identity().orElseThrow().certificate();
  }

  @Test
  void aRegistryMayDifferInEveryValue() throws Exception {
    Configuration configuration =
        said()
            .file(
                """
                connect-timeout: 5s
                registries:
                  registry.corp:5000: {connect-timeout: 7s, retries: 1}
                """)
            .load();

    assertThat(connect(configuration, "docker.io")).isEqualTo(Duration.ofSeconds(5));
    assertThat(connect(configuration, CORP)).isEqualTo(Duration.ofSeconds(7));
    assertThat(connect(configuration, "REGISTRY.corp:5000")).isEqualTo(Duration.ofSeconds(7));
    assertThat(connect(configuration, "registry.corp")).isEqualTo(Duration.ofSeconds(5));
    assertThat(configuration.registry(CORP).retries().most()).isEqualTo(1);
  }

  @Test
  void authoritiesAddUp() throws Exception {
    Path beside = said().standardFile().getParent();

    RegistrySettings.Trust trust =
        said()
            .file(
                """
                ca-cert: [/etc/ssl/corp.pem, ~/own.pem]
                registries:
                  registry.corp:5000:
                    ca-cert: registry.pem
                """)
            .variable("IMGCOMPAT_CA_CERT", "/v.pem,docker.io=/hub.pem," + CORP + "=/v1.pem")
            .flag("--ca-cert", "/f.pem")
            .flag("--ca-cert", CORP + "=/f1.pem")
            .flag("--ca-cert", "/v.pem")
            .load()
            .registry(CORP)
            .trust();

    assertThat(trust.authorities())
        .containsExactly(
            Path.of("/f1.pem"),
            Path.of("/f.pem"),
            Path.of("/v.pem"),
            Path.of("/v1.pem"),
            beside.resolve("registry.pem"),
            Path.of("/etc/ssl/corp.pem"),
            home.resolve("own.pem"));
  }

  @Test
  void whatLooksLikeAPathBeforeAnEqualsSignIsPartOfIt() throws Exception {
    assertThat(
            said()
                .flag("--ca-cert", "/etc/a=b.pem")
                .flag("--ca-cert", "./c=d.pem")
                .load()
                .registry("docker.io")
                .trust()
                .authorities())
        .containsExactly(Path.of("/etc/a=b.pem"), Path.of("./c=d.pem").toAbsolutePath());
  }

  @Test
  void anyLevelCanNameAnInsecureRegistry() throws Exception {
    Configuration configuration =
        said()
            .file(
                """
                registries:
                  a.corp: {insecure: true}
                  b.corp: {insecure: false}
                  c.corp: {insecure: false}
                """)
            .variable("IMGCOMPAT_INSECURE", "b.corp, d.corp")
            .flag("--insecure", "e.corp")
            .flag("--insecure", "e.corp")
            .load();

    for (String insecure : new String[] {"a.corp", "b.corp", "d.corp", "e.corp"}) {
      assertThat(configuration.registry(insecure).trust().insecure()).as(insecure).isTrue();
    }
    assertThat(configuration.registry("c.corp").trust().insecure()).isFalse();
    assertThat(configuration.registry("docker.io").trust().insecure()).isFalse();
  }

  @Test
  void theStrongestLevelThatNamesMirrorsOfARegistryReplacesTheOthers() throws Exception {
    Said said =
        said()
            .file(
                """
                registries:
                  index.docker.io:
                    mirrors: [Mirror.corp:5000, harbor.corp/dockerhub/cache]
                  quay.io:
                    mirrors: q.corp
                """)
            .variable("IMGCOMPAT_MIRRORS", "docker.io=b.corp,docker.io=a.corp/x");
    assertThat(said.load().registry("docker.io").mirrors())
        .containsExactly(new Mirror("b.corp", ""), new Mirror("a.corp", "x"));
    assertThat(said.load().registry("quay.io").mirrors()).containsExactly(new Mirror("q.corp", ""));

    said.flag("--mirror", "registry-1.docker.io=z.corp");
    assertThat(said.load().registry("docker.io").mirrors())
        .containsExactly(new Mirror("z.corp", ""));

    assertThat(
            said()
                .file("registries: {docker.io: {mirrors: [m.corp:5000, harbor.corp/d/c]}}")
                .load()
                .registry("index.docker.io")
                .mirrors())
        .containsExactly(new Mirror("m.corp:5000", ""), new Mirror("harbor.corp", "d/c"));
  }

  @Test
  void theVariablesOfProxiesAreReadAsGoReadsThem() throws Exception {
    Proxies proxies =
        said()
            .variable("HTTPS_PROXY", "http://upper.corp:3128/")
            .variable("https_proxy", "http://lower.corp:3128")
            .variable("HTTP_PROXY", "")
            .variable("http_proxy", "user:p%40ss@Plain.corp")
            .variable("NO_PROXY", " .corp, ,10.0.0.1:80 ,not/an entry,localhost")
            .load()
            .registry("docker.io")
            .proxies();

    assertThat(proxies.forHttps()).contains(URI.create("http://upper.corp:3128"));
    assertThat(proxies.forHttp()).contains(URI.create("http://user:p%40ss@plain.corp:80"));
    assertThat(proxies.bypass()).containsExactly(".corp", "10.0.0.1:80", "localhost");
  }

  @Test
  void ourOwnProxyWinsOverTheVariablesOfOthers() throws Exception {
    Said said =
        said()
            .file("proxy: http://file:1")
            .variable("HTTPS_PROXY", "http://other:2")
            .variable("NO_PROXY", "other");
    // The file says what the variables do not.
    Proxies mixed = said.load().registry("docker.io").proxies();
    assertThat(mixed.forHttps()).contains(URI.create("http://other:2"));
    assertThat(mixed.forHttp()).contains(URI.create("http://file:1"));

    said.variable("IMGCOMPAT_PROXY", "http://own:3")
        .variable("IMGCOMPAT_NO_PROXY", "own")
        // Not for us, and not looked at.
        .variable("HTTPS_PROXY", "socks5://other:2");
    Proxies own = said.load().registry("docker.io").proxies();
    assertThat(own.forHttps()).contains(URI.create("http://own:3"));
    assertThat(own.forHttp()).contains(URI.create("http://own:3"));
    assertThat(own.bypass()).containsExactly("own");

    Proxies none =
        said.flag("--proxy", "none").flag("--no-proxy", "").load().registry("docker.io").proxies();
    assertThat(none).isEqualTo(Proxies.NONE);
  }

  @Test
  void theAuthFileIsNamedByFlagOrVariableOrFile() throws Exception {
    Said said = said().file("authfile: ~/auth.json");
    assertAuthfile(said, home.resolve("auth.json"), said().standardFile() + ":1");
    said.variable("REGISTRY_AUTH_FILE", "/other.json");
    assertAuthfile(said, Path.of("/other.json"), "variable REGISTRY_AUTH_FILE");
    said.variable("IMGCOMPAT_AUTHFILE", "/own.json");
    assertAuthfile(said, Path.of("/own.json"), "variable IMGCOMPAT_AUTHFILE");
    said.flag("--authfile", "flag.json");
    assertAuthfile(said, Path.of("flag.json").toAbsolutePath(), "flag --authfile");
  }

  private static void assertAuthfile(Said said, Path file, String origin) throws ConfigException {
    Setting<Path> setting = said.load().authfile().orElseThrow();
    assertThat(setting.value()).isEqualTo(file);
    assertThat(setting.origin()).hasToString(origin);
  }

  @Test
  void theFileIsTheOneThatIsNamed() throws Exception {
    Path xdg = Files.createDirectories(home.resolve("xdg/imgcompat"));
    Files.writeString(xdg.resolve("config.yaml"), "connect-timeout: 2s");
    Path byVariable = Files.writeString(home.resolve("variable.yaml"), "connect-timeout: 3s");
    Path byFlag = Files.writeString(home.resolve("flag.yaml"), "connect-timeout: 4s");

    Said said = said().file("connect-timeout: 1s");
    assertThat(connect(said.load(), "a.corp")).isEqualTo(Duration.ofSeconds(1));
    said.variable("XDG_CONFIG_HOME", "not/absolute").variable("IMGCOMPAT_CONFIG", "");
    assertThat(connect(said.load(), "a.corp")).isEqualTo(Duration.ofSeconds(1));
    said.variable("XDG_CONFIG_HOME", home.resolve("xdg").toString());
    assertThat(connect(said.load(), "a.corp")).isEqualTo(Duration.ofSeconds(2));
    said.variable("IMGCOMPAT_CONFIG", "~/variable.yaml");
    assertThat(connect(said.load(), "a.corp")).isEqualTo(Duration.ofSeconds(3));
    assertThat(said.load().file()).isEqualTo(byVariable);
    said.named(byFlag.toString());
    assertThat(connect(said.load(), "a.corp")).isEqualTo(Duration.ofSeconds(4));
    assertThat(said.load().hasFile()).isTrue();
  }

  @Test
  void anEmptyFileSaysNothing() throws Exception {
    for (String text :
        new String[] {
          "", "# nothing\n", "---\n", "registries:\n", "registries:\n  a.corp:\n    # x\n"
        }) {
      assertThat(said().file(text).load().registry("a.corp"))
          .as(text)
          .isEqualTo(RegistrySettings.DEFAULT);
    }
    assertThat(connect(said().file("\ufeffconnect-timeout: 1s").load(), "a.corp"))
        .isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void aHomeThatIsNoDirectoryHasNoFile() throws Exception {
    Path file = Files.writeString(home.resolve("file"), "");
    assertThat(new Said(file).load().hasFile()).isFalse();
    assertThat(new Said(Path.of("")).load().hasFile()).isFalse();
  }

  @Test
  void noTextOfWhatIsPassedAroundHasASecret() {
    String secret = "http://user:hunter2@proxy:1";
    ConfigInputs.Flag flag = new ConfigInputs.Flag("--proxy", secret);
    ConfigInputs inputs =
        new ConfigInputs(Optional.empty(), List.of(flag), Map.of("HTTPS_PROXY", secret), home);
    assertThat(flag.toString() + inputs).doesNotContain("hunter2");
  }
}
