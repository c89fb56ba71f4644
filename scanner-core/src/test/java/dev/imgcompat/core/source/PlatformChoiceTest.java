package dev.imgcompat.core.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imgcompat.core.image.Descriptor;
import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.image.Image;
import dev.imgcompat.core.image.ImageReference;
import dev.imgcompat.core.image.Layer;
import dev.imgcompat.core.image.LayerContent;
import dev.imgcompat.core.image.ManifestDocument.MediaTypes;
import dev.imgcompat.core.image.PlatformRequest;
import dev.imgcompat.core.image.ScanException;
import dev.imgcompat.core.registry.ForeignLayers;
import dev.imgcompat.core.testing.LayoutBuilder;
import dev.imgcompat.core.testing.ManifestBuilder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which image of an index is taken, and what is said of it. */
class PlatformChoiceTest {
  @TempDir private Path directory;
  private final LayoutBuilder layout = new LayoutBuilder();

  private static ManifestBuilder image(String platform) {
    return ManifestBuilder.oci().platform(platform).with("annotations", "{\"n\":\"1\"}");
  }

  private ManifestBuilder index(String... platforms) {
    ManifestBuilder index = ManifestBuilder.index();
    for (String platform : platforms) {
      index.image(image(platform), layout, platform);
    }
    return index;
  }

  private List<Image> resolve(ManifestBuilder index, String platform) throws Exception {
    Digest digest = index.into(layout, "it");
    return new OciLayoutSource(ForeignLayers.NOT_ALLOWED)
        .resolve(
            ImageReference.parse("oci:" + layout.write(directory) + "@" + digest),
            PlatformRequest.parse(platform),
            new PassedLayers());
  }

  private Image one(ManifestBuilder index, String platform) throws Exception {
    List<Image> images = resolve(index, platform);
    assertThat(images).hasSize(1);
    return images.get(0);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "linux/arm/v5 linux/arm/v7 linux/arm64/v8 | linux/arm/v7 | linux/arm/v7",
        "linux/arm/v5 linux/arm/v6 linux/arm64/v8 | linux/arm/v7 | linux/arm/v6",
        "linux/arm/v5 linux/arm/v7                | linux/arm/v6 | linux/arm/v5",
        "linux/arm linux/arm/v7                   | linux/arm/v6 | linux/arm",
        "linux/arm linux/arm/v5                   | linux/arm/v6 | linux/arm/v5",
        "linux/arm/v5 linux/arm/v7 linux/arm/v6   | linux/arm    | linux/arm/v7",
        "linux/arm/v7 linux/arm                   | linux/arm    | linux/arm",
        "linux/arm64/v8                           | linux/arm64  | linux/arm64/v8",
        "linux/arm64                              | linux/arm64/v8 | linux/arm64",
        "linux/amd64/v3 linux/amd64               | linux/amd64  | linux/amd64",
        "linux/amd64 linux/amd64/v2               | linux/amd64/v3 | linux/amd64",
        "windows/amd64 linux/amd64                | linux/amd64  | linux/amd64",
      })
  void theClosestPlatformIsTaken(String there, String wanted, String taken) throws Exception {
    Image image = one(index(there.split(" ", -1)), wanted);

    assertThat(image.manifest().platform().toString()).isEqualTo(taken);
    assertThat(image.notes()).isEmpty();
  }

  @Test
  void aVariantThatNobodyKnowsIsTakenAsTheLastResortAndNoted() throws Exception {
    Image image = one(index("linux/arm64", "linux/amd64/v3", "linux/amd64/v2"), "linux/amd64");

    assertThat(image.manifest().platform().toString()).isEqualTo("linux/amd64/v2");
    assertThat(image.notes()).anySatisfy(n -> assertThat(n).contains("linux/amd64/v2"));
  }

  @Test
  void theFirstVariantOfAmd64IsWhatEveryMachineIs() throws Exception {
    Image image = one(index("linux/amd64/v3", "linux/amd64/v1"), "linux/amd64");

    assertThat(image.manifest().platform().toString()).isEqualTo("linux/amd64");
    assertThat(image.notes()).isEmpty();
  }

  @Test
  void aHigherVariantThanTheWantedOneIsNone() {
    for (String wanted : List.of("linux/arm/v6", "linux/arm/v5")) {
      assertThatThrownBy(() -> resolve(index("linux/arm/v7"), wanted))
          .isInstanceOf(ScanException.PlatformMissing.class)
          .hasMessageContaining("linux/arm/v7");
    }
  }

  @Test
  void whatIsNotThereIsMissing() {
    assertThatThrownBy(() -> resolve(index("linux/arm/v7", "linux/amd64"), "linux/386"))
        .isInstanceOf(ScanException.PlatformMissing.class)
        .hasMessageContainingAll("linux/386", "linux/arm/v7, linux/amd64");
  }

  @Test
  void aManifestWithoutPlatformComesAfterThoseThatHaveTheRightOne() throws Exception {
    Digest unnamed = image("linux/386").blob(layout);
    ManifestBuilder index =
        ManifestBuilder.index()
            .entry(MediaTypes.OCI_MANIFEST, unnamed, layout, "")
            .image(image("linux/arm/v7"), layout, "linux/arm/v7");

    assertThat(one(index, "linux/arm").manifest().platform().toString()).isEqualTo("linux/arm/v7");
    Image other = one(index, "linux/amd64");
    assertThat(other.manifest().digest()).contains(unnamed);
    assertThat(other.notes())
        .singleElement()
        .isEqualTo("the image is for linux/386, not for linux/amd64");
  }

  @Test
  void aConfigOfTheArchitecturesOwnVariantIsFine() throws Exception {
    Digest image = image("linux/arm64/v8").into(layout, "it");

    assertThat(
            new OciLayoutSource(ForeignLayers.NOT_ALLOWED)
                .resolve(
                    ImageReference.parse("oci:" + layout.write(directory) + "@" + image),
                    PlatformRequest.parse("linux/arm64"),
                    new PassedLayers())
                .get(0)
                .notes())
        .isEmpty();
  }

  @Test
  void nestedIndexesAreSearched() throws Exception {
    Digest inner = index("linux/386", "linux/arm/v7").blob(layout);
    Digest middle =
        ManifestBuilder.index().entry(MediaTypes.OCI_INDEX, inner, layout, "").blob(layout);
    ManifestBuilder outer = index("linux/amd64").entry(MediaTypes.OCI_INDEX, middle, layout, "");

    assertThat(one(outer, "linux/arm/v7").manifest().platform().toString())
        .isEqualTo("linux/arm/v7");
    assertThat(resolve(outer, "all")).hasSize(3);
    assertThat(one(outer, "linux/amd64").manifest().indexDigest()).contains(outer.blob(layout));
  }

  @Test
  void ofEquallyGoodOnesTheOuterIsTaken() throws Exception {
    Digest inner =
        ManifestBuilder.list()
            .image(image("linux/amd64").with("annotations", "{}"), layout, "linux/amd64")
            .blob(layout);
    Digest direct = image("linux/amd64").blob(layout);
    ManifestBuilder outer =
        ManifestBuilder.index()
            .entry(MediaTypes.DOCKER_MANIFEST_LIST, inner, layout, "")
            .image(image("linux/amd64"), layout, "linux/amd64");

    assertThat(one(outer, "linux/amd64").manifest().digest()).contains(direct);
  }

  @Test
  void indexesThatAreTooDeepAreRefused() {
    Digest index = index("linux/amd64").blob(layout);
    for (int i = 0; i < 2; i++) {
      index = ManifestBuilder.index().entry(MediaTypes.OCI_INDEX, index, layout, "").blob(layout);
    }
    ManifestBuilder outer = ManifestBuilder.index().entry(MediaTypes.OCI_INDEX, index, layout, "");

    for (String platform : List.of("linux/amd64", "all")) {
      assertThatThrownBy(() -> resolve(outer, platform))
          .isInstanceOf(ScanException.LimitExceeded.class)
          .hasMessageContaining("nested");
    }
  }

  @Test
  void indexesOfDozensOfIndexesAreRefused() {
    ManifestBuilder outer = ManifestBuilder.index();
    for (int i = 0; i < 65; i++) {
      Digest inner =
          ManifestBuilder.index().with("annotations", "{\"n\":\"" + i + "\"}").blob(layout);
      outer.entry(MediaTypes.OCI_INDEX, inner, layout, "");
    }

    for (String platform : List.of("linux/amd64", "all")) {
      assertThatThrownBy(() -> resolve(outer, platform))
          .isInstanceOf(ScanException.LimitExceeded.class)
          .hasMessageContaining("64 indexes");
    }
  }

  @Test
  void anIndexThatIsListedAsAManifestIsRefused() {
    Digest inner = index("linux/amd64").blob(layout);
    for (String type : List.of(MediaTypes.OCI_MANIFEST, "")) {
      ManifestBuilder outer = ManifestBuilder.index().entry(type, inner, layout, "");
      for (String platform : List.of("linux/amd64", "all")) {
        assertThatThrownBy(() -> resolve(outer, platform))
            .isInstanceOf(ScanException.Damaged.class)
            .hasMessageContaining("form");
      }
    }
    Digest image = image("linux/amd64").blob(layout);
    ManifestBuilder outer = ManifestBuilder.index().entry(MediaTypes.OCI_INDEX, image, layout, "");
    assertThatThrownBy(() -> resolve(outer, "linux/amd64"))
        .isInstanceOf(ScanException.Damaged.class);
  }

  @Test
  void whatIsNoImageIsLeftOutOfAllWithANote() throws Exception {
    Digest chart = ManifestBuilder.oci().configType("application/vnd.x.helm+json").blob(layout);
    Digest sbom = image("linux/amd64").with("artifactType", "\"text/spdx\"").blob(layout);
    ManifestBuilder index =
        index("linux/amd64", "linux/386")
            .entry(MediaTypes.OCI_MANIFEST, chart, layout, "")
            .entry(MediaTypes.OCI_MANIFEST, sbom, layout, ",\"artifactType\":\"text/spdx\"");

    List<Image> images = resolve(index, "all");

    assertThat(images).hasSize(2);
    assertThat(images)
        .allSatisfy(
            image ->
                assertThat(image.notes())
                    .singleElement()
                    .asString()
                    .contains("2 other things", chart.value(), "helm"));
  }

  @Test
  void anIndexOfNothingButArtifactsIsRefusedWithTheReason() {
    Digest sbom = image("linux/amd64").blob(layout);
    ManifestBuilder index =
        ManifestBuilder.index()
            .entry(MediaTypes.OCI_MANIFEST, sbom, layout, ",\"artifactType\":\"text/spdx\"");
    Digest chart = ManifestBuilder.oci().configType("application/vnd.x.helm+json").blob(layout);
    ManifestBuilder undeclared =
        ManifestBuilder.index().entry(MediaTypes.OCI_MANIFEST, chart, layout, "");

    for (String platform : List.of("linux/amd64", "all")) {
      assertThatThrownBy(() -> resolve(index, platform))
          .isInstanceOf(ScanException.NotAnImage.class)
          .hasMessageContaining("an artifact of type text/spdx");
      assertThatThrownBy(() -> resolve(undeclared, platform))
          .isInstanceOf(ScanException.NotAnImage.class)
          .hasMessageContaining("an artifact of type application/vnd.x.helm+json");
    }
  }

  @Test
  void indexesThatContainThemselvesEnd() throws Exception {
    String self = "sha256:" + "0".repeat(64);
    byte[] index =
        ("{\"manifests\":[{\"mediaType\":\""
                + MediaTypes.OCI_INDEX
                + "\",\"size\":1,\"digest\":\""
                + self
                + "\"}]}")
            .getBytes(StandardCharsets.UTF_8);
    for (String platform : List.of("linux/amd64", "all")) {
      ManifestResolver resolver =
          new ManifestResolver(
              ImageReference.parse("oci:" + directory),
              new EndlessStore(index),
              PlatformRequest.parse(platform));
      assertThatThrownBy(() -> resolver.resolve(index, Digest.of(self)))
          .isInstanceOf(ScanException.class);
    }
  }

  /** Answers everything with the same index, as no store that looks at digests could. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record EndlessStore(byte[] index) implements ManifestStore {
    @Override
    public byte[] manifest(Descriptor descriptor) {
      return index;
    }

    @Override
    public byte[] config(Digest digest) {
      throw new AssertionError(digest);
    }

    @Override
    public LayerContent layer(Layer layer, List<String> urls) {
      throw new AssertionError(layer);
    }
  }
}
