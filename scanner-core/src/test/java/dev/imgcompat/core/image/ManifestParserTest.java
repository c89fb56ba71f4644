package dev.imgcompat.core.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestParserTest {
  private static final String DIGEST = "sha256:" + "00".repeat(32);
  private static final String DESCRIPTOR = "{\"digest\":\"" + DIGEST + "\",\"size\":3}";

  private static byte[] bytes(String json) {
    return json.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void readsDockerManifests() throws ScanException {
    ManifestDocument document =
        ManifestParser.manifest(
            bytes(
                "{\"schemaVersion\":2,\"config\":{\"mediaType\":\"application/vnd.docker.container.image.v1+json\","
                    + "\"digest\":\""
                    + DIGEST
                    + "\",\"size\":7},\"layers\":["
                    + DESCRIPTOR
                    + "]}"),
            "it");

    assertThat(document)
        .isInstanceOfSatisfying(
            ManifestDocument.Single.class,
            single -> {
              assertThat(single.config().size()).isEqualTo(7);
              assertThat(single.layers()).hasSize(1);
            });
  }

  @Test
  void readsIndexesAndTellsAttestations() throws ScanException {
    ManifestDocument document =
        ManifestParser.manifest(
            bytes(
                "{\"manifests\":[{\"digest\":\""
                    + DIGEST
                    + "\",\"size\":1,\"platform\":{\"os\":\"linux\",\"architecture\":\"arm\",\"variant\":\"v7\"}},"
                    + "{\"digest\":\""
                    + DIGEST
                    + "\",\"size\":1,\"platform\":{\"os\":\"unknown\",\"architecture\":\"unknown\"}}]}"),
            "it");

    assertThat(document)
        .isInstanceOfSatisfying(
            ManifestDocument.Index.class,
            index -> {
              assertThat(index.manifests().get(0).platform())
                  .contains(Platform.parse("linux/arm/v7"));
              assertThat(index.manifests().get(0).isAttestation()).isFalse();
              assertThat(index.manifests().get(1).isAttestation()).isTrue();
            });
  }

  @Test
  void readsWhatTheConfigSaysOfTheStart() throws ScanException {
    ImageConfig config =
        ManifestParser.config(
            bytes(
                "{\"os\":\"linux\",\"architecture\":\"amd64\",\"config\":{\"Env\":[\"PATH=/a:/b:rel\"],"
                    + "\"Entrypoint\":[\"/e\"],\"Cmd\":[\"c\"],\"WorkingDir\":\"/w\"},"
                    + "\"rootfs\":{\"diff_ids\":[\""
                    + DIGEST
                    + "\"]}}"),
            "it");

    assertThat(config.startCommand()).containsExactly("/e", "c");
    assertThat(config.path()).containsExactly("/a", "/b");
    assertThat(config.workingDir()).contains("/w");
    assertThat(config.diffIds()).hasSize(1);
  }

  @Test
  void aConfigMayLackEverything() throws ScanException {
    ImageConfig config = ManifestParser.config(bytes("{\"config\":null}"), "it");

    assertThat(config.startCommand()).isEmpty();
    assertThat(config.path()).contains("/usr/bin");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "<html>",
        "[]",
        "{}",
        "{\"schemaVersion\":1,\"fsLayers\":[]}",
        "{\"schemaVersion\":2,\"config\":{\"mediaType\":\"application/vnd.cncf.helm.config.v1+json\",\"digest\":\"sha256:0000000000000000000000000000000000000000000000000000000000000000\",\"size\":1},\"layers\":[]}",
        "{\"config\":{\"digest\":\"sha256:12\",\"size\":1},\"layers\":[]}",
        "{\"manifests\":[{\"digest\":\"md5:1\",\"size\":1}]}",
        "{\"manifests\":[{\"digest\":\"sha256:0000000000000000000000000000000000000000000000000000000000000000\",\"size\":-4}]}",
        "{\"manifests\":[7]}"
      })
  void refusesWhatIsNoImageAndSaysWhichBytes(String json) {
    assertThatThrownBy(() -> ManifestParser.manifest(bytes(json), "manifest of it"))
        .isInstanceOf(ScanException.class)
        .hasMessageStartingWith("manifest of it")
        .hasMessageNotContaining("\n");
  }

  @Test
  void refusesNestingWithoutEnd() {
    assertThatThrownBy(() -> ManifestParser.manifest(bytes("{\"a\":" + "[".repeat(200_000)), "it"))
        .isInstanceOf(ScanException.class);
  }
}
