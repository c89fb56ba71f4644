package dev.imgcompat.core.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.image.Image;
import dev.imgcompat.core.image.ImageReference;
import dev.imgcompat.core.image.ImageSource;
import dev.imgcompat.core.image.LayerContent;
import dev.imgcompat.core.image.PlatformRequest;
import dev.imgcompat.core.image.ScanException;
import dev.imgcompat.core.registry.ForeignLayers;
import dev.imgcompat.core.testing.DockerArchiveBuilder;
import dev.imgcompat.core.testing.LayerBuilder;
import dev.imgcompat.core.testing.LayoutBuilder;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OciArchiveSourceTest {
  @TempDir private Path directory;
  private final PassedLayers passing = new PassedLayers();
  private final LayoutBuilder layout = new LayoutBuilder();
  private final Digest image = layout.image("it", ImageSourceContract.spec());

  /** An archive that keeps the contract. */
  abstract class Archive extends ImageSourceContract {
    @BeforeEach
    void write() throws Exception {
      Files.write(directory.resolve("it.tar"), archive());
    }

    abstract byte[] archive();

    @Override
    ImageSource source() {
      return OciArchiveSourceTest.source(InputStream.nullInputStream());
    }

    @Override
    String present() {
      return "oci-archive:" + directory.resolve("it.tar") + ":it";
    }

    @Override
    String absent() {
      return "oci-archive:" + directory.resolve("it.tar") + ":other";
    }
  }

  @Nested
  class Uncompressed extends Archive {
    @Override
    byte[] archive() {
      return layout.archive();
    }
  }

  @Nested
  class Compressed extends Archive {
    @Override
    byte[] archive() {
      return LayerBuilder.gzip(layout.archive());
    }
  }

  private static ImageSource source(InputStream standardInput) {
    return ArchiveSources.all(standardInput, ForeignLayers.NOT_ALLOWED).get(1);
  }

  private List<Image> resolve(byte[] archive, String suffix, PlatformRequest platforms)
      throws Exception {
    Path file = directory.resolve("a.tar");
    Files.write(file, archive);
    return source(InputStream.nullInputStream())
        .resolve(ImageReference.parse("oci-archive:" + file + suffix), platforms, passing);
  }

  private Image resolve(byte[] archive, String suffix) throws Exception {
    return resolve(archive, suffix, PlatformRequest.DEFAULT).get(0);
  }

  @Test
  void theManifestKeepsItsDigest() throws Exception {
    for (byte[] archive : List.of(layout.archive(), LayerBuilder.gzip(layout.archive()))) {
      assertThat(resolve(archive, "").manifest().digest()).contains(image);
      assertThat(resolve(archive, "@" + image).manifest().digest()).contains(image);
    }
  }

  @Test
  void anIndexGivesTheImageOfThePlatform() throws Exception {
    Digest index =
        layout.index(
            "multi",
            Map.of(
                "linux/amd64",
                ImageSourceContract.spec(),
                "linux/386",
                ImageSourceContract.spec().architecture("386")));

    Image found = resolve(layout.archive(), ":multi", PlatformRequest.parse("linux/386")).get(0);

    assertThat(found.manifest().indexDigest()).contains(index);
    assertThat(found.manifest().platform()).hasToString("linux/386");
    assertThat(resolve(layout.archive(), ":multi", PlatformRequest.ALL)).hasSize(2);
  }

  @Test
  void containerdNamesImagesInFull() throws Exception {
    String manifest =
        new String(layout.files().get("blobs/sha256/" + image.hex()), StandardCharsets.UTF_8);
    String index =
        "{\"schemaVersion\":2,\"manifests\":[%s,%s]}"
            .formatted(exported(manifest, "a/tool", image), exported(manifest, "b/tool", image));
    byte[] archive = withIndex(index);

    assertThat(resolve(archive, ":b/tool:1").manifest().digest()).contains(image);
    assertThat(resolve(archive, ":1").manifest().digest()).contains(image);
    assertThatThrownBy(() -> resolve(archive, ":c/tool:1"))
        .isInstanceOf(ScanException.NotFound.class)
        .hasMessageContaining("docker.io/a/tool:1, docker.io/b/tool:1");
  }

  @Test
  void aTagOfSeveralImagesIsNotGuessed() {
    Digest other = layout.image("other", ImageSourceContract.spec().command("/bin/y"));
    String manifest =
        new String(layout.files().get("blobs/sha256/" + image.hex()), StandardCharsets.UTF_8);
    String index =
        "{\"schemaVersion\":2,\"manifests\":[%s,%s]}"
            .formatted(exported(manifest, "a/tool", image), exported(manifest, "b/tool", other));

    assertThatThrownBy(() -> resolve(withIndex(index), ":1"))
        .isInstanceOf(ScanException.NotFound.class)
        .hasMessageContaining("several images of the tag '1'")
        .hasMessageContaining("docker.io/a/tool:1, docker.io/b/tool:1");
  }

  private static String exported(String manifest, String name, Digest digest) {
    return ("{\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\",\"digest\":\"%s\","
            + "\"size\":%d,\"annotations\":{\"io.containerd.image.name\":\"docker.io/%s:1\","
            + "\"org.opencontainers.image.ref.name\":\"1\"}}")
        .formatted(digest, manifest.length(), name);
  }

  private byte[] withIndex(String index) {
    LayerBuilder tar = new LayerBuilder();
    layout
        .files()
        .forEach(
            (path, bytes) ->
                tar.file(
                    path,
                    0644,
                    path.equals("index.json") ? index.getBytes(StandardCharsets.UTF_8) : bytes));
    return tar.tar();
  }

  @Test
  void aLayerThatIsKnownIsNotReadAgainFromAStream() throws Exception {
    byte[] archive = layout.archive();
    for (LayerContent content : resolve(LayerBuilder.gzip(archive), "").contents()) {
      assertThat(content).isInstanceOf(LayerContent.Known.class);
    }
    assertThat(passing.subjects()).hasSize(2);

    Image again =
        source(new ByteArrayInputStream(archive))
            .resolve(ImageReference.parse("oci-archive:-"), PlatformRequest.DEFAULT, passing)
            .get(0);

    assertThat(again.contents()).hasOnlyElementsOfType(LayerContent.Known.class);
    assertThat(passing.subjects()).hasSize(2);
  }

  @Test
  void aBlobThatChangedIsNotBelieved() throws Exception {
    LayerBuilder tar = new LayerBuilder();
    layout
        .files()
        .forEach(
            (path, bytes) ->
                tar.file(
                    path,
                    0644,
                    path.endsWith(image.hex()) ? "{}".getBytes(StandardCharsets.UTF_8) : bytes));
    byte[] archive = tar.tar();

    assertThatThrownBy(() -> resolve(archive, "")).isInstanceOf(ScanException.DigestMismatch.class);
    assertThatThrownBy(() -> resolve(LayerBuilder.gzip(archive), ""))
        .isInstanceOf(ScanException.DigestMismatch.class);
  }

  @Test
  void anArchiveOfDockerIsSaidToBeOne() {
    byte[] archive = new DockerArchiveBuilder().image(ImageSourceContract.spec(), "it:1").save();

    assertThatThrownBy(() -> resolve(archive, ""))
        .isInstanceOf(ScanException.NotAnImage.class)
        .hasMessageContaining("write docker-archive:" + directory);
  }
}
