package dev.imgcompat.core.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imgcompat.core.image.Bytes;
import dev.imgcompat.core.image.ScanException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The engine is the one that the docker command would use. */
class EngineFinderTest {
  private static final String DEFAULT = "unix:///var/run/docker.sock";

  @TempDir private Path home;

  @Test
  void withoutAnySettingItIsTheDefaultSocket() throws Exception {
    assertThat(find(Map.of())).isEqualTo(DEFAULT);
  }

  @Test
  void dockerHostGoesBeforeContexts() throws Exception {
    config("{\"currentContext\":\"chosen\"}");
    context("chosen", "tcp://chosen:1");
    context("named", "tcp://named:1");
    assertThat(find(Map.of("DOCKER_HOST", "tcp://host:1", "DOCKER_CONTEXT", "named")))
        .isEqualTo("tcp://host:1");
  }

  @Test
  void theContextOfTheEnvironmentGoesBeforeTheChosenOne() throws Exception {
    config("{\"currentContext\":\"chosen\"}");
    context("chosen", "tcp://chosen:1");
    context("named", "tcp://named:1");
    assertThat(find(Map.of("DOCKER_CONTEXT", "named"))).isEqualTo("tcp://named:1");
  }

  @Test
  void theChosenContextIsTakenWhereTheEnvironmentSaysNothing() throws Exception {
    config("{\"currentContext\":\"chosen\"}");
    context("chosen", "unix:///run/user/1000/docker.sock");
    assertThat(find(Map.of("DOCKER_HOST", "", "DOCKER_CONTEXT", "")))
        .isEqualTo("unix:///run/user/1000/docker.sock");
  }

  @Test
  void theContextDefaultIsTheDefaultSocket() throws Exception {
    config("{\"currentContext\":\"chosen\"}");
    context("chosen", "tcp://chosen:1");
    assertThat(find(Map.of("DOCKER_CONTEXT", "default"))).isEqualTo(DEFAULT);
    config("{\"currentContext\":\"default\"}");
    assertThat(find(Map.of())).isEqualTo(DEFAULT);
  }

  @Test
  void dockerConfigNamesAnotherDirectory() throws Exception {
    config("{\"currentContext\":\"chosen\"}");
    Path other = Files.createDirectory(home.resolve("other"));
    assertThat(find(Map.of("DOCKER_CONFIG", other.toString()))).isEqualTo(DEFAULT);
  }

  @Test
  void aConfigThatChoosesNoContextIsNoFailure() throws Exception {
    config("{\"auths\":{}}");
    assertThat(find(Map.of())).isEqualTo(DEFAULT);
  }

  @ParameterizedTest
  @CsvSource({
    "unix://, unix:///var/run/docker.sock",
    "' unix:///a/b.sock ', unix:///a/b.sock",
    "tcp://, tcp://localhost:2375",
    "tcp://host, tcp://host:2375",
    "host:1, tcp://host:1",
    "tcp://:1, tcp://localhost:1",
    "tcp://[::1]:1, tcp://[::1]:1",
    "tcp://host:1/base/, tcp://host:1/base",
    "http://host, http://host:80",
    "https://host, https://host:443",
  })
  void hostsAreReadAsDockerReadsThem(String host, String address) throws Exception {
    assertThat(find(Map.of("DOCKER_HOST", host))).isEqualTo(address);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ftp://host",
        "tcp://host:port",
        "tcp://host:0",
        "tcp://host:99999",
        "tcp://a b",
        "tcp://host?query",
        "unix://@abstract",
        "npipe:////./pipe/docker_engine",
        "fd://",
        "ssh://host",
        "unix://\0"
      })
  void otherHostsAreRefusedInOneLineThatNamesTheSetting(String host) {
    assertThatThrownBy(() -> find(Map.of("DOCKER_HOST", host)))
        .isInstanceOf(ScanException.EngineUnavailable.class)
        .hasMessageStartingWith("DOCKER_HOST ")
        .hasMessageNotContaining("\n");
  }

  @Test
  void anEngineBehindSshHasAWayOut() {
    assertThatThrownBy(() -> find(Map.of("DOCKER_HOST", "ssh://me:secret@host")))
        .hasMessageContaining("ssh HOST docker save IMAGE | imgcompat scan docker-archive:-")
        .hasMessageNotContaining("secret");
  }

  @Test
  void aPasswordInAHostIsNotShown() {
    assertThatThrownBy(() -> find(Map.of("DOCKER_HOST", "tcp://me:secret@host:1")))
        .isInstanceOf(ScanException.EngineUnavailable.class)
        .hasMessageNotContaining("secret");
    assertThatThrownBy(() -> find(Map.of("DOCKER_HOST", "tcp://me:secret@")))
        .hasMessageNotContaining("secret");
  }

  @Test
  void anUnknownContextIsNamedWithItsFile() {
    assertThatThrownBy(() -> find(Map.of("DOCKER_CONTEXT", "gone")))
        .isInstanceOf(ScanException.EngineUnavailable.class)
        .hasMessageContaining("no Docker context 'gone'")
        .hasMessageContaining("meta.json");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"currentContext\": secret", "[]", "", "{\"auths\":\"secret"})
  void aMalformedConfigIsNamedAndNotQuoted(String json) throws Exception {
    config(json);
    assertThatThrownBy(() -> find(Map.of()))
        .isInstanceOf(ScanException.Unreadable.class)
        .hasMessageContaining(home.resolve(".docker/config.json").toString())
        .hasMessageNotContaining("secret")
        .hasNoCause();
  }

  @Test
  void aConfigThatIsNoFileIsNamed() throws Exception {
    Files.createDirectories(home.resolve(".docker/config.json"));
    assertThatThrownBy(() -> find(Map.of()))
        .isInstanceOf(ScanException.Unreadable.class)
        .hasMessageContaining("config.json");
  }

  @Test
  void aMalformedConfigDoesNotMatterWhereTheEnvironmentNamesTheEngine() throws Exception {
    config("no JSON");
    assertThat(find(Map.of("DOCKER_HOST", "tcp://host:1"))).isEqualTo("tcp://host:1");
  }

  @Test
  void aContextWithoutDockerIsRefused() throws Exception {
    write(meta("other"), "{\"Name\":\"other\",\"Endpoints\":{\"kubernetes\":{}}}");
    assertThatThrownBy(() -> find(Map.of("DOCKER_CONTEXT", "other")))
        .isInstanceOf(ScanException.EngineUnavailable.class)
        .hasMessageContaining("'other' names no Docker engine");
  }

  @Test
  void aContextWithoutHostIsTheDefaultSocket() throws Exception {
    write(meta("bare"), "{\"Name\":\"bare\",\"Endpoints\":{\"docker\":{}}}");
    assertThat(find(Map.of("DOCKER_CONTEXT", "bare"))).isEqualTo(DEFAULT);
  }

  @Test
  void aNetworkAddressIsPlainUnlessTlsIsWanted() throws Exception {
    assertThat(endpoint(Map.of("DOCKER_HOST", "tcp://host")).isSecure()).isFalse();
    assertThat(endpoint(Map.of("DOCKER_HOST", "http://host")).isSecure()).isFalse();
    assertThat(endpoint(Map.of("DOCKER_HOST", "https://host")).isSecure()).isTrue();
    assertThat(endpoint(Map.of("DOCKER_HOST", "tcp://host", "DOCKER_TLS", "1")).isSecure())
        .isTrue();
  }

  @Test
  void withTlsAndNoHostItIsTheLocalTlsPort() throws Exception {
    assertThat(find(Map.of("DOCKER_TLS", "1"))).isEqualTo("tcp://localhost:2376");
  }

  @Test
  void aSocketNeedsNoCertificates() throws Exception {
    EngineEndpoint found =
        endpoint(Map.of("DOCKER_HOST", "unix:///a.sock", "DOCKER_TLS_VERIFY", "1"));
    assertThat(found.isSecure()).isFalse();
    assertThat(found.socket()).contains(Path.of("/a.sock"));
  }

  @Test
  void verificationNeedsACaFile() {
    assertThatThrownBy(() -> find(Map.of("DOCKER_HOST", "tcp://host", "DOCKER_TLS_VERIFY", "1")))
        .isInstanceOf(ScanException.Unreadable.class)
        .hasMessage("there is no file " + home.resolve(".docker/ca.pem"));
  }

  @Test
  void aContextMaySkipVerification() throws Exception {
    write(
        meta("lax"),
        "{\"Endpoints\":{\"docker\":{\"Host\":\"tcp://lax:1\",\"SkipTLSVerify\":true}}}");
    assertThat(endpoint(Map.of("DOCKER_CONTEXT", "lax")).isSecure()).isTrue();
  }

  private String find(Map<String, String> environment) throws ScanException {
    return endpoint(environment).address();
  }

  private EngineEndpoint endpoint(Map<String, String> environment) throws ScanException {
    return new EngineFinder(environment, home).find();
  }

  private void config(String json) throws Exception {
    write(home.resolve(".docker/config.json"), json);
  }

  private void context(String name, String host) throws Exception {
    write(
        meta(name),
        "{\"Name\":\"" + name + "\",\"Endpoints\":{\"docker\":{\"Host\":\"" + host + "\"}}}");
  }

  private Path meta(String context) {
    String id = Bytes.digest(context.getBytes(StandardCharsets.UTF_8)).hex();
    return home.resolve(".docker/contexts/meta").resolve(id).resolve("meta.json");
  }

  private static void write(Path file, String text) throws Exception {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
