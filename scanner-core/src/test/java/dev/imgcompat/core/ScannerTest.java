package dev.imgcompat.core;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.imgcompat.core.facts.FactStore;
import dev.imgcompat.core.facts.MemoryFactStore;
import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.image.ImageReference;
import dev.imgcompat.core.image.Layer;
import dev.imgcompat.core.image.LayerContent;
import dev.imgcompat.core.image.PlatformRequest;
import dev.imgcompat.core.layer.ScanLimits;
import dev.imgcompat.core.registry.RegistryClient;
import dev.imgcompat.core.testing.DockerArchiveBuilder;
import dev.imgcompat.core.testing.FakeRegistry;
import dev.imgcompat.core.testing.LayerBuilder;
import dev.imgcompat.core.testing.LayoutBuilder;
import dev.imgcompat.core.testing.LayoutBuilder.ImageSpec;
import dev.imgcompat.core.testing.Samples;
import dev.imgcompat.core.verdict.Decision;
import dev.imgcompat.core.verdict.Report;
import dev.imgcompat.core.verdict.Report.ImageReport;
import dev.imgcompat.core.verdict.ReportFormat;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScannerTest {
  @TempDir private Path directory;

  private static ScanRequest request(Scanner scanner) {
    return new ScanRequest(PlatformRequest.DEFAULT, List.of(scanner.rules().target("kata")), false);
  }

  private static ImageReport scan(Scanner scanner, String reference) throws InterruptedException {
    return scanner.scan(reference, request(scanner), ScanListener.NONE).get(0);
  }

  private ImageReport scan(String reference) throws InterruptedException {
    try (Scanner scanner = Scanner.builder().build()) {
      return scan(scanner, reference);
    }
  }

  private static Decision decision(ImageReport report) {
    return report.verdicts().get(0).decision();
  }

  @Test
  void theSamplesGetTheVerdictsOfTheirNames() throws Exception {
    Samples.layout().write(directory);

    assertThat(decision(scan("oci:" + directory + ":old-glibc")))
        .isEqualTo(Decision.NEEDS_KERNEL_PARAMS);
    assertThat(decision(scan("oci:" + directory + ":32-bit"))).isEqualTo(Decision.EXCLUDED);
    assertThat(decision(scan("oci:" + directory + ":clean"))).isEqualTo(Decision.COMPATIBLE);
  }

  @Test
  void aFailureIsAResult() throws Exception {
    ImageReport report = scan("oci:" + directory + "/none");

    assertThat(decision(report)).isEqualTo(Decision.UNKNOWN);
    assertThat(report.error()).isPresent();
    assertThat(report.error().get().kind()).isEqualTo("not-found");
    assertThat(report.facts()).isEmpty();
  }

  @Test
  void oneDamagedLayerMakesTheImageUnknownAndIsNamed() throws Exception {
    LayoutBuilder layout = new LayoutBuilder();
    byte[] noise = "this is no tar".repeat(100).getBytes(java.nio.charset.StandardCharsets.UTF_8);
    Digest damaged = layout.blob(noise);
    layout.image(
        "it",
        new ImageSpec()
            .layer(Samples.debian12())
            .layer(noise, "application/vnd.oci.image.layer.v1.tar"));
    layout.write(directory);

    ImageReport report = scan("oci:" + directory + ":it");

    assertThat(decision(report)).isEqualTo(Decision.UNKNOWN);
    assertThat(report.error().orElseThrow().message()).contains(damaged.value());
    assertThat(report.digest()).isPresent();
  }

  /**
   * A file is read by offset, and anything compressed in one pass: that must make no difference.
   */
  @Test
  void anArchiveSaysTheSameInWhicheverWayItComesAndLayersAreReadOnce() throws Exception {
    ImageSpec spec =
        new ImageSpec()
            .layer(Samples.debian12().gzip(), "application/vnd.oci.image.layer.v1.tar+gzip")
            .layer(Samples.buildTools());
    byte[] archive = new DockerArchiveBuilder().image(spec, "it:1").save();
    Path file = Files.write(directory.resolve("a.tar"), archive);
    Path compressed = Files.write(directory.resolve("a.tgz"), LayerBuilder.gzip(archive));
    FactStore store = new MemoryFactStore(10 << 20);
    List<ImageReport> reports = new ArrayList<>();
    for (Path path : List.of(compressed, file, compressed)) {
      try (Scanner scanner = Scanner.builder().store(store).build()) {
        reports.add(scan(scanner, "docker-archive:" + path));
      }
    }

    for (ImageReport report : reports) {
      assertThat(report.error()).isEmpty();
      assertThat(report.verdicts()).isEqualTo(reports.get(0).verdicts());
      assertThat(report.configDigest()).isEqualTo(reports.get(0).configDigest()).isPresent();
      assertThat(report.facts().orElseThrow().elf())
          .isEqualTo(reports.get(0).facts().orElseThrow().elf());
    }
    assertThat(decision(reports.get(0))).isEqualTo(Decision.EXCLUDED);
    assertThat(reports.get(1).facts().orElseThrow().layers())
        .allSatisfy(layer -> assertThat(layer.fromCache()).isTrue());
  }

  /** What an archive lacks, or has wrong, is not made good by what is known of such a layer. */
  @Test
  void whatIsKnownDoesNotMendAnArchive() throws Exception {
    ImageSpec spec = new ImageSpec().layer(Samples.debian12()).layer(Samples.buildTools());
    byte[] whole = new DockerArchiveBuilder().image(spec, "it:1").save();
    byte[] wrong = whole.clone();
    int at = new String(wrong, StandardCharsets.ISO_8859_1).indexOf("opt/sdk/aapt") + 600;
    wrong[at] ^= 1;
    Path file = directory.resolve("a.tar");
    FactStore store = new MemoryFactStore(10 << 20);
    try (Scanner scanner = Scanner.builder().store(store).build()) {
      Files.write(file, whole);
      assertThat(scan(scanner, "docker-archive:" + file).error()).isEmpty();

      Files.write(file, LayerBuilder.gzip(wrong));
      ImageReport report = scan(scanner, "docker-archive:" + file);

      assertThat(decision(report)).isEqualTo(Decision.UNKNOWN);
      assertThat(report.error().orElseThrow().kind()).isEqualTo("digest-mismatch");
    }
    LayoutBuilder layout = new LayoutBuilder();
    layout.image("it", spec);
    try (Scanner scanner = Scanner.builder().store(store).build()) {
      layout.write(directory);
      assertThat(scan(scanner, "oci:" + directory).error()).isEmpty();
      Digest layer =
          scan(scanner, "oci:" + directory)
              .facts()
              .orElseThrow()
              .layers()
              .get(0)
              .digest()
              .orElseThrow();
      Files.delete(directory.resolve("blobs/sha256/" + layer.hex()));

      assertThat(scan(scanner, "oci:" + directory).error().orElseThrow().message())
          .contains("lacks")
          .contains(layer.hex());
    }
  }

  @Test
  void aDamagedLayerOfAStreamMakesTheImageUnknownAndIsNamed() throws Exception {
    byte[] gzip = Samples.debian12().gzip();
    gzip[gzip.length / 2] ^= 0x55;
    byte[] archive =
        new DockerArchiveBuilder()
            .image(new ImageSpec().layer(gzip, "application/vnd.oci.image.layer.v1.tar+gzip"))
            .save();
    Path file = Files.write(directory.resolve("a.tgz"), LayerBuilder.gzip(archive));

    ImageReport report = scan("docker-archive:" + file);

    assertThat(decision(report)).isEqualTo(Decision.UNKNOWN);
    assertThat(report.error().orElseThrow().message()).contains("layer.tar is damaged");
    assertThat(report.configDigest()).isPresent();
    assertThat(report.platform()).contains("linux/amd64");
  }

  @Test
  void aLayerIsReadOnceForAllImagesThatHaveIt() throws Exception {
    LayoutBuilder layout = Samples.layout();
    Digest manifest = layout.image("again", new ImageSpec().layer(Samples.debian12()));
    try (FakeRegistry registry = new FakeRegistry();
        Scanner scanner = Scanner.builder().store(new MemoryFactStore(10 << 20)).build()) {
      registry.serve("a", "1", layout, manifest).serve("b", "1", layout, manifest);
      List<Thread> threads = new ArrayList<>();
      List<ImageReport> reports = new CopyOnWriteArrayList<>();
      for (String repository : List.of("a", "b", "a", "b")) {
        Thread thread =
            new Thread(
                () -> {
                  try {
                    reports.add(scan(scanner, registry.name() + "/" + repository + ":1"));
                  } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                  }
                });
        thread.start();
        threads.add(thread);
      }
      for (Thread thread : threads) {
        thread.join();
      }

      assertThat(reports).hasSize(4).allSatisfy(r -> assertThat(r.error()).isEmpty());
      String layer =
          reports.get(0).facts().orElseThrow().layers().get(0).digest().orElseThrow().value();
      assertThat(registry.requests()).filteredOn(r -> r.endsWith(layer)).hasSize(1);
    }
  }

  @Test
  void whatWasReadBeforeComesFromTheCache() throws Exception {
    Samples.layout().write(directory);
    MemoryFactStore store = new MemoryFactStore(10 << 20);
    for (boolean cached : List.of(false, true)) {
      try (Scanner scanner = Scanner.builder().store(store).build()) {
        assertThat(
                scan(scanner, "oci:" + directory + ":clean")
                    .facts()
                    .orElseThrow()
                    .layers()
                    .get(0)
                    .fromCache())
            .isEqualTo(cached);
      }
    }
  }

  @Test
  void aLayerThatFailedIsNotKept() throws Exception {
    byte[] blob = Samples.debian12().gzip();
    LayoutBuilder layout = new LayoutBuilder();
    layout.image("it", new ImageSpec().layer(blob, ""));
    layout.write(directory);
    Path file =
        directory
            .resolve("blobs/sha256")
            .resolve(dev.imgcompat.core.image.Bytes.digest(blob).hex());
    Files.write(file, java.util.Arrays.copyOf(blob, blob.length - 1));
    try (Scanner scanner = Scanner.builder().build()) {
      assertThat(scan(scanner, "oci:" + directory + ":it").error().orElseThrow().kind())
          .isEqualTo("digest-mismatch");
      Files.write(file, blob);

      ImageReport report = scan(scanner, "oci:" + directory + ":it");
      assertThat(report.error()).isEmpty();
      assertThat(report.facts().orElseThrow().layers().get(0).fromCache()).isFalse();
    }
  }

  @Test
  void aDefectIsAResultOfItsImageOnly() throws Exception {
    Samples.layout().write(directory);
    RegistryClient broken =
        new RegistryClient() {
          @Override
          public FetchedManifest manifest(ImageReference.InRegistry image, String qualifier) {
            throw new IllegalStateException("cannot be");
          }

          @Override
          public Optional<Digest> digest(ImageReference.InRegistry image, String tag) {
            throw new IllegalStateException("cannot be");
          }

          @Override
          public byte[] document(ImageReference.InRegistry image, Digest digest, int most) {
            throw new IllegalStateException("cannot be");
          }

          @Override
          public LayerContent.Opener blob(ImageReference.InRegistry image, Layer layer) {
            throw new IllegalStateException("cannot be");
          }

          @Override
          public void close() {}
        };
    try (Scanner scanner = Scanner.builder().registries(broken).build()) {
      assertThat(scan(scanner, "centos:6.8").error().orElseThrow().kind()).isEqualTo("internal");
      assertThat(scan(scanner, "oci:" + directory + ":clean").error()).isEmpty();
    }
  }

  @Test
  void theLimitsAreThoseOfTheBuilder() throws Exception {
    LayoutBuilder layout = new LayoutBuilder();
    layout.image("it", new ImageSpec().layer(new LayerBuilder().file("f", 0644, new byte[5000])));
    layout.write(directory);
    try (Scanner scanner =
        Scanner.builder().limits(new ScanLimits(4000, 10, 10, 1 << 30, 1 << 20, 100)).build()) {
      assertThat(scan(scanner, "oci:" + directory + ":it").error().orElseThrow().kind())
          .isEqualTo("limit-exceeded");
    }
  }

  @Test
  void aListenerHearsOfEveryByte() throws Exception {
    Samples.layout().write(directory);
    AtomicLong bytes = new AtomicLong();
    List<String> events = new CopyOnWriteArrayList<>();
    try (Scanner scanner = Scanner.builder().build()) {
      ImageReport report =
          scanner
              .scan(
                  "oci:" + directory + ":clean",
                  request(scanner),
                  new ScanListener() {
                    @Override
                    public void layerStarted(ImageReference image, Layer layer) {
                      events.add("started");
                    }

                    @Override
                    public void layerBytes(Layer layer, long count) {
                      bytes.addAndGet(count);
                    }

                    @Override
                    public void layerEnded(Layer layer) {
                      events.add("ended");
                    }
                  })
              .get(0);

      assertThat(events).containsExactly("started", "ended");
      assertThat(bytes).hasValue(report.facts().orElseThrow().layers().get(0).bytes());
    }
  }

  @Test
  void everyReportIsValidByItsSchema() throws Exception {
    LayoutBuilder layout = Samples.layout();
    layout.index(
        "multi",
        Map.of(
            "linux/amd64",
            new ImageSpec().layer(Samples.debian12()),
            "linux/386",
            new ImageSpec().architecture("386").layer(Samples.buildTools())));
    layout.write(directory);
    List<ImageReport> images = new ArrayList<>();
    try (Scanner scanner = Scanner.builder().build()) {
      ScanRequest everything =
          new ScanRequest(
              PlatformRequest.ALL,
              scanner.rules().runtimes().stream().map(r -> scanner.rules().target(r.id())).toList(),
              true);
      for (String reference :
          List.of(
              "oci:" + directory + ":old-glibc",
              "oci:" + directory + ":32-bit",
              "oci:" + directory + ":multi",
              "oci:" + directory + ":none",
              "NO reference")) {
        images.addAll(scanner.scan(reference, everything, ScanListener.NONE));
      }
      Report report = new Report(Report.SCHEMA_VERSION, scanner.tool(), images);

      assertThat(schema().validate(ReportFormat.json(report), InputFormat.JSON)).isEmpty();
      assertThat(schema().validate(ReportFormat.yaml(report), InputFormat.YAML)).isEmpty();
      assertThat(
              ReportFormat.read(
                  new java.io.ByteArrayInputStream(
                      ReportFormat.json(report).getBytes(java.nio.charset.StandardCharsets.UTF_8))))
          .isEqualTo(report);
    }
  }

  private static Schema schema() throws IOException {
    try (InputStream in =
        ScannerTest.class.getResourceAsStream("/imgcompat/schema/report-1.schema.json")) {
      assertThat(in).isNotNull();
      return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12).getSchema(in);
    }
  }
}
