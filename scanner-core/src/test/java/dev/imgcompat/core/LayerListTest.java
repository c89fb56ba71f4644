package dev.imgcompat.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.image.PlatformRequest;
import dev.imgcompat.core.testing.ElfBuilder;
import dev.imgcompat.core.testing.FakeRegistry;
import dev.imgcompat.core.testing.LayerBuilder;
import dev.imgcompat.core.testing.LayoutBuilder;
import dev.imgcompat.core.testing.LayoutBuilder.ImageSpec;
import dev.imgcompat.core.testing.ManifestBuilder;
import dev.imgcompat.core.testing.Schema1Builder;
import dev.imgcompat.core.verdict.Report.ImageReport;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Layer lists of every shape, scanned from a registry. */
class LayerListTest {
  private final FakeRegistry registry = new FakeRegistry();
  private final LayoutBuilder layout = new LayoutBuilder();

  @AfterEach
  void stop() {
    registry.close();
  }

  private ImageReport scan() throws InterruptedException {
    try (Scanner scanner = Scanner.builder().build()) {
      ScanRequest request =
          new ScanRequest(PlatformRequest.DEFAULT, List.of(scanner.rules().target("kata")), true);
      return scanner.scan(registry.name() + "/team/it:1", request, ScanListener.NONE).get(0);
    }
  }

  private ImageReport scan(ManifestBuilder image) throws InterruptedException {
    registry.serve("team/it", "1", layout, image.into(layout, "it"));
    return scan();
  }

  private static List<List<String>> programs(ImageReport report) {
    assertThat(report.error()).isEmpty();
    return report.facts().orElseThrow().elfFiles().orElseThrow().stream()
        .map(f -> f.paths())
        .toList();
  }

  private static LayerBuilder program(String path) {
    return new LayerBuilder().program(path, ElfBuilder.x86_64());
  }

  @Test
  void layersMayBeEmpty() throws Exception {
    ImageReport report =
        scan(ManifestBuilder.docker().layer(new LayerBuilder()).layer(program("bin/x")));

    assertThat(programs(report)).containsExactly(List.of("/bin/x"));
    assertThat(report.facts().orElseThrow().layers()).hasSize(2);
  }

  @Test
  void theSameLayerMayComeTwiceAndIsFetchedOnce() throws Exception {
    ImageReport report =
        scan(
            ManifestBuilder.oci()
                .layer(program("bin/x"))
                .layer(new LayerBuilder().whiteout("bin/x"))
                .layer(program("bin/x")));

    assertThat(programs(report)).containsExactly(List.of("/bin/x"));
    assertThat(registry.requests().stream().filter(r -> r.contains("/blobs/")).distinct())
        .hasSize(3);
    assertThat(registry.requests().stream().filter(r -> r.contains("/blobs/"))).hasSize(3);
  }

  @Test
  void anImageMayHaveHundredsOfLayers() throws Exception {
    ManifestBuilder image = ManifestBuilder.docker();
    for (int i = 0; i < 250; i++) {
      image.layer(program("bin/" + i));
    }

    assertThat(programs(scan(image))).hasSize(250);
  }

  private ImageReport stating(byte[] blob, String mediaType) throws InterruptedException {
    LayoutBuilder images = new LayoutBuilder();
    Digest image = images.image("it", new ImageSpec().layer(blob, mediaType));
    registry.serve("team/it", "1", images, image);
    return scan();
  }

  @Test
  void theBytesTellHowALayerIsCompressedAndANoteThatTheMediaTypeDoesNot() throws Exception {
    LayerBuilder layer = program("bin/x");
    byte[] tar = layer.tar();
    byte[] gzip = LayerBuilder.gzip(tar);
    byte[] zstd = layer.zstd();
    String oci = "application/vnd.oci.image.layer.v1.tar";
    String docker = "application/vnd.docker.image.rootfs.diff.tar.gzip";

    assertThat(stating(tar, oci).notes()).isEmpty();
    assertThat(stating(gzip, oci + "+gzip").notes()).isEmpty();
    assertThat(stating(gzip, docker).notes()).isEmpty();
    assertThat(stating(zstd, oci + "+zstd").notes()).isEmpty();
    assertThat(stating(zstd, "").notes()).isEmpty();
    for (ImageReport report :
        List.of(
            stating(tar, docker),
            stating(gzip, oci),
            stating(zstd, docker),
            stating(gzip, oci + "+zstd"))) {
      assertThat(programs(report)).containsExactly(List.of("/bin/x"));
      assertThat(report.notes())
          .singleElement()
          .asString()
          .startsWith("layer sha256:")
          .contains(", where its media type says ")
          .endsWith(": a runtime may refuse this image");
    }
  }

  @Test
  void anImageMayHaveNone() throws Exception {
    ImageReport report = scan(ManifestBuilder.oci());

    assertThat(programs(report)).isEmpty();
    assertThat(report.notes()).anySatisfy(n -> assertThat(n).contains("no ELF file"));
  }

  @Test
  void layersWhoseSizesNobodyKnowsAreRead() throws Exception {
    Schema1Builder image =
        new Schema1Builder()
            .layer(program("bin/x").gzip())
            .throwaway()
            .layer(program("bin/y").gzip())
            .command("/bin/y");
    image.into(layout);
    registry.serve("team/it", "none", layout, image.digest());
    registry.manifest("team/it", "1", image.digest(), image.signed());

    ImageReport report = scan();

    assertThat(programs(report)).containsExactly(List.of("/bin/x"), List.of("/bin/y"));
    assertThat(report.digest()).contains(image.digest());
    assertThat(report.facts().orElseThrow().layers())
        .allSatisfy(layer -> assertThat(layer.bytes()).isPositive());
  }
}
