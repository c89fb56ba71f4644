package dev.imgcompat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imgcompat.core.image.Bytes;
import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.image.ManifestDocument.MediaTypes;
import dev.imgcompat.core.testing.FakeRegistry;
import dev.imgcompat.core.testing.LayerBuilder;
import dev.imgcompat.core.testing.LayoutBuilder;
import dev.imgcompat.core.testing.ManifestBuilder;
import dev.imgcompat.core.testing.Schema1Builder;
import dev.imgcompat.core.testing.Tool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A scan of an image in a registry is of the image that skopeo would copy from there. */
class SkopeoRegistryIT {
  private static final String REPOSITORY = "team/it";

  @TempDir private Path work;
  private final FakeRegistry registry = new FakeRegistry();
  private final LayoutBuilder layout = new LayoutBuilder();
  private final PlainPort port = new PlainPort(registry.name());
  private int served;

  @BeforeEach
  void skopeoIsThere() {
    Tool.assumeInstalled("skopeo", "skopeo");
  }

  @AfterEach
  void stop() throws Exception {
    port.close();
    registry.close();
  }

  private static LayerBuilder layer(String text) {
    return new LayerBuilder().text("etc/text", text);
  }

  private static ManifestBuilder docker(String platform) {
    return ManifestBuilder.docker().platform(platform).layer(layer(platform));
  }

  private static ManifestBuilder oci(String platform) {
    return ManifestBuilder.oci().platform(platform).layer(layer("base")).layer(layer(platform));
  }

  private String serve(Digest manifest) {
    String tag = "t" + served++;
    registry.serve(REPOSITORY, tag, layout, manifest);
    return port.name() + "/" + REPOSITORY + ":" + tag;
  }

  private JsonNode scan(String image, String platform) {
    return Run.of(work, "scan", "-o", "json", "--platform", platform, image).image();
  }

  private static List<String> layers(JsonNode scanned) {
    return scanned.at("/facts/layers").valueStream().map(l -> l.path("digest").asString()).toList();
  }

  /** The layers in which there is something. */
  private static List<String> layersOf(JsonNode inspected) {
    String empty = Bytes.digest(Schema1Builder.EMPTY).value();
    return inspected
        .path("Layers")
        .valueStream()
        .map(JsonNode::asString)
        .filter(l -> !l.equals(empty))
        .toList();
  }

  private void compare(String image, String platform) throws Exception {
    String digest = compareContents(image, platform).path("digest").asString();

    assertThat(digest).isEqualTo(new Skopeo(image, platform, work).digest());
  }

  /** Compares all but the digest, since skopeo copies nothing out of a nested index. */
  private JsonNode compareContents(String image, String platform) throws Exception {
    Skopeo skopeo = new Skopeo(image, platform, work);
    JsonNode scanned = scan(image, platform);
    JsonNode inspected = skopeo.inspect().orElseThrow();
    JsonNode config = skopeo.inspect("--config").orElseThrow();

    assertThat(scanned.path("error").isNull()).as(scanned.toString()).isTrue();
    assertThat(layers(scanned)).isNotEmpty().isEqualTo(layersOf(inspected));
    String variant = config.path("variant").asString("");
    assertThat(scanned.path("platform").asString())
        .isEqualTo(
            config.path("os").asString()
                + "/"
                + config.path("architecture").asString()
                + (variant.isEmpty() ? "" : "/" + variant));
    assertThat(scanned.path("platform").asString())
        .startsWith(
            inspected.path("Os").asString() + "/" + inspected.path("Architecture").asString());
    return scanned;
  }

  @Test
  void singleManifests() throws Exception {
    compare(serve(docker("linux/amd64").into(layout, "docker")), "linux/amd64");
    compare(serve(oci("linux/arm64/v8").into(layout, "oci")), "linux/arm64");
  }

  @Test
  void manifestsOfSchema1() throws Exception {
    Schema1Builder image =
        new Schema1Builder()
            .layer(layer("one").gzip())
            .throwaway()
            .layer(layer("two").gzip())
            .layer(layer("one").gzip())
            .repeated(layer("three").gzip())
            .throwaway()
            .command("/bin/x");
    String name = serve(image.into(layout).digest());
    String tag = name.substring(name.lastIndexOf(':') + 1);
    for (byte[] manifest : List.of(image.signed(), image.unsigned())) {
      registry.manifest(REPOSITORY, tag, image.digest(), manifest);

      compare(name, "linux/amd64");
      compare(port.name() + "/" + REPOSITORY + "@" + image.digest(), "linux/amd64");

      Path raw = Files.write(work.resolve("raw"), manifest);
      assertThat(scan(name, "linux/amd64").path("digest").asString())
          .isEqualTo(new Skopeo(name, "linux/amd64", work).manifestDigest(raw));
    }
  }

  @Test
  void nestedIndexes() throws Exception {
    Digest inner =
        ManifestBuilder.index()
            .image(oci("linux/arm/v7"), layout, "linux/arm/v7")
            .image(oci("linux/386"), layout, "linux/386")
            .blob(layout);
    Digest outer =
        ManifestBuilder.index()
            .entry(MediaTypes.OCI_INDEX, inner, layout, "")
            .image(oci("linux/amd64"), layout, "linux/amd64")
            .into(layout, "nested");
    String image = serve(outer);

    compare(image, "linux/amd64");
    for (String platform : List.of("linux/386", "linux/arm", "linux/arm/v8")) {
      String digest = compareContents(image, platform).path("digest").asString();
      String alone = image.substring(0, image.lastIndexOf(':')) + "@" + digest;
      assertThat(layersOf(new Skopeo(alone, platform, work).inspect().orElseThrow()))
          .isEqualTo(layers(scan(image, platform)));
    }
  }

  @Test
  void whateverVariantsThereAreTheSameOneIsChosen() throws Exception {
    List<String> images = new ArrayList<>();
    for (String platforms :
        List.of(
            "arm/v5 arm/v6 arm/v7 arm64/v8",
            "arm/v8 arm/v7 arm arm64 amd64",
            "arm64/v8 arm64 arm/v6 arm/v5",
            "arm arm/v6 amd64/v2 amd64",
            "amd64/v3 amd64/v2 arm/v9")) {
      ManifestBuilder index = ManifestBuilder.index();
      ManifestBuilder list = ManifestBuilder.list();
      for (String platform : platforms.split(" ", -1)) {
        index.image(oci("linux/" + platform), layout, "linux/" + platform);
        list.image(docker("linux/" + platform), layout, "linux/" + platform);
      }
      images.add(serve(index.blob(layout)));
      images.add(serve(list.blob(layout)));
    }
    int same = 0;
    for (String image : images) {
      for (String wanted :
          List.of(
              "arm",
              "arm/v5",
              "arm/v6",
              "arm/v7",
              "arm/v8",
              "arm/v9",
              "arm64",
              "arm64/v8",
              "amd64",
              "amd64/v2",
              "amd64/v4")) {
        same += sameChoice(image, "linux/" + wanted) ? 1 : 0;
      }
    }
    assertThat(same).isGreaterThan(50);
  }

  /** Whether skopeo chose at all; if so, it chose what we did. */
  private boolean sameChoice(String image, String wanted) throws Exception {
    Optional<JsonNode> chosen = new Skopeo(image, wanted, work).inspect();
    JsonNode scanned = scan(image, wanted);
    if (chosen.isPresent()) {
      assertThat(layers(scanned)).as(wanted).isEqualTo(layersOf(chosen.get()));
    } else if (scanned.path("error").isNull()) {
      assertThat(scanned.path("notes").toString()).as(wanted).contains("closer to " + wanted);
    } else {
      assertThat(scanned.at("/error/kind").asString()).as(wanted).isEqualTo("platform-missing");
    }
    return chosen.isPresent();
  }
}
