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
import dev.imgcompat.core.testing.ElfBuilder;
import dev.imgcompat.core.testing.LayerBuilder;
import dev.imgcompat.core.testing.LayoutBuilder.ImageSpec;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DockerArchiveSourceTest {
  @TempDir private Path directory;
  private final PassedLayers passing = new PassedLayers();

  /** An archive that keeps the contract, and how its layers come. */
  abstract class Archive extends ImageSourceContract {
    private final byte[] archive;
    private final boolean inOnePass;

    Archive(byte[] archive, boolean inOnePass) {
      this.archive = archive;
      this.inOnePass = inOnePass;
    }

    @BeforeEach
    void write() throws Exception {
      Files.write(directory.resolve("it.tar"), archive);
    }

    @Override
    ImageSource source() {
      return DockerArchiveSourceTest.source(InputStream.nullInputStream());
    }

    @Override
    String present() {
      return "docker-archive:" + directory.resolve("it.tar") + ":team/it:1";
    }

    @Override
    String absent() {
      return "docker-archive:" + directory.resolve("it.tar") + ":team/it:2";
    }

    @Test
    void layersComeByOffsetWhereTheyCan() throws Exception {
      Image image =
          source()
              .resolve(ImageReference.parse(present()), PlatformRequest.DEFAULT, passing)
              .get(0);

      assertThat(image.contents())
          .hasOnlyElementsOfType(inOnePass ? LayerContent.Known.class : LayerContent.Blob.class);
    }
  }

  private static DockerArchiveBuilder one() {
    return new DockerArchiveBuilder().image(ImageSourceContract.spec(), "team/it:1");
  }

  @Nested
  class OfAClassicEngine extends Archive {
    OfAClassicEngine() {
      super(one().save(), false);
    }
  }

  @Nested
  class OfAnEngineWithBlobs extends Archive {
    OfAnEngineWithBlobs() {
      super(one().saveBlobs(), false);
    }
  }

  @Nested
  class OfALegacyEngine extends Archive {
    OfALegacyEngine() {
      super(one().saveLegacy(), false);
    }
  }

  @Nested
  class OfAClassicEngineCompressed extends Archive {
    OfAClassicEngineCompressed() {
      super(LayerBuilder.gzip(one().save()), true);
    }
  }

  @Nested
  class OfAnEngineWithBlobsCompressed extends Archive {
    OfAnEngineWithBlobsCompressed() {
      super(LayerBuilder.gzip(one().saveBlobs()), true);
    }
  }

  @Nested
  class OfALegacyEngineCompressed extends Archive {
    OfALegacyEngineCompressed() {
      super(LayerBuilder.gzip(one().saveLegacy()), true);
    }
  }

  @Nested
  class WithTheManifestFirstCompressed extends Archive {
    WithTheManifestFirstCompressed() {
      super(LayerBuilder.gzip(one().manifestFirst()), true);
    }
  }

  private static ImageSource source(InputStream standardInput) {
    return ArchiveSources.all(standardInput, ForeignLayers.NOT_ALLOWED).get(0);
  }

  private List<Image> resolve(byte[] archive, String suffix, PlatformRequest platforms)
      throws Exception {
    Path file = directory.resolve("a.tar");
    Files.write(file, archive);
    return source(InputStream.nullInputStream())
        .resolve(ImageReference.parse("docker-archive:" + file + suffix), platforms, passing);
  }

  private Image resolve(byte[] archive, String suffix) throws Exception {
    List<Image> images = resolve(archive, suffix, PlatformRequest.DEFAULT);
    assertThat(images).hasSize(1);
    return images.get(0);
  }

  private void readAll(Image image) throws Exception {
    for (LayerContent content : image.contents()) {
      passing.facts(content);
    }
  }

  private static ImageSpec spec(String marker) {
    return ImageSourceContract.spec().env("MARK=" + marker);
  }

  private static String mark(Image image) {
    return image.manifest().config().variable("MARK").orElseThrow();
  }

  private static byte[] several() {
    return new DockerArchiveBuilder()
        .image(spec("centos"), "centos:6.8", "centos:6")
        .image(spec("tool"), "registry.example.com:5000/team/tool:1.0")
        .image(spec("none"))
        .image(spec("other"), "other:6")
        .save();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void namesAnImageAsDockerDoes(boolean compressed) throws Exception {
    byte[] archive = compressed ? LayerBuilder.gzip(several()) : several();

    assertThat(mark(resolve(archive, ":centos:6.8"))).isEqualTo("centos");
    assertThat(mark(resolve(archive, ":docker.io/library/centos:6"))).isEqualTo("centos");
    assertThat(mark(resolve(archive, ":registry.example.com:5000/team/tool:1.0")))
        .isEqualTo("tool");
    assertThat(mark(resolve(archive, ":1.0"))).isEqualTo("tool");
    assertThat(mark(resolve(archive, ":@2"))).isEqualTo("none");
  }

  @Test
  void severalImagesNeedANameAndTheAnswerSaysWhichThereAre() {
    for (String suffix : List.of("", ":centos", ":team/tool:1.0")) {
      assertThatThrownBy(() -> resolve(several(), suffix))
          .isInstanceOf(ScanException.NotFound.class)
          .hasMessageContaining(
              "centos:6.8, centos:6, registry.example.com:5000/team/tool:1.0, @2, other:6");
    }
    assertThatThrownBy(() -> resolve(several(), ":6"))
        .isInstanceOf(ScanException.NotFound.class)
        .hasMessageContaining("several images of the tag '6'")
        .hasMessageContaining("centos:6, other:6");
    assertThatThrownBy(() -> resolve(several(), ":@4"))
        .isInstanceOf(ScanException.NotFound.class)
        .hasMessageContaining("has 4");
  }

  @Test
  void oneImageForSeveralPlatformsIsChosenByPlatform() throws Exception {
    byte[] archive =
        new DockerArchiveBuilder()
            .image(spec("arm").architecture("arm64"), "it:1")
            .image(spec("intel"), "it:1")
            .saveBlobs();

    assertThat(mark(resolve(archive, ""))).isEqualTo("intel");
    assertThat(mark(resolve(archive, ":it:1", PlatformRequest.parse("linux/arm64")).get(0)))
        .isEqualTo("arm");
    assertThat(resolve(archive, ":it:1", PlatformRequest.ALL)).hasSize(2);
    assertThatThrownBy(() -> resolve(archive, ":it:1", PlatformRequest.parse("linux/s390x")))
        .isInstanceOf(ScanException.PlatformMissing.class)
        .hasMessageContaining("linux/arm64, linux/amd64");
  }

  @Test
  void aSingleImageOfAnotherPlatformIsNoted() throws Exception {
    byte[] archive = new DockerArchiveBuilder().image(spec("a").architecture("386")).save();

    assertThat(resolve(archive, "").notes())
        .singleElement()
        .asString()
        .contains("for linux/386, not for linux/amd64");
  }

  @Test
  void theConfigIsKnownByItsDigestAndTheLayersByTheirDiffIds() throws Exception {
    for (byte[] archive : List.of(one().save(), one().saveBlobs())) {
      Image image = resolve(archive, "");

      assertThat(image.manifest().digest()).isEmpty();
      assertThat(image.manifest().configDigest()).isPresent();
      assertThat(image.manifest().layers())
          .allSatisfy(l -> assertThat(l.diffId()).contains(l.digest()));
      assertThat(image.manifest().layers())
          .extracting(l -> l.digest())
          .isEqualTo(image.manifest().config().diffIds());
    }
  }

  @Test
  void aLegacyImageHasTheDigestsOfItsFiles() throws Exception {
    List<Digest> seekable =
        resolve(one().saveLegacy(), "").manifest().layers().stream().map(l -> l.digest()).toList();
    Image passed = resolve(LayerBuilder.gzip(one().saveLegacy()), "");

    assertThat(passed.manifest().configDigest()).isEmpty();
    assertThat(passed.manifest().layers()).extracting(l -> l.digest()).isEqualTo(seekable);
  }

  @Test
  void aLegacyImageWithoutANameIsFound() throws Exception {
    byte[] one = new DockerArchiveBuilder().image(spec("a")).saveLegacy();
    assertThat(mark(resolve(one, ""))).isEqualTo("a");
    assertThat(mark(resolve(LayerBuilder.gzip(one), ""))).isEqualTo("a");

    byte[] two = new DockerArchiveBuilder().image(spec("a")).image(spec("b")).saveLegacy();
    assertThatThrownBy(() -> resolve(two, "")).hasMessageContaining("several images");
  }

  @Test
  void aCircleOfParentsEnds() {
    String id = "ab".repeat(32);
    byte[] archive =
        new LayerBuilder()
            .text(id + "/json", "{\"id\":\"" + id + "\",\"parent\":\"" + id + "\"}")
            .text("repositories", "{\"a\":{\"1\":\"" + id + "\"}}")
            .tar();

    assertThatThrownBy(() -> resolve(archive, ""))
        .isInstanceOf(ScanException.LimitExceeded.class)
        .hasMessageContaining("circle");
  }

  @Test
  void aLayerThatComesTwiceIsWrittenOnceWithALink() throws Exception {
    byte[] same = new LayerBuilder().program("bin/x", ElfBuilder.i386()).tar();
    String tar = "application/vnd.oci.image.layer.v1.tar";
    byte[] archive =
        new DockerArchiveBuilder()
            .image(new ImageSpec().layer(same, tar).layer(same, tar).layer(same, tar), "it:1")
            .save();

    for (byte[] bytes : List.of(archive, LayerBuilder.gzip(archive))) {
      Image image = resolve(bytes, "");
      assertThat(image.contents()).hasSize(3);
      readAll(image);
    }
  }

  @Test
  void standardInputIsReadOnce() throws Exception {
    ImageSource source = source(new ByteArrayInputStream(one().save()));
    ImageReference reference = ImageReference.parse("docker-archive:-:team/it:1");

    readAll(source.resolve(reference, PlatformRequest.DEFAULT, passing).get(0));
    assertThatThrownBy(() -> source.resolve(reference, PlatformRequest.DEFAULT, passing))
        .isInstanceOf(ScanException.InvalidReference.class)
        .hasMessageContaining("standard input comes once");
  }

  @Test
  void nothingOnStandardInputIsSaidToBeNothing() {
    ImageSource source = source(InputStream.nullInputStream());

    assertThatThrownBy(
            () ->
                source.resolve(
                    ImageReference.parse("docker-archive:-"), PlatformRequest.DEFAULT, passing))
        .isInstanceOf(ScanException.NotAnImage.class)
        .hasMessageContaining("is empty");
  }

  @Test
  void aPipeIsReadInOnePass() throws Exception {
    Path pipe = directory.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    Thread writer =
        new Thread(
            () -> {
              try {
                Files.write(pipe, one().save());
              } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
              }
            });
    writer.start();

    Image image =
        source(InputStream.nullInputStream())
            .resolve(
                ImageReference.parse("docker-archive:" + pipe), PlatformRequest.DEFAULT, passing)
            .get(0);
    writer.join();

    readAll(image);
    assertThat(image.contents()).hasOnlyElementsOfType(LayerContent.Known.class);
  }

  @Test
  void whatIsNoneSaysWhatItIs() {
    assertThatThrownBy(() -> resolve(new LayerBuilder().text("index.json", "{}").tar(), ""))
        .isInstanceOf(ScanException.NotAnImage.class)
        .hasMessageContaining("write oci-archive:" + directory);
    assertThatThrownBy(() -> resolve(new LayerBuilder().text("etc/passwd", "root").tar(), ""))
        .isInstanceOf(ScanException.NotAnImage.class)
        .hasMessageContaining("docker export")
        .hasMessageContaining("rootfs:");
    assertThatThrownBy(() -> resolve("neither nor".getBytes(StandardCharsets.UTF_8), ""))
        .isInstanceOf(ScanException.Damaged.class)
        .hasMessageContaining("no tar");
    assertThatThrownBy(() -> resolve(new byte[0], ""))
        .isInstanceOf(ScanException.NotAnImage.class)
        .hasMessageContaining("is empty");
  }
}
