package dev.imgcompat.core.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imgcompat.core.image.ManifestDocument.Index;
import dev.imgcompat.core.image.ManifestDocument.MediaTypes;
import dev.imgcompat.core.image.ManifestDocument.Single;
import dev.imgcompat.core.image.ScanException.WhoseMove;
import dev.imgcompat.core.testing.LayerBuilder;
import dev.imgcompat.core.testing.LayoutBuilder;
import dev.imgcompat.core.testing.ManifestBuilder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Documents that are something else than they seem, or would seem so to somebody else. */
class ManifestHostilityTest {
  private static final String DESCRIPTOR =
      "{\"digest\":\"sha256:" + "00".repeat(32) + "\",\"size\":3}";

  private final LayoutBuilder layout = new LayoutBuilder();

  private static ManifestDocument parse(String json) throws ScanException {
    return ManifestParser.manifest(json.getBytes(StandardCharsets.UTF_8), "manifest of it");
  }

  private static void refuses(Class<? extends ScanException> type, String json, String... parts) {
    assertThatThrownBy(() -> parse(json))
        .as(json)
        .isInstanceOf(type)
        .hasMessageStartingWith("manifest of it")
        .hasMessageContainingAll(parts)
        .hasMessageNotContaining("\n");
  }

  private static ManifestBuilder image() {
    return ManifestBuilder.oci().layer(new LayerBuilder().text("a", "a"));
  }

  @Test
  void aDocumentOfTwoFormsIsRefused() {
    for (String key : new String[] {"manifests", "fsLayers", "history"}) {
      refuses(ScanException.Damaged.class, image().with(key, "[]").json(layout), "ambiguous", key);
    }
    for (String key : new String[] {"config", "layers", "fsLayers"}) {
      refuses(
          ScanException.Damaged.class,
          ManifestBuilder.index().with(key, "{}").json(layout),
          "ambiguous",
          key);
    }
  }

  @Test
  void nullIsNothing() throws ScanException {
    assertThat(parse(image().with("manifests", "null").with("fsLayers", "null").json(layout)))
        .isInstanceOf(Single.class);
    assertThat(parse(ManifestBuilder.index().with("config", "null").json(layout)))
        .isInstanceOf(Index.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        MediaTypes.OCI_INDEX,
        MediaTypes.DOCKER_MANIFEST_LIST,
        MediaTypes.SCHEMA1,
        MediaTypes.SCHEMA1_SIGNED
      })
  void anImageThatSaysItIsSomethingElseIsRefused(String type) {
    refuses(
        ScanException.Damaged.class,
        image().with("mediaType", "\"" + type + "\"").json(layout),
        type);
  }

  @Test
  void anIndexThatSaysItIsSomethingElseIsRefused() {
    for (String type : new String[] {MediaTypes.OCI_MANIFEST, MediaTypes.DOCKER_MANIFEST}) {
      refuses(
          ScanException.Damaged.class,
          ManifestBuilder.index().with("mediaType", "\"" + type + "\"").json(layout),
          type);
    }
  }

  @Test
  void aDocumentOfAnUnknownTypeOrSchemaIsNoImage() {
    refuses(
        ScanException.NotAnImage.class,
        image().with("mediaType", "\"application/vnd.x+json\"").json(layout),
        "application/vnd.x+json");
    for (String version : new String[] {"3", "\"2\"", "2.5", "1e99", "[]"}) {
      refuses(
          ScanException.NotAnImage.class,
          image().with("schemaVersion", version).json(layout),
          "schemaVersion");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "mediaType,MediaType",
    "layers,Layers",
    "layers,layerſ",
    "config,CONFIG",
    "artifactType,artifacttype"
  })
  void aKeyInAnotherCaseIsRefused(String key, String other) {
    refuses(ScanException.Damaged.class, image().with(other, "null").json(layout), other, key);
  }

  @Test
  void aKeyInAnotherCaseIsRefusedFurtherDown() {
    String json = image().json(layout);
    refuses(ScanException.Damaged.class, json.replaceFirst("\"size\"", "\"Size\""), "'Size'");
    refuses(
        ScanException.Damaged.class,
        json.replace("\"layers\":[{", "\"layers\":[{\"Digest\":7,"),
        "'Digest'");
    refuses(
        ScanException.Damaged.class,
        "{\"manifests\":["
            + DESCRIPTOR.replace("}", ",\"platform\":{\"os\":\"linux\",\"OS\":\"x\"}}")
            + "]}",
        "'OS'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"Config\":{}}",
        "{\"config\":{\"entrypoint\":[\"/x\"]}}",
        "{\"config\":{\"Cmd\":[],\"CMD\":[]}}",
        "{\"rootfs\":{\"Diff_IDs\":[]}}",
        "{\"architecture\":\"a\",\"architecture\":\"b\"}",
        "{\"config\":{\"Env\":[],\"Env\":[]}}",
      })
  void aConfigThatReadsInTwoWaysIsRefused(String json) {
    assertThatThrownBy(
            () -> ManifestParser.config(json.getBytes(StandardCharsets.UTF_8), "config of it"))
        .isInstanceOf(ScanException.Damaged.class)
        .hasMessageStartingWith("config of it");
  }

  @Test
  void freeMapsMayHaveKeysOfEveryCase() throws ScanException {
    parse(image().with("annotations", "{\"a\":\"1\",\"A\":\"2\",\"Layers\":\"3\"}").json(layout));
    ManifestParser.config(
        "{\"config\":{\"Labels\":{\"cmd\":\"\",\"Cmd\":\"\"}}}".getBytes(StandardCharsets.UTF_8),
        "it");
  }

  @Test
  void aKeyThatIsThereTwiceIsRefusedWhereverItIs() {
    String json = image().json(layout);
    refuses(
        ScanException.Damaged.class, json.replaceFirst("\\{", "{\"layers\":[],"), "a key twice");
    refuses(
        ScanException.Damaged.class,
        json.replaceFirst("\\{", "{\"x\":{\"y\":1,\"y\":2},"),
        "a key twice");
  }

  @Test
  void whatFollowsTheDocumentIsRefused() {
    refuses(ScanException.Damaged.class, image().json(layout) + "{}", "not JSON");
  }

  @Test
  void sizesAreWholeNumbers() {
    for (String size : new String[] {"\"3\"", "3.5", "-1", "1e3", "99999999999999999999"}) {
      refuses(
          ScanException.Damaged.class,
          "{\"manifests\":[" + DESCRIPTOR.replace(":3}", ":" + size + "}") + "]}",
          "size");
    }
  }

  @Test
  void aMediaTypeOfThousandsOfCharactersIsNotRepeated() {
    refuses(
        ScanException.Damaged.class,
        image().with("mediaType", "\"" + "x".repeat(9000) + "\"").json(layout),
        "9000 characters");
  }

  @Test
  void artifactsSayOfWhichTypeTheyAre() {
    String type = "application/vnd.example.sbom.v1";
    refuses(
        ScanException.NotAnImage.class,
        ManifestBuilder.oci()
            .configType("application/vnd.oci.empty.v1+json")
            .with("artifactType", "\"" + type + "\"")
            .json(layout),
        "an artifact of type " + type + ", not a container image");
    refuses(
        ScanException.NotAnImage.class, ManifestBuilder.oci().configType(type).json(layout), type);
    refuses(
        ScanException.NotAnImage.class,
        "{\"mediaType\":\"application/vnd.oci.artifact.manifest.v1+json\",\"artifactType\":\""
            + type
            + "\",\"blobs\":["
            + DESCRIPTOR
            + "]}",
        type);
    refuses(
        ScanException.NotAnImage.class,
        image()
            .layer(new byte[0], "text/spdx")
            .with("artifactType", "\"" + type + "\"")
            .json(layout),
        type);
    refuses(
        ScanException.NotAnImage.class,
        image()
            .configType("application/json")
            .with("artifactType", "\"" + type + "\"")
            .json(layout),
        type);
  }

  @Test
  void anImageMayCarryAnArtifactType() throws ScanException {
    assertThat(parse(image().with("artifactType", "\"a/b\"").json(layout)))
        .isInstanceOf(Single.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "application/octet-stream", "application/json", "text/html"})
  void configsOfEarlyRegistriesAreConfigs(String type) throws ScanException {
    assertThat(parse(image().configType(type).json(layout))).isInstanceOf(Single.class);
  }

  @Test
  void attestationsAreNoImage() {
    refuses(
        ScanException.NotAnImage.class,
        ManifestBuilder.oci().layer(new byte[0], "application/vnd.in-toto+json").json(layout),
        "attestations",
        "layer 1 of 1");
  }

  @Test
  void aLayerThatIsNoneIsNamed() {
    refuses(
        ScanException.NotAnImage.class,
        image().layer(new byte[0], "application/vnd.wasm+wasm").json(layout),
        "layer 2 of 2 is of type application/vnd.wasm+wasm");
  }

  @Test
  void anEncryptedLayerIsNamedAndTheUserCanDoSomething() {
    String type = "application/vnd.oci.image.layer.v1.tar+gzip+encrypted";

    assertThatThrownBy(() -> parse(image().layer(new byte[0], type).json(layout)))
        .isInstanceOfSatisfying(
            ScanException.Encrypted.class,
            e -> {
              assertThat(e.kind()).isEqualTo("encrypted");
              assertThat(e.whoseMove()).isEqualTo(WhoseMove.USER);
              assertThat(e.retryable()).isFalse();
            })
        .hasMessageContainingAll("layer 2 of 2 is encrypted", "before it is encrypted");
  }

  @Test
  void aDescriptorTellsItsAddressesAndArtifactType() throws ScanException {
    Index index =
        (Index)
            parse(
                "{\"manifests\":["
                    + DESCRIPTOR.replace("}", ",\"urls\":[\"https://a\"],\"artifactType\":\"a/b\"}")
                    + "]}");

    assertThat(index.manifests().get(0).urls()).containsExactly("https://a");
    assertThat(index.manifests().get(0).artifactType()).contains("a/b");
    assertThat(index.manifests().get(0).isArtifact()).isTrue();
  }
}
