package dev.imgcompat.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is refused, and how that is said. */
class ConfigRefusalTest {
  @TempDir private Path home;

  private Said said() {
    return new Said(home);
  }

  /** The refusal of a file, without the file's name. */
  private String file(String text) {
    String message = said().file(text).refusal();
    assertThat(message).startsWith(said().standardFile() + ":");
    return message.substring(said().standardFile().toString().length() + 1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--connect-timeout | 15         | 15 has no unit: write one of ms, s, m and h",
        "--connect-timeout | 0s         | leaves no time",
        "--connect-timeout | -5s        | not a duration",
        "--connect-timeout | 1.5s       | not a duration",
        "--connect-timeout | 15 s       | not a duration",
        "--connect-timeout | 169h       | longer than 7 days: write at most 168h",
        "--connect-timeout | 999999999999999h | longer than 7 days",
        "--connect-timeout | 9999999999999999999999h | not a duration",
        "--connect-timeout | ''         | not a duration",
        "--minimum-speed   | 1          | not a speed",
        "--minimum-speed   | 1kb/s      | not a speed",
        "--minimum-speed   | 2GiB/s     | too fast",
        "--request-rate    | 20         | not a rate",
        "--request-rate    | 0/s        | not a rate that can be kept",
        "--request-rate    | 1000001/s  | not a rate that can be kept",
        "--byte-rate       | 20         | not a rate of bytes",
        "--byte-rate       | 20/s       | not a rate of bytes",
        "--byte-rate       | 0B/s       | not a rate of bytes that can be kept",
        "--byte-rate       | 1023B/s    | not a rate of bytes that can be kept",
        "--byte-rate       | 1025GiB/s  | not a rate of bytes that can be kept",
        "--byte-rate       | 999999999999999GiB/s | not a rate of bytes that can be kept",
        "--retries         | 101        | write one from 0 to 100",
        "--retries         | -1         | write one from 0 to 100",
        "--retries         | many       | write one from 0 to 100",
        "--connections     | 0          | write one from 1 to 64",
        "--connections     | 65         | write one from 1 to 64",
        "--proxy           | https://proxy:3128   | is not supported",
        "--proxy           | socks5://proxy:1080  | is not supported",
        "--proxy           | http://proxy:3128/x  | not the address of a proxy",
        "--proxy           | http://proxy:70000   | not the address of a proxy",
        "--proxy           | http://a b           | not the address of a proxy",
        "--proxy           | ''                   | not the address of a proxy",
        "--no-proxy        | 10.0.0.0/33          | not something to ask without a proxy",
        "--no-proxy        | http://a.corp        | not something to ask without a proxy",
        "--insecure        | https://a.corp/v2/   | write a.corp",
        "--insecure        | https://index.docker.io/v1/ | write docker.io",
        "--insecure        | https://me:12/@a.corp | not the name of a registry",
        "--insecure        | a.corp/team          | write a.corp",
        "--insecure        | a.corp:0             | not the name of a registry",
        "--insecure        | a_b                  | not the name of a registry",
        "--insecure        | ''                   | not the name of a registry",
        "--mirror          | mirror.corp          | write HOST=MIRROR[/PREFIX]",
        "--mirror          | docker.io=https://m  | without a scheme",
        "--mirror          | docker.io=           | not the name of a mirror",
        "--mirror          | docker.io=m.corp/    | no prefix of repositories",
        "--mirror          | docker.io=m.corp/A   | no prefix of repositories",
        "--mirror          | docker.io=m.corp/../x | no prefix of repositories",
        "--mirror          | docker.io=index.docker.io | docker.io is named as a mirror of itself",
        "--mirror          | a.corp=A.corp/cache  | a.corp is named as a mirror of itself",
        "--ca-cert         | ''                   | names no file",
        "--ca-cert         | a.corp=              | names no file",
        "--ca-cert         | ~else/x.pem          | only ~/ stands for a home directory",
        "--client-cert     | c.pem                | client-cert comes without its client-key: give --client-key",
        "--client-key      | a.corp=k.pem         | client-key for a.corp comes without its client-cert",
      })
  void aFlagIsNamed(String flag, String value, String reason) {
    assertThat(said().flag(flag, value).refusal()).startsWith(flag + ": ").contains(reason);
  }

  @Test
  void aFlagWithOneValueIsGivenOnce() {
    assertThat(said().flag("--retries", "1").flag("--retries", "2").refusal())
        .startsWith("--retries: is given more than once");
    assertThat(said().flag("--client-cert", "a.corp=1").flag("--client-cert", "a.corp=2").refusal())
        .startsWith("--client-cert: is given more than once for a.corp");
  }

  @Test
  void aCertificateAndItsKeyAreSaidInTheSamePlace() {
    assertThat(said().flag("--client-cert", "a.corp=c.pem").flag("--client-key", "k.pem").refusal())
        .contains("client-cert for a.corp comes without its client-key");
    assertThat(
            said()
                .flag("--client-cert", "c.pem")
                .variable("IMGCOMPAT_CLIENT_KEY", "k.pem")
                .refusal())
        .startsWith("--client-cert: ");
    assertThat(said().variable("IMGCOMPAT_CLIENT_KEY", "k.pem").refusal())
        .startsWith("IMGCOMPAT_CLIENT_KEY: ")
        .contains("give IMGCOMPAT_CLIENT_CERT");
  }

  @Test
  void aVariableIsNamed() {
    assertThat(said().variable("IMGCOMPAT_BACKOFF", "1").refusal())
        .startsWith("IMGCOMPAT_BACKOFF: 1 has no unit");
    assertThat(said().variable("https_proxy", "https://proxy").refusal())
        .startsWith("https_proxy: ")
        .contains("is not supported");
    assertThat(said().variable("IMGCOMPAT_MIRRORS", "docker.io=a.corp,b.corp").refusal())
        .startsWith("IMGCOMPAT_MIRRORS: does not say of which registry");
    assertThat(said().variable("IMGCOMPAT_CONFIG", "/none.yaml").refusal())
        .startsWith("IMGCOMPAT_CONFIG: there is no file /none.yaml");
    assertThat(said().variable("XDG_CONFIG_HOME", "/a\0b").refusal())
        .startsWith("XDG_CONFIG_HOME: ");
  }

  @Test
  void aLineIsNamed() {
    assertThat(file("retries: 1\nconect-timeout: 5s\n"))
        .isEqualTo("2: there is no setting 'conect-timeout': did you mean connect-timeout?");
    assertThat(file("\nconnectTimeout: 5s\n")).contains("2: ", "did you mean connect-timeout?");
    assertThat(file("registry:\n  docker.io: {}\n")).contains("did you mean registries?");
    assertThat(file("registries:\n  docker.io:\n    mirror: a.corp\n"))
        .startsWith("3: ")
        .contains("did you mean mirrors?");
    assertThat(file("colour: blue\n")).contains("there are authfile, insecure, mirrors");
    assertThat(file("registry.corp:\n  insecure: true\n"))
        .contains("if it is a registry, write it below registries:");
    assertThat(file("insecure: true\n")).contains("1: insecure is said of one registry");
    assertThat(file("mirrors: [a.corp]\n")).contains("1: mirrors is said of one registry");
    assertThat(file("registries:\n  a.corp:\n    authfile: x\n"))
        .contains("3: authfile is not said of a single registry");
    assertThat(file("registries:\n  https://a.corp/v2/:\n    retries: 1\n"))
        .isEqualTo("2: a registry is named by its host alone: write a.corp");
    assertThat(file("registries:\n  docker.io: {}\n  index.docker.io: {}\n"))
        .isEqualTo("3: docker.io is there already, in line 2: write it once");
    assertThat(
            file("registries:\n  docker.io:\n    mirrors:\n      - a.corp\n      - docker.io/x\n"))
        .startsWith("5: docker.io is named as a mirror of itself");
    assertThat(file("no-proxy:\n  - .corp\n  - a/b\n")).startsWith("3: no-proxy: not something");
    assertThat(file("\n\nstall-timeout: 60\n"))
        .startsWith("3: stall-timeout: 60 has no unit: write");
    assertThat(file("client-cert: c.pem\n")).startsWith("1: client-cert comes without");
    assertThat(file("registries: {a.corp: {insecure: yes}}\n"))
        .isEqualTo("1: insecure: neither yes nor no: write true or false");
  }

  @Test
  void valuesOfTheWrongTypeAreRefused() {
    assertThat(file("retries: [1]\n")).contains("retries has one value");
    assertThat(file("retries: {a: 1}\n")).contains("retries has a value, and no keys below it");
    assertThat(file("retries:\n")).contains("retries has no value");
    assertThat(file("ca-cert: [[a]]\n")).contains("ca-cert is a list of values");
    assertThat(file("- a\n")).contains("the file is no mapping");
    assertThat(file("registries: a.corp\n")).contains("registries is no mapping");
    assertThat(file("registries:\n  a.corp: true\n")).contains("2: a.corp is no mapping");
    assertThat(file("registries:\n  ? [a, b]\n  : {}\n")).contains("not YAML");
  }

  @Test
  void whatIsNoYamlIsRefusedWithoutQuotingIt() {
    for (String text :
        new String[] {
          "proxy: 'hunter2\n",
          "proxy: hunter2\n  retries: 1\n",
          "\tproxy: hunter2\n",
          "proxy: \"hunter2\\q\"\n",
          "proxy: @hunter2\n",
          "hunter2: {\n",
          "proxy: hunter2: 3\n",
          "%hunter2\n",
          "proxy: *hunter2\n",
          "hunter2\u0001: 1\n",
          "proxy: http://user:hunter2@a b\n",
          "proxy: [hunter2]\n",
          "proxy: {hunter2: 1}\n",
          "http://user:hunter2@proxy.corp/: 1\n",
          "registries:\n  http://user:hunter2@proxy.corp/: {}\n",
        }) {
      assertThat(file(text)).as(text).doesNotContain("hunter2").matches("\\d+: .*");
    }
    assertThat(file("retries: 1\nretries: 2\n"))
        .isEqualTo("2: this key is there already, in line 1: write it once");
    assertThat(file("retries: 1\n---\nretries: 2\n")).contains("a second document");
  }

  @Test
  void anchorsAndWhatGrowsOfThemAreRefused() {
    assertThat(file("retries: &a 1\nconnections: *a\n"))
        .contains("2: anchors and aliases are not supported");
    assertThat(file("registries:\n  a.corp: &a {retries: 1}\n  b.corp: *a\n"))
        .contains("anchors and aliases are not supported");
    assertThat(file("ca-cert: &a [x, x]\nno-proxy: [*a, *a]\n"))
        .contains("1: anchors and aliases are not supported");
    assertThat(file("[".repeat(100_000))).contains("1: ");
    assertThat(file("{a: ".repeat(400))).contains("nested too deep");
  }

  @Test
  void credentialsDoNotBelongInTheFile() {
    assertThat(file("registries:\n  a.corp:\n    password: hunter2\n"))
        .contains("3: there is no setting 'password': credentials are kept in an auth file")
        .doesNotContain("hunter2");
  }

  @Test
  void aFileThatCannotBeReadIsRefused() throws IOException {
    assertThat(said().named("/none.yaml").refusal())
        .isEqualTo("--config: there is no file /none.yaml: name one that there is");
    assertThat(said().named("").refusal()).startsWith("--config: names no file");
    assertThat(said().named(home.toString()).refusal())
        .isEqualTo(home + " could not be read: it is a directory");
    Path large = Files.write(home.resolve("large.yaml"), new byte[(1 << 20) + 1]);
    assertThat(said().named(large.toString()).refusal()).contains("larger than 1 MiB");
    Path binary = Files.write(home.resolve("binary.yaml"), new byte[] {(byte) 0xff, (byte) 0xfe});
    assertThat(said().named(binary.toString()).refusal()).contains("not text in UTF-8");
  }

  @Test
  void noMessageHasAPasswordOfAProxy() {
    for (String proxy :
        new String[] {
          "https://user:hunter2@proxy:3128",
          "http://user:hunter2@proxy:3128/path",
          "http://user:hun#ter2@proxy",
          "http://user:hunter2@pro xy",
          "user:hunter2@@proxy",
          "http://user:%hunter2@proxy",
        }) {
      assertThat(said().flag("--proxy", proxy).refusal()).doesNotContain("hunter2", "ter2");
      assertThat(said().variable("HTTPS_PROXY", proxy).refusal()).doesNotContain("hunter2", "ter2");
    }
  }
}
