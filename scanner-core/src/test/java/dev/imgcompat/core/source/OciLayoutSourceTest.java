package dev.imgcompat.core.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.image.Image;
import dev.imgcompat.core.image.ImageReference;
import dev.imgcompat.core.image.ImageSource;
import dev.imgcompat.core.image.PlatformRequest;
import dev.imgcompat.core.image.ScanException;
import dev.imgcompat.core.registry.ForeignLayers;
import dev.imgcompat.core.testing.LayerBuilder;
import dev.imgcompat.core.testing.LayoutBuilder;
import dev.imgcompat.core.testing.LayoutBuilder.ImageSpec;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OciLayoutSourceTest extends ImageSourceContract {
  @TempDir private Path directory;
  private final LayoutBuilder layout = new LayoutBuilder();
  private Digest image;

  @BeforeEach
  void write() {
    image = layout.image("it", spec());
    layout.write(directory);
  }

  @Override
  ImageSource source() {
    return new OciLayoutSource(ForeignLayers.NOT_ALLOWED);
  }

  @Override
  String present() {
    return "oci:" + directory + ":it";
  }

  @Override
  String absent() {
    return "oci:" + directory + ":other";
  }

  private List<Image> resolve(String suffix, PlatformRequest platforms) throws Exception {
    return source().resolve(ImageReference.parse("oci:" + directory + suffix), platforms, passing);
  }

  private List<Image> resolve(String suffix) throws Exception {
    return resolve(suffix, PlatformRequest.DEFAULT);
  }

  @Test
  void aLayoutOfOneImageNeedsNoTag() throws Exception {
    assertThat(resolve("").get(0).manifest().digest()).contains(image);
    assertThat(resolve("@" + image).get(0).manifest().digest()).contains(image);
  }

  @Test
  void aLayoutOfSeveralImagesNeedsOneAndSaysWhich() {
    layout.image("other", spec().architecture("arm64"));
    layout.write(directory);

    assertThatThrownBy(() -> resolve("")).hasMessageContaining("it, other");
    assertThatThrownBy(() -> resolve(":third")).hasMessageContaining("it, other");
  }

  @Test
  void anIndexGivesTheImageOfThePlatform() throws Exception {
    Digest index =
        layout.index(
            "multi", Map.of("linux/amd64", spec(), "linux/386", spec().architecture("386")));
    layout.write(directory);

    Image amd64 = resolve(":multi").get(0);
    assertThat(amd64.manifest().indexDigest()).contains(index);
    assertThat(amd64.manifest().platform().toString()).isEqualTo("linux/amd64");
    assertThat(
            resolve(":multi", PlatformRequest.parse("linux/386"))
                .get(0)
                .manifest()
                .platform()
                .toString())
        .isEqualTo("linux/386");
    assertThat(resolve(":multi", PlatformRequest.ALL)).hasSize(2);
    assertThatThrownBy(() -> resolve(":multi", PlatformRequest.parse("linux/s390x")))
        .isInstanceOf(ScanException.PlatformMissing.class)
        .hasMessageContaining("linux/386, linux/amd64");
  }

  @Test
  void aSingleImageOfAnotherPlatformIsScannedAndNoted() throws Exception {
    layout.image("arm", spec().architecture("arm64"));
    layout.write(directory);

    Image arm = resolve(":arm").get(0);

    assertThat(arm.manifest().platform().toString()).isEqualTo("linux/arm64");
    assertThat(arm.notes()).singleElement().asString().contains("linux/arm64");
  }

  @Test
  void whatIsNoLayoutIsSaidToBeNone() throws Exception {
    Path empty = Files.createDirectory(directory.resolve("empty"));

    assertThatThrownBy(
            () ->
                source()
                    .resolve(
                        ImageReference.parse("oci:" + empty), PlatformRequest.DEFAULT, passing))
        .isInstanceOf(ScanException.NotAnImage.class)
        .hasMessageContaining("no index.json")
        .hasMessageNotContaining("rootfs");
    Files.createDirectory(empty.resolve("usr"));
    assertThatThrownBy(
            () ->
                source()
                    .resolve(
                        ImageReference.parse("oci:" + empty), PlatformRequest.DEFAULT, passing))
        .hasMessageContaining("rootfs:" + empty);
    assertThatThrownBy(
            () ->
                source()
                    .resolve(
                        ImageReference.parse("oci:" + directory + "/none"),
                        PlatformRequest.DEFAULT,
                        passing))
        .isInstanceOf(ScanException.NotFound.class);
  }

  /** Whoever takes it for a root file system would find no program in it. */
  @Test
  void imagesInDirectoriesOfOtherFormsAreRecognized() throws Exception {
    Path skopeo = Files.createDirectory(directory.resolve("skopeo"));
    Files.writeString(skopeo.resolve("version"), "Directory Transport Version: 1.1\n");
    Files.writeString(skopeo.resolve("manifest.json"), "{}");
    Path saved = Files.createDirectory(directory.resolve("saved"));
    Files.writeString(saved.resolve("manifest.json"), "[]");

    for (ImageSource source : List.of(source(), new DirectorySource())) {
      String transport = source instanceof DirectorySource ? "rootfs:" : "oci:";
      assertThatThrownBy(
              () ->
                  source.resolve(
                      ImageReference.parse(transport + skopeo), PlatformRequest.DEFAULT, passing))
          .isInstanceOf(ScanException.NotAnImage.class)
          .hasMessageContaining("skopeo copy dir:" + skopeo);
      assertThatThrownBy(
              () ->
                  source.resolve(
                      ImageReference.parse(transport + saved), PlatformRequest.DEFAULT, passing))
          .isInstanceOf(ScanException.NotAnImage.class)
          .hasMessageContaining("docker-archive:-");
    }
  }

  @Test
  void anArtifactBesideTheImageIsNotTheImage() throws Exception {
    String artifact = "{\"schemaVersion\":2}";
    String digest = layout.blob(artifact.getBytes(StandardCharsets.UTF_8)).value();
    Path mixed = layout.write(directory.resolve("mixed"));
    String index = Files.readString(mixed.resolve("index.json"));
    Files.writeString(
        mixed.resolve("index.json"),
        index.replace(
            "\"manifests\":[",
            "\"manifests\":[{\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\",\"digest\":\""
                + digest
                + "\",\"size\":19,\"artifactType\":\"application/x.sbom\"},"));

    assertThat(
            source()
                .resolve(ImageReference.parse("oci:" + mixed), PlatformRequest.DEFAULT, passing)
                .get(0)
                .manifest()
                .digest())
        .contains(image);
  }

  /** As containerd exports one platform of several. */
  @Test
  void aPlatformThatWasLeftOutIsMissingAndTheOthersAreThere() throws Exception {
    layout.index("multi", Map.of("linux/amd64", spec(), "linux/386", spec().architecture("386")));
    Path part = layout.write(directory.resolve("part"));
    List<Image> all =
        source()
            .resolve(ImageReference.parse("oci:" + part + ":multi"), PlatformRequest.ALL, passing);
    Digest left =
        all.stream()
            .filter(i -> i.manifest().platform().architecture().equals("386"))
            .findFirst()
            .orElseThrow()
            .manifest()
            .digest()
            .orElseThrow();
    Files.delete(part.resolve("blobs/sha256/" + left.hex()));

    List<Image> rest =
        source()
            .resolve(ImageReference.parse("oci:" + part + ":multi"), PlatformRequest.ALL, passing);

    assertThat(rest).hasSize(1);
    assertThat(rest.get(0).notes()).anySatisfy(n -> assertThat(n).contains(left.value()));
    assertThatThrownBy(
            () ->
                source()
                    .resolve(
                        ImageReference.parse("oci:" + part + ":multi"),
                        PlatformRequest.parse("linux/386"),
                        passing))
        .isInstanceOf(ScanException.PlatformMissing.class)
        .hasMessageContaining("lacks the manifest " + left);
  }

  @Test
  void aManifestThatChangedIsNotBelieved() throws Exception {
    Files.writeString(directory.resolve("blobs/sha256/" + image.hex()), "{}");

    assertThatThrownBy(() -> resolve(":it")).isInstanceOf(ScanException.DigestMismatch.class);
  }

  @Test
  void aBlobThatIsMissingIsNamed() throws Exception {
    Files.delete(directory.resolve("blobs/sha256/" + image.hex()));

    assertThatThrownBy(() -> resolve(":it"))
        .isInstanceOf(ScanException.Damaged.class)
        .hasMessageContaining(image.value());
  }

  @Test
  void anArtifactIsNoImage() {
    String config =
        "{\"mediaType\":\"application/vnd.cncf.helm.config.v1+json\",\"digest\":\""
            + layout.blob(new byte[0])
            + "\",\"size\":0}";
    layout.manifest(
        "chart",
        "application/vnd.oci.image.manifest.v1+json",
        "{\"schemaVersion\":2,\"config\":" + config + ",\"layers\":[]}");
    layout.write(directory);

    assertThatThrownBy(() -> resolve(":chart"))
        .isInstanceOf(ScanException.NotAnImage.class)
        .hasMessageContaining("helm");
  }

  @Test
  void indexesThatRepeatEachOtherEnd() {
    String index = "application/vnd.oci.image.index.v1+json";
    String inner = "{\"schemaVersion\":2,\"manifests\":[]}";
    Digest digest = layout.blob(inner.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    String entry = "{\"mediaType\":\"" + index + "\",\"digest\":\"" + digest + "\",\"size\":1}";
    layout.manifest(
        "bomb",
        index,
        "{\"schemaVersion\":2,\"manifests\":[" + entry + ("," + entry).repeat(9000) + "]}");
    layout.write(directory);

    assertThatThrownBy(() -> resolve(":bomb")).isInstanceOf(ScanException.class);
  }

  @Test
  void anEmptyImageIsAnImage() throws Exception {
    layout.image("empty", new ImageSpec().layer(new LayerBuilder()));
    layout.write(directory);

    assertThat(resolve(":empty")).hasSize(1);
  }
}
