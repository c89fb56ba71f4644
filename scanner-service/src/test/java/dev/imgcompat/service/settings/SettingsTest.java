package dev.imgcompat.service.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imgcompat.core.rules.Policy;
import dev.imgcompat.service.settings.Settings.Level;
import dev.imgcompat.service.settings.Settings.LogFormat;
import dev.imgcompat.service.settings.Settings.Reading;
import dev.imgcompat.service.settings.Settings.Unknown;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.util.unit.DataSize;

class SettingsTest {
  @TempDir private Path directory;

  private static Settings options(Map<String, String> options) {
    return SettingsLoader.load(options, Map.of(), Optional.empty());
  }

  private Settings file(String text) throws IOException {
    Path file = directory.resolve("imgcompat.yaml");
    Files.writeString(file, text);
    return SettingsLoader.load(Map.of(), Map.of(), Optional.of(file));
  }

  /** Whoever changes a default changes every installation. */
  @Test
  void defaultsArePinned() {
    assertThat(options(Map.of()))
        .isEqualTo(
            new Settings(
                new Settings.Server(
                    "127.0.0.1",
                    8080,
                    50,
                    8192,
                    DataSize.ofKilobytes(256),
                    DataSize.ofKilobytes(16),
                    null,
                    null,
                    Duration.ofSeconds(30)),
                new Settings.Management("127.0.0.1", 8081, true),
                new Settings.Access(Reading.OPEN, null),
                new Settings.StoreSettings(null, null, null, null, null, 10, Duration.ofSeconds(3)),
                new Settings.Memory(
                    DataSize.ofMegabytes(64), DataSize.ofMegabytes(64), DataSize.ofMegabytes(64)),
                new Settings.Registries(List.of(), List.of(), null, null),
                new Settings.Scans(
                    4,
                    4,
                    10_000,
                    4,
                    Duration.ofMinutes(15),
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(60),
                    100,
                    Duration.ofDays(7)),
                new Settings.Sweeps(null, 2, 4, 50, 20),
                new Settings.Retention(
                    Duration.ofDays(7),
                    Duration.ofDays(7),
                    Duration.ofDays(30),
                    Duration.ofDays(365)),
                new Settings.LookupSettings(
                    true,
                    Duration.ofHours(1),
                    Duration.ofMinutes(10),
                    Duration.ofMillis(100),
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(10)),
                new Settings.Judging(List.of("kata"), Policy.ANY, null, "linux/amd64"),
                new Settings.Router(Unknown.EXCLUDE, false, null, "k8s", "k8s-vm", false),
                new Settings.ListSettings(Duration.ofSeconds(10), 10, 5),
                new Settings.Log(LogFormat.JSON, Level.INFO),
                new Settings.Tracing(null, 0.1)));
  }

  @Test
  void documentNamesEverySettingWithItsDefault() throws IOException {
    List<String> rows =
        Files.readAllLines(Path.of("../docs/service.md"), StandardCharsets.UTF_8).stream()
            .filter(l -> l.matches("\\| `[a-z]+\\.[a-z-]+` \\|.*"))
            .map(l -> l.substring(0, l.indexOf('|', l.indexOf('|', 2) + 1)).strip())
            .toList();
    assertThat(rows)
        .containsExactlyElementsOf(
            SettingName.all().stream()
                .map(
                    s ->
                        "| `"
                            + s.name()
                            + "` | "
                            + s.usual()
                                .filter(u -> !u.isEmpty())
                                .map(u -> "`" + u + "`")
                                .orElse(""))
                .map(String::strip)
                .toList());
  }

  @Test
  void optionsGoOverVariablesAndVariablesOverTheFile() throws IOException {
    Path file = directory.resolve("imgcompat.yaml");
    Files.writeString(file, "imgcompat:\n  server: {port: 1, threads: 2}\n  scans: {workers: 3}\n");
    Settings settings =
        SettingsLoader.load(
            Map.of("server.port", "11"),
            Map.of("IMGCOMPAT_SERVER_PORT", "21", "IMGCOMPAT_SERVER_THREADS", "22"),
            Optional.of(file));
    assertThat(settings.server().port()).isEqualTo(11);
    assertThat(settings.server().threads()).isEqualTo(22);
    assertThat(settings.scans().workers()).isEqualTo(3);
  }

  @Test
  void listsAreSeparatedByCommasInVariablesAndAreListsInTheFile() throws IOException {
    List<String> wanted = List.of("docker.io auth.docker.io", "registry.example.com");
    assertThat(
            SettingsLoader.load(
                    Map.of(),
                    Map.of(
                        "IMGCOMPAT_REGISTRIES_ALLOWED",
                        "docker.io auth.docker.io, registry.example.com"),
                    Optional.empty())
                .registries()
                .allowed())
        .isEqualTo(wanted);
    assertThat(
            file("""
                    imgcompat:
                      registries:
                        allowed:
                          - docker.io auth.docker.io
                          - registry.example.com
                    """)
                .registries()
                .allowed())
        .isEqualTo(wanted);
  }

  @Test
  void pathInTheFileIsBesideTheFile() throws IOException {
    Path tokens = directory.toAbsolutePath().resolve("tokens");
    assertThatThrownBy(() -> file("imgcompat:\n  access:\n    tokens: tokens\n"))
        .hasMessage("imgcompat.access.tokens: " + tokens + " is not there");
    Files.createFile(tokens);
    assertThat(file("imgcompat:\n  access:\n    tokens: tokens\n").access().tokens())
        .isEqualTo(tokens);
  }

  @Test
  void addressesAndTimesAreTyped() {
    Settings settings =
        options(
            Map.of(
                "tracing.endpoint", "http://127.0.0.1:4318/v1/traces",
                "lookup.tag-age", "90m",
                "server.max-body", "1MB"));
    assertThat(settings.tracing().endpoint())
        .isEqualTo(URI.create("http://127.0.0.1:4318/v1/traces"));
    assertThat(settings.lookup().tagAge()).isEqualTo(Duration.ofMinutes(90));
    assertThat(settings.server().maxBody()).isEqualTo(DataSize.ofMegabytes(1));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          server.port           | 70000     | imgcompat.server.port: 70000 is not between 0 and 65535
          server.port           | http      | imgcompat.server.port: is not a number
          scans.workers         | 0         | imgcompat.scans.workers: 0 is not between 1 and 256
          lookup.tag-age        | soon      | imgcompat.lookup.tag-age: is not a time such as 30s, 5m or 2h
          lookup.tag-age        | 0s        | imgcompat.lookup.tag-age: 0ms is not between 1000ms and 31536000000ms
          server.max-body       | big       | imgcompat.server.max-body: is not a size such as 256KB or 64MB
          access.reading        | maybe     | imgcompat.access.reading: is not one of open, token
          access.reading        | token     | imgcompat.access.tokens: is missing: with access.reading=token nobody could read
          server.tls-key        | key.pem   | imgcompat.server.tls-certificate: is missing: it goes with server.tls-key
          store.url             | jdbc:x:y  | imgcompat.store.url: is neither a jdbc:postgresql: nor a jdbc:h2: URL
          tracing.share         | 2         | imgcompat.tracing.share: 2.0 is not between 0 and 1
          lookup.scan           | perhaps   | imgcompat.lookup.scan: is not true or false
          """)
  void wrongValueIsNamed(String name, String value, String message) {
    assertThatThrownBy(() -> options(Map.of(name, value)))
        .isInstanceOf(InvalidSettingException.class)
        .hasMessage(message);
  }

  @Test
  void misspeltNameIsRefusedWithThoseThatThereAre() {
    assertThatThrownBy(() -> options(Map.of("registries.alowed", "x")))
        .isInstanceOf(InvalidSettingException.class)
        .hasMessageContaining("imgcompat.registries.alowed: is no setting; there are")
        .hasMessageContaining("registries.allowed");
    assertThatThrownBy(() -> file("imgcompat:\n  server:\n    prot: 1\n"))
        .hasMessageContaining("imgcompat.server.prot: is no setting (in ");
    assertThatThrownBy(() -> file("server:\n  port: 1\n"))
        .hasMessageContaining("settings are below 'imgcompat:'");
  }

  @Test
  void fileThatIsNoYamlIsNamed() {
    assertThatThrownBy(() -> file("imgcompat: [\n"))
        .isInstanceOf(InvalidSettingException.class)
        .hasMessageContaining("imgcompat.yaml is not YAML");
  }

  @Test
  void variableThatLooksLikeASettingIsTold() {
    assertThat(
            SettingsLoader.strangeVariables(
                Map.of(
                    "IMGCOMPAT_SERVER_PROT", "1",
                    "IMGCOMPAT_SERVER_PORT", "1",
                    "IMGCOMPAT_PROXY", "http://proxy",
                    "HOME", "/")))
        .containsExactly("IMGCOMPAT_SERVER_PROT");
  }

  @Test
  void passwordIsNotInTheTextOfSettings() {
    assertThat(options(Map.of("store.password", "hunter2-hunter2")).toString())
        .doesNotContain("hunter2");
  }
}
