package dev.imgcompat.core.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imgcompat.core.image.ScanException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Credentials where docker and podman keep them. */
@Timeout(120)
class AuthFilesTest {
  private static final String HUB_URL = "https://index.docker.io/v1/";
  private static final String DOCKER = "~/.docker/config.json";

  @TempDir private Path top;
  private Path home;
  private Path named;
  private Programs programs;
  private final Map<String, String> environment = new HashMap<>();

  @BeforeEach
  void makeHome() throws Exception {
    home = Files.createDirectory(top.resolve("home"));
    named = top.resolve("auth.json");
    programs = new Programs(Files.createDirectory(top.resolve("bin")));
    environment.putAll(programs.environment());
    environment.put("XDG_RUNTIME_DIR", top.resolve("run").toString());
  }

  @Test
  void withoutAnyFileThereIsNothing() throws Exception {
    assertThat(ofUser("docker.io", "library/centos"))
        .isEqualTo(
            new Credentials.None(
                DOCKER
                    + ", "
                    + top.resolve("run/containers/auth.json")
                    + ", ~/.config/containers/auth.json",
                Optional.empty()));
  }

  @Test
  void theFirstFileThatHasSomethingCounts() throws Exception {
    Path config = home.resolve(".config/containers/auth.json");
    new AuthJson().login("a.corp", "podman-config", "p").write(config);
    assertThat(user(ofUser("a.corp", "x"))).isEqualTo("podman-config");
    Path runtime = top.resolve("run/containers/auth.json");
    new AuthJson().login("a.corp", "podman-run", "p").write(runtime);
    assertThat(user(ofUser("a.corp", "x"))).isEqualTo("podman-run");
    docker(new AuthJson().login("b.corp", "docker", "p").marker("a.corp"));
    assertThat(user(ofUser("a.corp", "x"))).isEqualTo("podman-run");
    docker(new AuthJson().login("a.corp", "docker", "p"));
    assertThat(ofUser("a.corp", "x")).isEqualTo(new Credentials.Password(DOCKER, "docker", "p"));
    environment.put(
        "DOCKER_AUTH_CONFIG", new AuthJson().login("a.corp", "variable", "p").toString());
    assertThat(ofUser("a.corp", "x"))
        .isEqualTo(new Credentials.Password("DOCKER_AUTH_CONFIG", "variable", "p"));
  }

  @Test
  void variablesNameOtherDirectories() throws Exception {
    environment.put("DOCKER_CONFIG", top.resolve("docker").toString());
    environment.put("XDG_CONFIG_HOME", top.resolve("config").toString());
    docker(new AuthJson().login("a.corp", "unseen", "p"));
    new AuthJson().login("a.corp", "a", "p").write(top.resolve("docker/config.json"));
    new AuthJson().login("b.corp", "b", "p").write(top.resolve("config/containers/auth.json"));
    assertThat(user(ofUser("a.corp", "x"))).isEqualTo("a");
    assertThat(user(ofUser("b.corp", "x"))).isEqualTo("b");
  }

  @Test
  void withoutASessionPodmanHasADirectoryForTheUser() throws Exception {
    environment.remove("XDG_RUNTIME_DIR");
    assertThat(ofUser("test.invalid", "x").origin())
        .containsPattern("/run/containers/\\d+/auth.json");
  }

  @Test
  void aLoginIsSeenWithoutAStart() throws Exception {
    CredentialSource files = AuthFiles.ofUser(environment, home);
    assertThat(files.find("a.corp", "x")).isInstanceOf(Credentials.None.class);
    docker(new AuthJson().login("a.corp", "me", "p"));
    assertThat(user(files.find("a.corp", "x"))).isEqualTo("me");
    docker(new AuthJson().login("a.corp", "us", "p"));
    assertThat(user(files.find("a.corp", "x"))).isEqualTo("us");
  }

  @Test
  void aNamedFileIsTheOnlyOne() throws Exception {
    docker(new AuthJson().login("a.corp", "docker", "p"));
    new AuthJson().login("b.corp", "named", "p").write(named);
    assertThat(named("a.corp", "x"))
        .isEqualTo(new Credentials.None(named.toString(), Optional.empty()));
    assertThat(named("b.corp", "x"))
        .isEqualTo(new Credentials.Password(named.toString(), "named", "p"));
  }

  @Test
  void aNamedFileHasToBeThere() {
    assertThatThrownBy(() -> named("a.corp", "x"))
        .isInstanceOf(ScanException.Unreadable.class)
        .hasMessage("--authfile: there is no file " + named);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "hidden",
        "[]",
        "\"hidden\"",
        "{\"auths\":\"hidden\"}",
        "{\"auths\":[\"hidden\"]}",
        "{\"auths\":{\"a.corp\":\"hidden\"}}",
        "{\"auths\":{\"a.corp\":{\"auth\":7}}}",
        "{\"auths\":{\"a.corp\":{\"auth\":{\"hidden\":1}}}}",
        "{\"auths\":{\"a.corp\":{\"identitytoken\":[\"hidden\"]}}}",
        "{\"auths\":{\"a.corp\":{\"auth\":\"hidden!\"}}}",
        "{\"auths\":{\"a.corp\":{\"auth\":\"aGlkZGVu\"}}}",
        "{\"auths\":{\"a.corp\":{\"auth\":\"OmhpZGRlbg==\"}}}",
        "{\"auths\":{\"a.corp\":{\"auth\":\"bTr/hidd\"}}}",
        "{\"auths\":{\"a.corp\":{\"auth\":\"hidden\"}}",
        "{\"credsStore\":{\"hidden\":1}}",
        "{\"credHelpers\":[\"hidden\"]}",
        "{\"credHelpers\":{\"a.corp\":[\"hidden\"]}}",
        "{} {\"hidden\":1}"
      })
  void aMalformedFileIsNamedAndNotQuoted(String json) throws Exception {
    Files.writeString(named, json);
    assertThatThrownBy(() -> named("a.corp", "x"))
        .isInstanceOf(ScanException.Unreadable.class)
        .hasMessageStartingWith("--authfile: ")
        .hasMessageContaining(named.toString())
        .hasMessageNotContainingAny("hidden", "aGlkZGVu", "OmhpZGRlbg", "\n")
        .hasNoCause();
    docker(json);
    assertThat(problem(ofUser("a.corp", "x")))
        .contains(".docker/config.json")
        .doesNotContain("hidden", "aGlkZGVu", "OmhpZGRlbg", "\n");
  }

  @Test
  void hugeAndDeepFilesAreRefused() throws Exception {
    Files.writeString(named, "{\"auths\":{\"a.corp\":\"" + "x".repeat(10 << 20) + "\"}}");
    assertThatThrownBy(() -> named("a.corp", "x"))
        .isInstanceOf(ScanException.Unreadable.class)
        .hasMessageContaining(named + " is larger than 4194304 bytes");
    Files.writeString(named, "{\"a\":".repeat(700_000));
    assertThatThrownBy(() -> named("a.corp", "x"))
        .isInstanceOf(ScanException.Unreadable.class)
        .hasMessageContaining(named + " is not JSON");
  }

  @Test
  void aMalformedDefaultFileDoesNotHideTheNext() throws Exception {
    docker("{\"auths\":");
    assertThat(problem(ofUser("a.corp", "x")))
        .isEqualTo(home.resolve(".docker/config.json") + " is not JSON (line 1): correct it");
    Path config = home.resolve(".config/containers/auth.json");
    new AuthJson().login("a.corp", "podman", "p").write(config);
    assertThat(user(ofUser("a.corp", "x"))).isEqualTo("podman");
  }

  @Test
  void aDirectoryInAFilesPlaceIsAProblemOnly() throws Exception {
    Files.createDirectories(home.resolve(".docker/config.json"));
    environment.put("DOCKER_AUTH_CONFIG", "hidden");
    assertThat(problem(ofUser("a.corp", "x")))
        .startsWith("DOCKER_AUTH_CONFIG is not JSON (line 1): correct it; ")
        .contains("config.json could not be read")
        .doesNotContain("hidden");
  }

  @Test
  void whatIsMalformedForOthersDoesNotMatter() throws Exception {
    docker(new AuthJson().auth("b.corp", "!").login("a.corp", "me", "p"));
    assertThat(user(ofUser("a.corp", "x"))).isEqualTo("me");
    assertThat(problem(ofUser("b.corp", "x")))
        .isEqualTo(
            "auth in the entry 'b.corp' of ~/.docker/config.json is not base64: log in anew");
  }

  @ParameterizedTest
  @CsvSource({
    "registry.corp, registry.corp",
    "registry.corp, REGISTRY.corp",
    "registry.corp, https://registry.corp",
    "registry.corp, http://registry.corp",
    "registry.corp, HTTPS://registry.corp/",
    "registry.corp, registry.corp/",
    "registry.corp, registry.corp//",
    "registry.corp, registry.corp/v1/",
    "registry.corp, https://registry.corp/v2/",
    "registry.corp, https://registry.corp/any/path",
    "registry.corp:5000, registry.corp:5000",
    "registry.corp:5000, https://registry.corp:5000/v1/",
    "[::1]:5000, https://[::1]:5000/v1/",
    "docker.io, https://index.docker.io/v1/",
    "docker.io, docker.io",
    "docker.io, index.docker.io",
    "docker.io, registry-1.docker.io",
    "docker.io, https://registry-1.docker.io/v2/",
    "docker.io, http://docker.io",
    "docker.io, index.docker.io/v1/",
    "index.docker.io, docker.io",
    "registry.corp, registry.corp/team",
    "registry.corp, registry.corp/team/app/image",
    "docker.io, docker.io/team",
  })
  void anEntryIsKnownInAllSpellings(String registry, String key) throws Exception {
    new AuthJson().login(key, "me", "p").write(named);
    assertThat(user(named(registry, "team/app/image"))).isEqualTo("me");
  }

  @ParameterizedTest
  @CsvSource({
    "registry.corp, registry.corp.evil",
    "registry.corp.evil, registry.corp",
    "registry.corp, https://registry.corp.evil/registry.corp",
    "registry.corp, https://registry.corp@evil/",
    "registry.corp, evil/registry.corp",
    "registry.corp, registry.corp:443",
    "registry.corp:5000, registry.corp",
    "registry.corp:5000, registry.corp:500",
    "registry.corp, corp",
    "registry.corp, ''",
    "registry.corp, /",
    "registry.corp, https://",
    "registry.corp, registry.corp/te",
    "registry.corp, registry.corp/team/app/image/more",
    "registry.corp, registry.corp/app",
    "docker.io, https://index.docker.io.evil/v1/",
    "docker.io, hub.docker.io",
    "hub.docker.io, docker.io",
  })
  void othersAreNotTakenForIt(String registry, String key) throws Exception {
    new AuthJson().login(key, "me", "p").write(named);
    assertThat(named(registry, "team/app/image"))
        .isEqualTo(new Credentials.None(named.toString(), Optional.empty()));
  }

  @Test
  void theMostSpecificEntryCounts() throws Exception {
    new AuthJson()
        .login("h.corp", "all", "p")
        .login("h.corp/a", "a", "p")
        .login("h.corp/a/b/c", "abc", "p")
        .login("h.corp/a/b", "ab", "p")
        .write(named);
    assertThat(user(named("h.corp", "a/b/c"))).isEqualTo("abc");
    assertThat(user(named("h.corp", "a/b/d"))).isEqualTo("ab");
    assertThat(user(named("h.corp", "a/bb"))).isEqualTo("a");
    assertThat(user(named("h.corp", "aa"))).isEqualTo("all");
  }

  @Test
  void theUsualSpellingGoesBeforeOthers() throws Exception {
    new AuthJson()
        .login("https://h.corp/v1/", "old", "p")
        .login("h.corp", "new", "p")
        .login("index.docker.io", "some", "p")
        .login("docker.io", "podman", "p")
        .login(HUB_URL, "docker", "p")
        .write(named);
    assertThat(user(named("h.corp", "x"))).isEqualTo("new");
    assertThat(user(named("docker.io", "x"))).isEqualTo("docker");
    new AuthJson()
        .login("index.docker.io", "some", "p")
        .login("docker.io", "podman", "p")
        .marker(HUB_URL)
        .write(named);
    assertThat(user(named("docker.io", "x"))).isEqualTo("podman");
  }

  @Test
  void ofAKeyThatIsThereTwiceTheLastCounts() throws Exception {
    String first = AuthJson.base64("first:p");
    String last = AuthJson.base64("last:p");
    Files.writeString(
        named,
        "{\"auths\":{\"a.corp\":{\"auth\":\"%s\"},\"a.corp\":{\"auth\":\"%s\"}}}"
            .formatted(first, last));
    assertThat(user(named("a.corp", "x"))).isEqualTo("last");
  }

  @Test
  void membersAreKnownInAnyCaseAsGoKnowsThem() throws Exception {
    Files.writeString(
        named, "{\"Auths\":{\"a.corp\":{\"Auth\":\"%s\"}}}".formatted(AuthJson.base64("me:p")));
    assertThat(user(named("a.corp", "x"))).isEqualTo("me");
  }

  @Test
  void aByteOrderMarkDoesNotMatter() throws Exception {
    Files.writeString(named, "\ufeff" + new AuthJson().login("a.corp", "me", "p"));
    assertThat(user(named("a.corp", "x"))).isEqualTo("me");
  }

  @Test
  void passwordsMayHoldAnything() throws Exception {
    new AuthJson().login("a.corp", "me", "a:b:ä €").write(named);
    assertThat(named("a.corp", "x"))
        .isEqualTo(new Credentials.Password(named.toString(), "me", "a:b:ä €"));
    new AuthJson().login("a.corp", "me", "secret\0\0").write(named);
    assertThat(named("a.corp", "x"))
        .isEqualTo(new Credentials.Password(named.toString(), "me", "secret"));
    new AuthJson().login("a.corp", "me", "").write(named);
    assertThat(named("a.corp", "x"))
        .isEqualTo(new Credentials.Password(named.toString(), "me", ""));
  }

  @Test
  void base64MayHaveLineBreaks() throws Exception {
    byte[] text = ("me:" + "p".repeat(100)).getBytes(StandardCharsets.UTF_8);
    new AuthJson().auth("a.corp", Base64.getMimeEncoder().encodeToString(text)).write(named);
    assertThat(user(named("a.corp", "x"))).isEqualTo("me");
  }

  @Test
  void aPasswordMayBeWrittenPlainly() throws Exception {
    new AuthJson()
        .member("a.corp", "username", "me")
        .member("a.corp", "password", "p")
        .write(named);
    assertThat(named("a.corp", "x"))
        .isEqualTo(new Credentials.Password(named.toString(), "me", "p"));
    new AuthJson().member("a.corp", "username", "me").write(named);
    assertThat(named("a.corp", "x")).isInstanceOf(Credentials.None.class);
  }

  @Test
  void tokensGoBeforePasswords() throws Exception {
    AuthJson json =
        new AuthJson()
            .login("a.corp", "00000000-0000-0000-0000-000000000000", "")
            .member("a.corp", "identitytoken", "identity");
    json.write(named);
    assertThat(named("a.corp", "x"))
        .isEqualTo(new Credentials.IdentityToken(named.toString(), "identity"));
    json.member("a.corp", "registrytoken", "registry").write(named);
    assertThat(named("a.corp", "x"))
        .isEqualTo(new Credentials.RegistryToken(named.toString(), "registry"));
  }

  @Test
  void nothingIsInAnEntryThatOnlyMarks() throws Exception {
    Files.writeString(
        named, "{\"auths\":{\"a.corp\":{},\"b.corp\":null,\"c.corp\":{\"email\":\"e\"}}}");
    for (String registry : new String[] {"a.corp", "b.corp", "c.corp"}) {
      assertThat(named(registry, "x"))
          .isEqualTo(new Credentials.None(named.toString(), Optional.empty()));
    }
    Files.writeString(named, "{\"auths\":null,\"credHelpers\":null,\"credsStore\":null}");
    assertThat(named("a.corp", "x")).isInstanceOf(Credentials.None.class);
  }

  @Test
  void theProgramOfARegistryGoesBeforeTheStoreAndTheStoreBeforeEntries() throws Exception {
    programs.knowing("own", "a.corp", "own", "p").knowing("store", "b.corp", "store", "p");
    docker(
        new AuthJson()
            .program("a.corp", "own")
            .program("c.corp", "")
            .store("store")
            .login("a.corp", "entry", "p")
            .login("b.corp", "entry", "p")
            .login("c.corp", "entry", "p"));
    assertThat(ofUser("a.corp", "x"))
        .isEqualTo(new Credentials.Password("docker-credential-own", "own", "p"));
    assertThat(user(ofUser("b.corp", "x"))).isEqualTo("store");
    assertThat(user(ofUser("c.corp", "x"))).isEqualTo("entry");
  }

  @Test
  void whereTheProgramHasNothingTheEntryDoesNotCount() throws Exception {
    programs.knowing("store", "b.corp", "store", "p");
    docker(new AuthJson().store("store").login("a.corp", "entry", "p"));
    assertThat(problem(ofUser("a.corp", "x"))).isEmpty();
    Path config = home.resolve(".config/containers/auth.json");
    new AuthJson().login("a.corp", "podman", "p").write(config);
    assertThat(user(ofUser("a.corp", "x"))).isEqualTo("podman");
  }

  @Test
  void whereTheProgramFailsTheEntryCounts() throws Exception {
    docker(new AuthJson().store("desktop").login("a.corp", "entry", "p"));
    assertThat(user(ofUser("a.corp", "x"))).isEqualTo("entry");
    assertThat(problem(ofUser("b.corp", "x")))
        .isEqualTo(
            "docker-credential-desktop is not on the PATH: install it, or log in without it"
                + " (~/.docker/config.json names it)");
  }

  @Test
  void aProgramThatFailsDoesNotFailTheScanEvenInANamedFile() throws Exception {
    programs.add("x", "echo hidden; exit 1");
    new AuthJson().program("a.corp", "x").program("b.corp", "../x").write(named);
    assertThat(problem(named("a.corp", "x"))).contains("docker-credential-x failed");
    assertThat(problem(named("b.corp", "x"))).contains("has a name that no program has");
  }

  @ParameterizedTest
  @ValueSource(strings = {HUB_URL, "docker.io", "index.docker.io"})
  void programsKnowDockerHubAsDockerCallsIt(String key) throws Exception {
    programs.knowing("x", HUB_URL, "me", "p");
    docker(new AuthJson().program(key, "x"));
    assertThat(user(ofUser("docker.io", "library/centos"))).isEqualTo("me");
  }

  @Test
  void programsMayKnowDockerHubAsPodmanCallsIt() throws Exception {
    programs.knowing("x", "docker.io", "me", "p");
    docker(new AuthJson().program("docker.io", "x"));
    assertThat(user(ofUser("docker.io", "library/centos"))).isEqualTo("me");
  }

  @Test
  void programsAreForWholeRegistriesOnly() throws Exception {
    programs.knowing("x", "a.corp", "me", "p");
    docker(new AuthJson().program("a.corp/team", "x"));
    assertThat(ofUser("a.corp", "team/app")).isInstanceOf(Credentials.None.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "..", "a.corp/b", "a.corp\nb.corp", "a b", "https://a.corp"})
  void namesThatAreNoneOfARegistryAreRefused(String registry) throws Exception {
    docker(new AuthJson().store("x"));
    assertThatThrownBy(() -> ofUser(registry, "x"))
        .isInstanceOf(ScanException.InvalidReference.class)
        .hasMessageNotContaining("\n");
  }

  @Test
  void noTextFormHasASecret() throws Exception {
    environment.put(
        "DOCKER_AUTH_CONFIG",
        new AuthJson().member("a.corp", "identitytoken", "hidden").toString());
    assertThat(ofUser("a.corp", "x").toString()).isEqualTo("IdentityToken[DOCKER_AUTH_CONFIG]");
  }

  private Credentials named(String registry, String repository) throws Exception {
    return AuthFiles.named(named, "--authfile", environment).find(registry, repository);
  }

  private Credentials ofUser(String registry, String repository) throws Exception {
    return AuthFiles.ofUser(environment, home).find(registry, repository);
  }

  private void docker(Object json) throws IOException {
    Path file = home.resolve(".docker/config.json");
    Files.createDirectories(file.getParent());
    Files.writeString(file, json.toString());
  }

  private static String user(Credentials found) {
    assertThat(found).isInstanceOf(Credentials.Password.class);
    return ((Credentials.Password) found).username();
  }

  private static String problem(Credentials found) {
    assertThat(found).isInstanceOf(Credentials.None.class);
    return ((Credentials.None) found).problem().orElse("");
  }
}
