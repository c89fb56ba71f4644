package dev.imgcompat.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imgcompat.core.analyze.Analyzers;
import dev.imgcompat.core.facts.FactStore;
import dev.imgcompat.core.facts.FileFactStore;
import dev.imgcompat.core.facts.MemoryFactStore;
import dev.imgcompat.core.image.Bytes;
import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.image.PlatformRequest;
import dev.imgcompat.core.layer.FileFact;
import dev.imgcompat.core.layer.LayerAnalyzer;
import dev.imgcompat.core.layer.LayerEntry;
import dev.imgcompat.core.testing.ElfBuilder;
import dev.imgcompat.core.testing.FakeRegistry;
import dev.imgcompat.core.testing.LayerBuilder;
import dev.imgcompat.core.testing.LayoutBuilder;
import dev.imgcompat.core.testing.LayoutBuilder.ImageSpec;
import dev.imgcompat.core.testing.OtherVersion;
import dev.imgcompat.core.verdict.Report.ImageReport;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which layers are pulled again when analyzers change, counted at the registry. */
class ChangedAnalyzersTest {
  private static final List<LayerAnalyzer> ALL = Analyzers.all();
  private static final String SCRIPT = "script";

  private static final byte[] BASE =
      new LayerBuilder()
          .program("bin/sh", ElfBuilder.x86_64())
          .text("etc/os-release", "ID=debian\nVERSION_ID=\"12\"\n")
          .tar();
  private static final byte[] SCRIPTS =
      new LayerBuilder().program("bin/run", "#!/bin/sh\n".getBytes(StandardCharsets.UTF_8)).tar();
  private static final byte[] DATA = new LayerBuilder().text("srv/data", "x").tar();
  private static final Set<Digest> LAYERS =
      Set.of(Bytes.digest(BASE), Bytes.digest(SCRIPTS), Bytes.digest(DATA));

  @TempDir private Path directory;
  private FakeRegistry registry;
  private FactStore store = new MemoryFactStore(10 << 20);

  @BeforeEach
  void serve() {
    registry = new FakeRegistry();
    LayoutBuilder layout = new LayoutBuilder();
    ImageSpec spec = new ImageSpec();
    for (byte[] layer : List.of(BASE, SCRIPTS, DATA)) {
      spec.layer(layer, "application/vnd.oci.image.layer.v1.tar");
    }
    registry.serve("it", "1", layout, layout.image("1", spec));
    assertThat(pulledBy(ALL)).isEqualTo(LAYERS);
    assertThat(pulledBy(ALL)).isEmpty();
  }

  @AfterEach
  void close() {
    registry.close();
  }

  private ImageReport scan(List<LayerAnalyzer> analyzers) {
    try (Scanner scanner = Scanner.builder().analyzers(analyzers).store(store).build()) {
      ScanRequest request =
          new ScanRequest(PlatformRequest.DEFAULT, List.of(scanner.rules().target("kata")), false);
      ImageReport report =
          scanner.scan(registry.name() + "/it:1", request, ScanListener.NONE).get(0);
      assertThat(report.error()).isEmpty();
      return report;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** The layers that a scan pulls. */
  private Set<Digest> pulledBy(List<LayerAnalyzer> analyzers) {
    registry.forgetRequests();
    scan(analyzers);
    List<Digest> pulled =
        registry.requests().stream()
            .filter(r -> r.contains("/blobs/"))
            .map(r -> Digest.of(r.substring(r.lastIndexOf('/') + 1)))
            .filter(LAYERS::contains)
            .toList();
    assertThat(pulled).doesNotHaveDuplicates();
    return Set.copyOf(pulled);
  }

  @Test
  void aNewVersionPullsTheLayersInWhichTheOldOneOpenedAFile() {
    List<LayerAnalyzer> newer = OtherVersion.changed(ALL, SCRIPT, OtherVersion::newer);

    assertThat(pulledBy(newer)).containsExactly(Bytes.digest(SCRIPTS));
    assertThat(pulledBy(newer)).isEmpty();
  }

  @Test
  void soDoesOneOfAnotherProcessWithTheSameFiles() {
    store = new FileFactStore(directory, warning -> {});
    pulledBy(ALL);
    store = new FileFactStore(directory, warning -> {});
    List<LayerAnalyzer> newer = OtherVersion.changed(ALL, SCRIPT, OtherVersion::newer);

    assertThat(pulledBy(newer)).containsExactly(Bytes.digest(SCRIPTS));
    assertThat(pulledBy(newer)).isEmpty();
  }

  @Test
  void oneThatOpensOtherFilesPullsAllLayers() {
    assertThat(pulledBy(OtherVersion.changed(ALL, SCRIPT, OtherVersion::wider))).isEqualTo(LAYERS);
  }

  @Test
  void aNewAnalyzerPullsAllLayers() {
    LayerAnalyzer added = OtherVersion.named("added", ALL.get(0));

    assertThat(pulledBy(Stream.concat(ALL.stream(), Stream.of(added)).toList())).isEqualTo(LAYERS);
  }

  @Test
  void goingBackToTheOldVersionPullsNothing() {
    List<LayerAnalyzer> newer = OtherVersion.changed(ALL, SCRIPT, OtherVersion::newer);

    pulledBy(newer);

    assertThat(pulledBy(ALL)).isEmpty();
    assertThat(pulledBy(newer)).isEmpty();
  }

  @Test
  void theFactsOfTheNewVersionAreUsed() {
    List<LayerAnalyzer> another = OtherVersion.changed(ALL, "release", OtherRelease::new);

    assertThat(distribution(scan(ALL))).contains("debian");
    assertThat(pulledBy(another)).containsExactly(Bytes.digest(BASE));
    assertThat(distribution(scan(another))).contains("ubuntu");
    assertThat(distribution(scan(ALL))).contains("debian");
  }

  private static String distribution(ImageReport report) {
    return report.facts().orElseThrow().distribution().orElseThrow().toString();
  }

  /** Reads {@code ubuntu} where there is {@code debian}. */
  private record OtherRelease(LayerAnalyzer analyzer) implements LayerAnalyzer {
    @Override
    public String name() {
      return analyzer.name();
    }

    @Override
    public int version() {
      return analyzer.version() + 1;
    }

    @Override
    public Optional<ContentReader> open(LayerEntry entry, byte[] head, int length) {
      return analyzer.open(entry, head, length).map(Replacing::new);
    }

    private record Replacing(ContentReader reader) implements ContentReader {
      @Override
      public void accept(byte[] buffer, int offset, int length) {
        byte[] replaced =
            new String(buffer, offset, length, StandardCharsets.UTF_8)
                .replace("debian", "ubuntu")
                .getBytes(StandardCharsets.UTF_8);
        reader.accept(replaced, 0, replaced.length);
      }

      @Override
      public boolean satisfied() {
        return reader.satisfied();
      }

      @Override
      public Optional<FileFact> finish() {
        return reader.finish();
      }
    }
  }
}
