package dev.imgcompat.core.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imgcompat.core.image.ScanException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Certificates where docker and podman keep them. */
class CertificateDirectoriesTest {
  @TempDir private Path top;
  private Path first;
  private Path second;
  private CertificateDirectories directories;

  @BeforeEach
  void makeRoots() {
    first = top.resolve("first");
    second = top.resolve("second");
    directories = new CertificateDirectories(List.of(first, second));
  }

  @Test
  void aRegistryWithoutDirectoryHasNothing() throws Exception {
    file(first, "registry.corp", "ca.crt");
    assertThat(directories.of("registry.corp:5000"))
        .isEqualTo(new CertificateDirectories.Found(List.of(), Optional.empty()));
    assertThat(directories.of("registry.corp.evil").authorities()).isEmpty();
    assertThat(directories.of("registry").authorities()).isEmpty();
  }

  @Test
  void authoritiesComeInTheOrderOfTheirNames() throws Exception {
    Path b = file(first, "registry.corp:5000", "b.crt");
    Path a = file(first, "registry.corp:5000", "a.crt");
    Path c = file(second, "registry.corp:5000", "0.crt");
    file(first, "registry.corp:5000", "README");
    file(first, "registry.corp:5000", "old.crt.bak");
    assertThat(directories.of("registry.corp:5000").authorities()).containsExactly(a, b, c);
  }

  @Test
  void ofSeveralIdentitiesTheFirstByNameIsTaken() throws Exception {
    file(first, "[::1]:5000", "z.cert");
    file(first, "[::1]:5000", "z.key");
    Path certificate = file(first, "[::1]:5000", "a.cert");
    Path key = file(first, "[::1]:5000", "a.key");
    file(second, "[::1]:5000", "0.cert");
    file(second, "[::1]:5000", "0.key");
    assertThat(directories.of("[::1]:5000").identity())
        .contains(new ClientIdentity(certificate, key));
  }

  @Test
  void anIdentityOfALaterDirectoryIsTakenWhereTheFirstHasNone() throws Exception {
    file(first, "docker.io", "ca.crt");
    Path certificate = file(second, "docker.io", "me.cert");
    Path key = file(second, "docker.io", "me.key");
    assertThat(directories.of("docker.io").identity())
        .contains(new ClientIdentity(certificate, key));
  }

  @Test
  void aCertificateWithoutItsKeyIsRefused() throws Exception {
    file(first, "docker.io", "a.cert");
    file(first, "docker.io", "a.key");
    Path lonely = file(first, "docker.io", "b.cert");
    assertThatThrownBy(() -> directories.of("docker.io"))
        .isInstanceOf(ScanException.Unreadable.class)
        .hasMessage(
            lonely
                + " has no b.key beside it: add the key, or name it *.crt if it is an authority");
  }

  @Test
  void aKeyWithoutItsCertificateIsRefused() throws Exception {
    Path lonely = file(first, "docker.io", "client.key");
    file(first, "docker.io", "client.crt");
    assertThatThrownBy(() -> directories.of("docker.io"))
        .isInstanceOf(ScanException.Unreadable.class)
        .hasMessage(
            lonely + " has no client.cert beside it: add the certificate, or remove the key");
  }

  @Test
  void aFileInTheDirectorysPlaceIsNamed() throws Exception {
    Files.createDirectories(first);
    Path file = Files.writeString(first.resolve("docker.io"), "");
    assertThatThrownBy(() -> directories.of("docker.io"))
        .isInstanceOf(ScanException.Unreadable.class)
        .hasMessageStartingWith(file + " is not a directory");
  }

  @Test
  void aRootThatIsNoDirectoryHasNothing() throws Exception {
    Files.writeString(first, "");
    Path authority = file(second, "docker.io", "ca.crt");
    assertThat(directories.of("docker.io").authorities()).containsExactly(authority);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "..",
        "../second/docker.io",
        "/etc",
        "docker.io/..",
        "docker.io\0",
        "docker.io\n",
        "a\\b",
        "a:b",
        "host:5000:5000",
        "[..]/x",
        "-x"
      })
  void noNameLeadsOutOfTheRoot(String registry) throws Exception {
    file(second, "docker.io", "ca.crt");
    Files.createDirectories(first);
    assertThatThrownBy(() -> directories.of(registry))
        .isInstanceOf(ScanException.InvalidReference.class)
        .hasMessageNotContaining("\n");
  }

  @Test
  void theUsersOwnComeFirst() throws Exception {
    Path authority = file(top.resolve(".config/containers/certs.d"), "test.invalid", "ca.crt");
    assertThat(CertificateDirectories.ofUser(top).of("test.invalid").authorities())
        .containsExactly(authority);
  }

  private static Path file(Path root, String registry, String name) throws IOException {
    Path directory = Files.createDirectories(root.resolve(registry));
    return Files.writeString(directory.resolve(name), "");
  }
}
