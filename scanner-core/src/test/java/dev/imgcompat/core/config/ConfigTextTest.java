package dev.imgcompat.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigTextTest {
  private static final String FILE =
      """
      ca-cert: [/etc/ssl/corp.pem]
      no-proxy: [.corp, "*"]
      overall-timeout: 30m
      registries:
        docker.io:
          mirrors: [mirror.corp:5000, harbor.corp/dockerhub]
        registry.corp:5000:
          insecure: true
          ca-cert: /etc/ssl/registry.pem
          proxy: none
          overall-timeout: 30m
          retries: 2
        usual.corp: {}
      """;

  @TempDir private Path home;

  private Said said() {
    return new Said(home);
  }

  @Test
  void everyValueIsShownWithItsOrigin() throws Exception {
    String file = said().standardFile().toString();

    String text =
        said()
            .file(FILE)
            .flag("--connect-timeout", "5s")
            .flag("--insecure", "flag.corp")
            .variable("HTTPS_PROXY", "http://proxy.corp:3128")
            .variable("HTTP_PROXY", "http://proxy.corp:3128")
            .load()
            .yaml();

    assertThat(text)
        .isEqualTo(
            """
            # config file: FILE
            # authfile: not set
            ca-cert:
              - /etc/ssl/corp.pem  # from FILE:1
            # client-cert: not set
            # client-key: not set
            proxy: http://proxy.corp:3128  # from variable HTTPS_PROXY
            no-proxy:
              - .corp  # from FILE:2
              - "*"  # from FILE:2
            connect-timeout: 5s  # from flag --connect-timeout
            stall-timeout: 60s  # from default
            minimum-speed: 1KiB/s  # from default
            overall-timeout: 30m  # from FILE:3
            retries: 5  # from default
            backoff: 1s  # from default
            backoff-limit: 30s  # from default
            retry-after-limit: 2m  # from default
            connections: 8  # from default
            request-rate: unlimited  # from default
            byte-rate: unlimited  # from default
            registries:
              docker.io:
                mirrors:
                  - mirror.corp:5000  # from FILE:6
                  - harbor.corp/dockerhub  # from FILE:6
              flag.corp:
                insecure: true  # from flag --insecure
              registry.corp:5000:
                insecure: true  # from FILE:8
                ca-cert:
                  - /etc/ssl/registry.pem  # from FILE:9
                retries: 2  # from FILE:12
              usual.corp: {}
            """
                .replace("FILE", file));
  }

  @Test
  void oneRegistryIsShownWhole() throws Exception {
    String text = said().file(FILE).load().yaml("Registry.Corp:5000");

    assertThat(text)
        .contains(
            "# authfile: not set\nregistries:\n  registry.corp:5000:\n    insecure: true  # from ",
            "\n    mirrors: []  # from default\n",
            "\n    proxy: none  # from " + said().standardFile() + ":10\n",
            "      - /etc/ssl/registry.pem  # from ",
            "      - /etc/ssl/corp.pem  # from ")
        .doesNotContain("docker.io");
    assertThatThrownBy(() -> said().load().yaml("https://a.corp"))
        .hasMessage("--registry: a registry is named by its host alone: write a.corp");
  }

  @Test
  void whatIsShownIsAConfigFileThatSaysTheSame() throws Exception {
    Configuration shown =
        said()
            .file(FILE)
            .flag("--authfile", "auth \"file\"\u001b.json")
            .flag("--ca-cert", "usual.corp=c: d #e.pem")
            .flag("--client-cert", "c.pem")
            .flag("--client-key", "k.pem")
            .flag("--no-proxy", "*,[::1]:5000,10.0.0.0/8")
            .flag("--request-rate", "600/m")
            .flag("--byte-rate", "1536KiB/s")
            .flag("--minimum-speed", "1500B/s")
            .flag("--mirror", "[::1]:5000=a.corp")
            .flag("--mirror", "[::1]:5000=null/1.5")
            .variable("IMGCOMPAT_PROXY", "proxy.corp")
            .load();

    Configuration read = read(shown.yaml());

    assertThat(read.registries()).isEqualTo(shown.registries());
    for (String registry :
        List.of("else.corp", "docker.io", "registry.corp:5000", "usual.corp", "[::1]:5000")) {
      assertThat(read.registry(registry)).as(registry).isEqualTo(shown.registry(registry));
      assertThat(read(shown.yaml(registry)).registry(registry))
          .as(registry)
          .isEqualTo(shown.registry(registry));
    }
    assertThat(read.authfile().map(Setting::value)).isEqualTo(shown.authfile().map(Setting::value));
    assertThat(shown.yaml()).doesNotContain("\u001b");
  }

  private Configuration read(String yaml) throws IOException, ConfigException {
    Path file = Files.writeString(home.resolve("shown.yaml"), yaml);
    return said().named(file.toString()).load();
  }

  @Test
  void passwordsAreHiddenAndYetSeenToDiffer() throws Exception {
    String text =
        said()
            .file("registries: {a.corp: {proxy: 'http://user:other2@proxy:1'}}")
            .flag("--proxy", "http://user:hunter2@proxy:1")
            .load()
            .yaml();

    assertThat(text)
        .contains("proxy: \"http://user:***@proxy:1\"  # from flag --proxy; what is *** is hidden")
        .doesNotContain("hunter2");

    String differing =
        said()
            .file("{proxy: 't0ken@proxy:1', registries: {a.corp: {proxy: 'u:other2@proxy:1'}}}")
            .load()
            .yaml();
    assertThat(differing)
        .contains("proxy: \"http://***@proxy:1\"", "    proxy: \"http://u:***@proxy:1\"")
        .doesNotContain("t0ken", "other2");
  }

  @Test
  void aSecondProxyIsSaidInAComment() throws Exception {
    assertThat(said().variable("http_proxy", "http://proxy:1").load().yaml())
        .contains(
            """
            proxy: none  # from default
            # proxy for plain http: http://proxy:1  # from variable http_proxy
            """);
  }

  @Test
  void aFileThatIsNotThereIsSaidToBeMissing() throws Exception {
    assertThat(said().load().yaml())
        .startsWith("# config file: " + said().standardFile() + " (there is none)\n");
  }

  @Test
  void theNameOfAFileForgesNoLine() throws Exception {
    Path file = Files.writeString(home.resolve("a\nretries: 100"), "connections: 1");

    assertThat(said().named(file.toString()).load().yaml().lines())
        .doesNotContain("retries: 100")
        .allMatch(line -> !line.startsWith("retries: 100"));
  }
}
