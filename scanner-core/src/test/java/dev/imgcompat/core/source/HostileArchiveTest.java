package dev.imgcompat.core.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imgcompat.core.image.Image;
import dev.imgcompat.core.image.ImageReference;
import dev.imgcompat.core.image.LayerContent;
import dev.imgcompat.core.image.PlatformRequest;
import dev.imgcompat.core.image.ScanException;
import dev.imgcompat.core.layer.LayerFacts;
import dev.imgcompat.core.registry.ForeignLayers;
import dev.imgcompat.core.tar.TarReader;
import dev.imgcompat.core.testing.DockerArchiveBuilder;
import dev.imgcompat.core.testing.ElfBuilder;
import dev.imgcompat.core.testing.LayerBuilder;
import dev.imgcompat.core.testing.LayoutBuilder;
import dev.imgcompat.core.testing.LayoutBuilder.ImageSpec;
import dev.imgcompat.core.testing.TarBytes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class HostileArchiveTest {
  @TempDir private Path directory;

  /** How an archive is handed over. */
  enum Way {
    FILE,
    COMPRESSED,
    STREAM
  }

  private static ImageSpec spec() {
    return ImageSourceContract.spec();
  }

  private static byte[] docker() {
    return new DockerArchiveBuilder().image(spec(), "it:1").save();
  }

  private static byte[] oci() {
    LayoutBuilder layout = new LayoutBuilder();
    layout.image("it", spec());
    return layout.archive();
  }

  private static Map<String, byte[]> unpacked(byte[] archive) throws IOException {
    Map<String, byte[]> files = new TreeMap<>();
    try (TarArchiveInputStream tar = new TarArchiveInputStream(new ByteArrayInputStream(archive))) {
      for (TarArchiveEntry e = tar.getNextEntry(); e != null; e = tar.getNextEntry()) {
        if (e.isFile()) {
          files.put(e.getName(), tar.readAllBytes());
        }
      }
    }
    return files;
  }

  /** The archive with each of its files replaced by what the editor makes of it. */
  private static byte[] edited(byte[] archive, BiConsumer<String, List<byte[]>> editor)
      throws IOException {
    LayerBuilder tar = new LayerBuilder();
    unpacked(archive)
        .forEach(
            (path, bytes) -> {
              List<byte[]> contents = new ArrayList<>(List.of(bytes));
              editor.accept(path, contents);
              contents.forEach(content -> tar.file(path, 0644, content));
            });
    return tar.tar();
  }

  /** Resolves the one image of an archive and reads it whole. */
  private Image read(String transport, byte[] archive, Way way)
      throws ScanException, InterruptedException, IOException {
    PassedLayers passing = new PassedLayers();
    Path file = directory.resolve("a.tar");
    Files.write(file, way == Way.COMPRESSED ? LayerBuilder.gzip(archive) : archive);
    InputStream stdin = new ByteArrayInputStream(archive);
    ImageReference reference =
        ImageReference.parse(transport + (way == Way.STREAM ? "-" : file.toString()));
    Image image =
        ArchiveSources.all(stdin, ForeignLayers.NOT_ALLOWED).stream()
            .filter(s -> s.serves(reference))
            .findFirst()
            .orElseThrow()
            .resolve(reference, PlatformRequest.DEFAULT, passing)
            .get(0);
    for (LayerContent content : image.contents()) {
      LayerFacts facts = passing.facts(content);
      assertThat(facts.digest()).isPresent();
    }
    return image;
  }

  private void refused(
      byte[] archive, Way way, Class<? extends ScanException> kind, String... words) {
    assertThatThrownBy(() -> read("docker-archive:", archive, way))
        .isInstanceOf(kind)
        .satisfies(e -> List.of(words).forEach(w -> assertThat(e.getMessage()).contains(w)))
        .hasMessageNotContaining("\n");
  }

  @ParameterizedTest
  @EnumSource
  void anArchiveThatIsCutOffAnywhereIsNotReadOrWhole(Way way) throws Exception {
    for (String transport : List.of("docker-archive:", "oci-archive:")) {
      byte[] whole = transport.startsWith("docker") ? docker() : oci();
      Image image = read(transport, whole, way);
      int refused = 0;
      for (int cut = 0; cut < whole.length; cut += 300) {
        try {
          Image part = read(transport, Arrays.copyOf(whole, cut), way);
          // What comes last may be of no use.
          assertThat(part.manifest()).as("cut at %d", cut).isEqualTo(image.manifest());
        } catch (ScanException e) {
          assertThat(e.kind()).isIn("damaged", "not-an-image", "digest-mismatch");
          refused++;
        }
      }
      assertThat(refused).isGreaterThan(20);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aCompressedArchiveThatIsCutOffAnywhereIsNotRead(Way way) throws Exception {
    byte[] whole = LayerBuilder.gzip(docker());
    for (int cut = 1; cut < whole.length; cut += 50) {
      byte[] part = Arrays.copyOf(whole, cut);
      assertThatThrownBy(() -> read("docker-archive:", part, way))
          .as("cut at %d of %d", cut, whole.length)
          .isInstanceOf(ScanException.class);
    }
  }

  @Test
  void damagedArchivesFailInOneLineOrAreWhole() throws Exception {
    Random random = new Random(4);
    for (int i = 0; i < 600; i++) {
      boolean ofDocker = i % 2 == 0;
      byte[] archive = ofDocker ? docker() : oci();
      for (int n = random.nextInt(3); n >= 0; n--) {
        archive[random.nextInt(archive.length)] = (byte) random.nextInt(256);
      }
      Way way = Way.values()[i % 3];
      try {
        read(ofDocker ? "docker-archive:" : "oci-archive:", archive, way);
      } catch (ScanException e) {
        assertThat(e.getMessage()).doesNotContain("\n");
        assertThat(e.kind()).isNotEqualTo("internal");
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aLayerThatTheConfigDoesNotListIsRefused(Way way) throws Exception {
    byte[] other = new LayerBuilder().program("bin/x", ElfBuilder.x86_64()).tar();
    byte[] archive =
        edited(
            docker(),
            (path, contents) -> contents.replaceAll(c -> path.endsWith("layer.tar") ? other : c));

    refused(archive, way, ScanException.DigestMismatch.class, "layer sha256:");
  }

  @ParameterizedTest
  @EnumSource
  void aLayerThatIsNoneIsRefused(Way way) throws Exception {
    byte[] archive =
        edited(
            docker(),
            (path, contents) ->
                contents.replaceAll(
                    c ->
                        path.endsWith("layer.tar")
                            ? "no tar at all".getBytes(StandardCharsets.UTF_8)
                            : c));

    refused(archive, way, ScanException.Damaged.class, "layer");
  }

  @ParameterizedTest
  @EnumSource
  void whatIsMissingIsNamed(Way way) throws Exception {
    refused(
        edited(docker(), (path, contents) -> contents.removeIf(c -> path.endsWith("layer.tar"))),
        way,
        ScanException.Damaged.class,
        "lacks",
        "/layer.tar");
    refused(
        edited(
            docker(),
            (path, contents) -> contents.removeIf(c -> path.matches("[a-f0-9]{64}\\.json"))),
        way,
        ScanException.Damaged.class,
        "lacks the config");
  }

  @ParameterizedTest
  @EnumSource
  void twoFilesOfOneNameAreRefused(Way way) throws Exception {
    for (String name : List.of("manifest.json", "layer.tar")) {
      byte[] archive =
          edited(
              docker(),
              (path, contents) -> {
                if (path.endsWith(name)) {
                  contents.add(contents.get(0));
                }
              });

      refused(archive, way, ScanException.Damaged.class, "two entries", name);
    }
  }

  private static TarArchiveEntry entry(String path, byte kind) {
    return new TarArchiveEntry(path, kind, true);
  }

  /** A second manifest, hidden from some readers and shown to others. */
  static List<LayerBuilder> hiddenManifests() {
    byte[] manifest = "[]".getBytes(StandardCharsets.UTF_8);
    TarArchiveEntry slash = entry("manifest.json/", TarConstants.LF_NORMAL);
    TarArchiveEntry unknown = entry("manifest.json", (byte) 'A');
    unknown.setSize(manifest.length);
    return List.of(
        new LayerBuilder().add(slash, new byte[0]),
        new LayerBuilder().add(unknown, manifest),
        new LayerBuilder().add(entry("manifest.json", TarConstants.LF_FIFO), new byte[0]),
        new LayerBuilder().text("./x/../manifest.json", "[]"),
        new LayerBuilder().link("s", ".").text("s/manifest.json", "[]"),
        new LayerBuilder().link("manifest.json", "d/../m").link("d", "x/y").text("m", "[]"),
        new LayerBuilder().hardLink("manifest.json", "m").text("m", "[]"));
  }

  @ParameterizedTest
  @MethodSource("hiddenManifests")
  void aManifestThatOthersFindElsewhereIsRefused(LayerBuilder hidden) throws Exception {
    byte[] before = hidden.tar();
    int end = before.length;
    while (end > 0 && before[end - 1] == 0) {
      end--;
    }
    end = (end + 511) / 512 * 512;
    byte[] whole = docker();
    byte[] archive = Arrays.copyOf(before, end + whole.length);
    System.arraycopy(whole, 0, archive, end, whole.length);

    for (Way way : Way.values()) {
      refused(archive, way, ScanException.Damaged.class, "archive");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aDirectoryThatIsAlsoALinkLeadsNowhere(Way way) throws Exception {
    LayerBuilder tar = new LayerBuilder();
    unpacked(docker()).forEach((path, bytes) -> tar.file(path, 0644, bytes));
    String layer =
        unpacked(docker()).keySet().stream()
            .filter(p -> p.endsWith("layer.tar"))
            .findFirst()
            .orElseThrow();

    refused(
        tar.link(layer.substring(0, layer.indexOf('/')), "elsewhere").tar(),
        way,
        ScanException.Damaged.class,
        "which is no directory");
  }

  /** Some programs load what manifest.json lists, and others what index.json lists. */
  @ParameterizedTest
  @EnumSource
  void twoListsOfDifferentImagesAreRefused(Way way) throws Exception {
    byte[] good = new DockerArchiveBuilder().image(spec(), "it:1").saveBlobs();
    byte[] evil = new DockerArchiveBuilder().image(spec().command("/bin/y"), "it:1").saveBlobs();
    assertThat(read("docker-archive:", good, way).contents()).hasSize(2);
    assertThat(read("oci-archive:", good, way).contents()).hasSize(2);
    for (String list : List.of("manifest.json", "index.json")) {
      Map<String, byte[]> both = unpacked(evil);
      both.putAll(unpacked(good));
      both.put(list, unpacked(evil).get(list));
      LayerBuilder tar = new LayerBuilder();
      both.forEach((path, bytes) -> tar.file(path, 0644, bytes));
      byte[] archive = tar.tar();

      for (String transport : List.of("docker-archive:", "oci-archive:")) {
        assertThatThrownBy(() -> read(transport, archive, way))
            .isInstanceOf(ScanException.Damaged.class)
            .hasMessageContaining("lists its images twice");
      }
    }
  }

  /** As containerd exports an image for several platforms. */
  @ParameterizedTest
  @EnumSource
  void oneListMayHaveMorePlatformsThanTheOther(Way way) throws Exception {
    LayoutBuilder layout = new LayoutBuilder();
    layout.index("it", Map.of("linux/amd64", spec(), "linux/386", spec().architecture("386")));
    LayerBuilder tar = new LayerBuilder();
    Map<String, byte[]> both = unpacked(layout.archive());
    both.put(
        "manifest.json",
        unpacked(new DockerArchiveBuilder().image(spec(), "it:1").saveBlobs())
            .get("manifest.json"));
    both.forEach((path, bytes) -> tar.file(path, 0644, bytes));
    byte[] archive = tar.tar();

    assertThat(read("docker-archive:", archive, way).contents()).hasSize(2);
    assertThat(read("oci-archive:", archive, way).contents()).hasSize(2);
  }

  /** Docker gives the name to the last of them. */
  @ParameterizedTest
  @EnumSource
  void twoImagesOfOneNameAndPlatformAreRefused(Way way) {
    byte[] archive =
        new DockerArchiveBuilder()
            .image(spec(), "it:1")
            .image(spec().command("/bin/y"), "it:1")
            .save();

    refused(archive, way, ScanException.NotFound.class, "several images", ":@INDEX");
  }

  @ParameterizedTest
  @EnumSource
  void aListThatIsNoneIsRefused(Way way) throws Exception {
    byte[] archive =
        edited(
            docker(),
            (path, contents) ->
                contents.replaceAll(
                    c ->
                        path.equals("manifest.json")
                            ? new String(c, StandardCharsets.UTF_8)
                                .replaceAll("\"Layers\":\\[.*?]", "\"Layers\":{\"a\":\"b\"}")
                                .getBytes(StandardCharsets.UTF_8)
                            : c));

    refused(archive, way, ScanException.Damaged.class, "where a list is due");
  }

  @Test
  void pathsOfManyMegabytesAreRefused() {
    ArchiveEntries<String> entries = new ArchiveEntries<>("it");

    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 5000; i++) {
                String path = i + "-" + "p".repeat(4000);
                entries.count(new TarReader.Header(new TarArchiveEntry("x"), path, ""));
              }
            })
        .isInstanceOf(ScanException.LimitExceeded.class)
        .hasMessageContaining("characters together");
  }

  @ParameterizedTest
  @EnumSource
  void aListOfLayersThatDoesNotFitTheConfigIsRefused(Way way) throws Exception {
    byte[] archive =
        edited(
            docker(),
            (path, contents) ->
                contents.replaceAll(
                    c ->
                        path.equals("manifest.json")
                            ? new String(c, StandardCharsets.UTF_8)
                                .replaceAll("\"Layers\":\\[.*?,", "\"Layers\":[")
                                .getBytes(StandardCharsets.UTF_8)
                            : c));

    refused(archive, way, ScanException.Damaged.class, "2 diff ids", "1 layers");
  }

  /** Docker's decoder does not mind the case of keys, and takes the last of two. */
  @ParameterizedTest
  @EnumSource
  void keysThatDockerReadsOtherwiseAreRefused(Way way) throws Exception {
    for (String more : List.of("\"layers\":[],", "\"Layers\":[],", "\"CONFIG\":\"x\",")) {
      byte[] archive =
          edited(
              docker(),
              (path, contents) ->
                  contents.replaceAll(
                      c ->
                          path.equals("manifest.json")
                              ? new String(c, StandardCharsets.UTF_8)
                                  .replace("[{", "[{" + more)
                                  .getBytes(StandardCharsets.UTF_8)
                              : c));

      refused(archive, way, ScanException.Damaged.class, "manifest.json of");
    }
  }

  @ParameterizedTest
  @EnumSource
  void linksLeadNowhereElse(Way way) {
    String manifest = "[{\"Config\":\"config.json\",\"Layers\":[\"l/layer.tar\"]}]";
    String config =
        "{\"rootfs\":{\"diff_ids\":[\"sha256:" + "ab".repeat(32) + "\"]},\"os\":\"linux\"}";
    for (String target : List.of("../../../etc/passwd", "/etc/passwd")) {
      byte[] archive =
          new LayerBuilder()
              .text("manifest.json", manifest)
              .text("config.json", config)
              .link("l/layer.tar", target)
              .tar();
      refused(archive, way, ScanException.Damaged.class, "lacks l/layer.tar");
    }
    byte[] loop =
        new LayerBuilder()
            .text("manifest.json", manifest)
            .text("config.json", config)
            .link("l/layer.tar", "other")
            .link("l/other", "layer.tar")
            .tar();
    refused(loop, way, ScanException.Damaged.class, "a loop of links");
  }

  @ParameterizedTest
  @EnumSource
  void namesOfAnyKindLeadIntoTheArchiveOnly(Way way) throws Exception {
    byte[] archive =
        edited(
            docker(),
            (path, contents) ->
                contents.replaceAll(
                    c ->
                        path.equals("manifest.json")
                            ? new String(c, StandardCharsets.UTF_8)
                                .replace("\"Layers\":[\"", "\"Layers\":[\"../../..//")
                                .getBytes(StandardCharsets.UTF_8)
                            : c));

    assertThat(read("docker-archive:", archive, way).contents()).hasSize(2);
  }

  @ParameterizedTest
  @EnumSource
  void aDamagedLayerOfAnotherImageDoesNotMatter(Way way) throws Exception {
    Files.write(directory.resolve("x"), docker());
    LayerBuilder tar = new LayerBuilder().file("other/layer.tar", 0644, damagedLayer());
    unpacked(docker()).forEach((path, bytes) -> tar.file(path, 0644, bytes));

    assertThat(read("docker-archive:", tar.tar(), way).contents()).hasSize(2);
  }

  private static byte[] damagedLayer() {
    byte[] gzip = new LayerBuilder().program("bin/x", ElfBuilder.i386()).gzip();
    gzip[gzip.length / 2] ^= 0x55;
    return gzip;
  }

  @Test
  void headersThatReadersUnderstandDifferentlyAreRefused() {
    byte[] archive =
        TarBytes.pax('g', "path=manifest", new LayerBuilder().text("manifest.json", "[]").tar());

    for (Way way : Way.values()) {
      refused(archive, way, ScanException.Damaged.class, "a global tar header that sets path");
    }
  }

  @ParameterizedTest
  @EnumSource
  void anArchiveOfVeryManyEntriesIsRefused(Way way) {
    byte[] entry = Arrays.copyOf(new LayerBuilder().text("x", "").tar(), 512);
    byte[] archive = new byte[512 * 200_010];
    for (int i = 0; i < 200_009; i++) {
      System.arraycopy(entry, 0, archive, i * 512, 512);
    }

    refused(archive, way, ScanException.LimitExceeded.class, "200000 entries");
  }

  @ParameterizedTest
  @EnumSource
  void manifestsAndConfigsOfAnySizeAreRefused(Way way) {
    byte[] archive = new LayerBuilder().text("manifest.json", "[" + " ".repeat(5 << 20)).tar();

    refused(archive, way, ScanException.LimitExceeded.class, "manifest.json");
  }
}
