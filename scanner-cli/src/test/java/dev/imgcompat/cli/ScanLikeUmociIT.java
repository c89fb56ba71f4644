package dev.imgcompat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imgcompat.core.testing.LayoutBuilder;
import dev.imgcompat.core.testing.LayoutBuilder.ImageSpec;
import dev.imgcompat.core.testing.MergeCases;
import dev.imgcompat.core.testing.MergeCases.MergeCase;
import dev.imgcompat.core.testing.Umoci;
import dev.imgcompat.core.testing.UnpackedTree;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A scan of an image says what a scan of the root file system says that umoci unpacks of it. */
class ScanLikeUmociIT {
  @TempDir private Path work;

  @BeforeEach
  void umociIsThere() {
    Umoci.assumeInstalled();
  }

  @Test
  void theReportOfAnImageIsThatOfItsRootFileSystem() throws Exception {
    LayoutBuilder layout = new LayoutBuilder();
    Map<String, MergeCase> cases = new TreeMap<>();
    for (MergeCase image : MergeCases.all()) {
      ImageSpec spec = new ImageSpec();
      image.layers().forEach(spec::layer);
      String tag = "case-" + cases.size();
      layout.image(tag, spec);
      cases.put(tag, image);
    }
    Path images = layout.write(work.resolve("layout"));
    for (Map.Entry<String, MergeCase> image : cases.entrySet()) {
      compare(image.getValue().name(), images, image.getKey());
    }
  }

  private void compare(String what, Path images, String tag) throws Exception {
    Umoci.Result unpacked = Umoci.unpack(images, tag, work.resolve(tag));
    assertThat(unpacked.refusal()).as(what).isEmpty();
    UnpackedTree tree = UnpackedTree.of(unpacked.rootfs());

    JsonNode ofImage = facts("oci:" + images + ":" + tag);
    JsonNode ofRootfs = facts("rootfs:" + unpacked.rootfs());

    assertThat(elfFiles(ofImage)).as(what).isEqualTo(elfFiles(ofRootfs));
    assertThat(ofImage.path("libc").path("path")).as(what).isEqualTo(ofRootfs.at("/libc/path"));
    assertThat(ofImage.path("libc").path("version"))
        .as(what)
        .isEqualTo(ofRootfs.at("/libc/version"));
    assertThat(ofImage.path("elf")).as(what).isEqualTo(ofRootfs.path("elf"));
    assertThat(ofImage.at("/elf/files").asInt()).as(what).isEqualTo(tree.files());
    assertThat(ofImage.at("/elf/class32").asInt()).as(what).isEqualTo(tree.class32());
    assertThat(ofImage.at("/elf/class32Paths").asInt()).as(what).isEqualTo(tree.class32Paths());
    UnpackedTree.delete(work.resolve(tag));
  }

  private JsonNode facts(String reference) {
    Run run =
        Run.of(
            work.resolve("cache"),
            "scan",
            "-o",
            "json",
            "--list-elf",
            "--fail-on",
            "never",
            reference);
    assertThat(run.image().path("error").isNull()).as(run.err()).isTrue();
    return run.image().path("facts");
  }

  /** Each file by its names. */
  private static List<String> elfFiles(JsonNode facts) {
    return facts.path("elfFiles").valueStream().map(f -> f.path("paths").toString()).toList();
  }
}
