package dev.imgcompat.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imgcompat.core.analyze.Analyzers;
import dev.imgcompat.core.facts.FactStore;
import dev.imgcompat.core.facts.MemoryFactStore;
import dev.imgcompat.core.image.Bytes;
import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.image.ImageReference;
import dev.imgcompat.core.image.ImageReference.InRegistry;
import dev.imgcompat.core.image.Layer;
import dev.imgcompat.core.image.LayerContent;
import dev.imgcompat.core.image.Platform;
import dev.imgcompat.core.image.PlatformRequest;
import dev.imgcompat.core.image.ScanException;
import dev.imgcompat.core.registry.OfflineRegistry;
import dev.imgcompat.core.registry.RegistryClient;
import dev.imgcompat.core.rules.Policy;
import dev.imgcompat.core.rules.RulePack;
import dev.imgcompat.core.sweep.Inspector;
import dev.imgcompat.core.testing.FakeRegistry;
import dev.imgcompat.core.testing.LayerBuilder;
import dev.imgcompat.core.testing.LayoutBuilder;
import dev.imgcompat.core.testing.LayoutBuilder.ImageSpec;
import dev.imgcompat.core.testing.OtherVersion;
import dev.imgcompat.core.testing.Samples;
import dev.imgcompat.core.verdict.Decision;
import dev.imgcompat.core.verdict.Report.ImageReport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SweepInspectorTest {
  private static final String MADE = "2024-05-06T07:08:09.123456789Z";
  private static final byte[] BASE = Samples.debian12().tar();
  private static final byte[] TOOLS = Samples.buildTools().tar();
  private static final String TYPE = "application/vnd.oci.image.layer.v1.tar";

  @TempDir private Path directory;
  private final RulePack rules = RulePack.builtIn();
  private final FactStore store = new MemoryFactStore(10 << 20);
  private final LayoutBuilder layout = new LayoutBuilder();
  private final Counting pulls = new Counting();
  private FakeRegistry registry;
  private Scanner scanner;

  private static final class Counting implements Inspector.Pulls {
    private final List<Boolean> layers = new CopyOnWriteArrayList<>();
    private final AtomicLong bytes = new AtomicLong();

    @Override
    public void layer(boolean pulled) {
      layers.add(pulled);
    }

    @Override
    public void bytes(long count) {
      bytes.addAndGet(count);
    }
  }

  @BeforeEach
  void open() {
    registry = new FakeRegistry();
    scanner = Scanner.builder().store(store).build();
  }

  @AfterEach
  void close() {
    scanner.close();
    registry.close();
  }

  private Digest serve(String tag, ImageSpec spec) {
    Digest digest = layout.image(tag, spec);
    registry.serve("it", tag, layout, digest);
    return digest;
  }

  private static ImageSpec spec() {
    return new ImageSpec().created(MADE).layer(BASE, TYPE).layer(TOOLS, TYPE);
  }

  private InRegistry reference(String tag) throws ScanException {
    return (InRegistry) ImageReference.parse(registry.name() + "/it:" + tag);
  }

  private ScanRequest request(PlatformRequest platforms, String... targets) {
    return new ScanRequest(platforms, List.of(targets).stream().map(rules::target).toList(), false);
  }

  private SweepInspector inspector() {
    return new SweepInspector(scanner, request(PlatformRequest.DEFAULT, "kata"));
  }

  private static Decision decision(ImageReport report) {
    return report.verdicts().get(0).decision();
  }

  @Test
  void whatATagNamesIsScannedByItsDigestAndReportedByItsTag() throws Exception {
    Digest digest = serve("1", spec());

    List<ImageReport> reports = inspector().scan(reference("1"), Optional.of(digest), pulls);

    ImageReport report = reports.get(0);
    assertThat(reports).hasSize(1);
    assertThat(report.error()).isEmpty();
    assertThat(decision(report)).isEqualTo(Decision.EXCLUDED);
    assertThat(report.reference()).isEqualTo(registry.name() + "/it:1");
    assertThat(report.canonical()).isEqualTo(registry.name() + "/it:1");
    assertThat(report.digest()).contains(digest);
    assertThat(registry.requests()).noneMatch(r -> r.endsWith("/manifests/1"));
    assertThat(pulls.layers).containsExactly(true, true);
    assertThat(pulls.bytes).hasValue(BASE.length + TOOLS.length);
  }

  @Test
  void whatIsKeptIsNotAskedForAgain() throws Exception {
    Digest digest = serve("1", spec());
    ImageReport first = inspector().scan(reference("1"), Optional.of(digest), pulls).get(0);
    registry.forgetRequests();
    Counting again = new Counting();

    ImageReport second = inspector().scan(reference("1"), Optional.of(digest), again).get(0);

    assertThat(registry.allRequests()).isEmpty();
    assertThat(second.verdicts()).isEqualTo(first.verdicts());
    assertThat(again.layers).containsExactly(false, false);
    assertThat(again.bytes).hasValue(0);
  }

  @Test
  void withoutADigestTheTagIsAskedFor() throws Exception {
    Digest digest = serve("1", spec());

    ImageReport report = inspector().scan(reference("1"), Optional.empty(), pulls).get(0);

    assertThat(report.digest()).contains(digest);
    assertThat(registry.requests()).contains("GET /v2/it/manifests/1");
  }

  @Test
  void theTagMayHaveMovedOnMeanwhile() throws Exception {
    Digest before = serve("1", spec());
    serve("1", new ImageSpec().layer(BASE, TYPE));

    ImageReport report = inspector().scan(reference("1"), Optional.of(before), pulls).get(0);

    assertThat(report.digest()).contains(before);
    assertThat(decision(report)).isEqualTo(Decision.EXCLUDED);
  }

  @Test
  void everyPlatformOfAnIndexIsReportedByTheTag() throws Exception {
    Digest index =
        layout.index(
            "1", Map.of("linux/amd64", spec(), "linux/386", new ImageSpec().architecture("386")));
    registry.serve("it", "1", layout, index);
    SweepInspector inspector =
        new SweepInspector(scanner, request(PlatformRequest.ALL, "kata", "gvisor"));

    List<ImageReport> reports = inspector.scan(reference("1"), Optional.of(index), pulls);

    assertThat(reports)
        .hasSize(2)
        .allSatisfy(
            report -> {
              assertThat(report.reference()).isEqualTo(registry.name() + "/it:1");
              assertThat(report.canonical()).isEqualTo(registry.name() + "/it:1");
              assertThat(report.indexDigest()).contains(index);
              assertThat(report.verdicts()).hasSize(2);
            });
  }

  @Test
  void aFailureIsAReportByTheTag() throws Exception {
    Digest gone = Bytes.digest(new byte[] {1});

    ImageReport report = inspector().scan(reference("1"), Optional.of(gone), pulls).get(0);

    assertThat(report.error().orElseThrow().kind()).isEqualTo("not-found");
    assertThat(report.canonical()).isEqualTo(registry.name() + "/it:1");
    assertThat(decision(report)).isEqualTo(Decision.UNKNOWN);
  }

  @Test
  void theDigestOfATagIsAskedForByHead() throws Exception {
    Digest digest = serve("1", spec());

    assertThat(inspector().digest(reference("1"))).contains(digest);

    assertThat(registry.requests()).containsExactly("HEAD /v2/it/manifests/1");
    assertThatThrownBy(() -> inspector().digest(reference("2")))
        .isInstanceOf(ScanException.NotFound.class);
  }

  @Test
  void aDefectIsAFailureOfItsTag() throws Exception {
    RegistryClient broken =
        new RegistryClient() {
          @Override
          public FetchedManifest manifest(InRegistry image, String qualifier) {
            throw new IllegalStateException("cannot be");
          }

          @Override
          public Optional<Digest> digest(InRegistry image, String tag) {
            throw new IllegalStateException("cannot be");
          }

          @Override
          public byte[] document(InRegistry image, Digest digest, int most) {
            throw new IllegalStateException("cannot be");
          }

          @Override
          public LayerContent.Opener blob(InRegistry image, Layer layer) {
            throw new IllegalStateException("cannot be");
          }

          @Override
          public void close() {}
        };
    InRegistry tag = reference("1");
    try (Scanner defective = Scanner.builder().registries(broken).build()) {
      SweepInspector inspector =
          new SweepInspector(defective, request(PlatformRequest.DEFAULT, "kata"));

      assertThat(inspector.scan(tag, Optional.empty(), pulls).get(0).error().orElseThrow().kind())
          .isEqualTo(ScanException.Internal.KIND);
      assertThatThrownBy(() -> inspector.digest(tag)).isInstanceOf(ScanException.Internal.class);
      assertThatThrownBy(() -> inspector.created(tag, Optional.empty()))
          .isInstanceOf(ScanException.Internal.class);
    }
  }

  @Test
  void anImageWasMadeWhenItsConfigSaysSo() throws Exception {
    Digest digest = serve("1", spec());

    assertThat(inspector().created(reference("1"), Optional.empty())).contains(Instant.parse(MADE));
    assertThat(registry.requests())
        .hasSize(2)
        .noneMatch(r -> r.endsWith(Bytes.digest(BASE).value()));

    inspector().created(reference("1"), Optional.of(digest));
    registry.forgetRequests();
    assertThat(inspector().created(reference("1"), Optional.of(digest)))
        .contains(Instant.parse(MADE));
    assertThat(registry.allRequests()).isEmpty();
  }

  @Test
  void anIndexWasMadeWhenItsImageForLinuxAmd64Was() throws Exception {
    ImageSpec other =
        new ImageSpec().architecture("386").created("2020-01-01T00:00:00Z").layer(BASE, TYPE);
    registry.serve(
        "it",
        "both",
        layout,
        layout.index("both", Map.of("linux/386", other, "linux/amd64", spec())));
    ImageSpec arm =
        new ImageSpec().architecture("arm64").created("2021-01-01T00:00:00Z").layer(BASE, TYPE);
    registry.serve(
        "it",
        "neither",
        layout,
        layout.index("neither", Map.of("linux/386", other, "linux/arm64", arm)));

    assertThat(inspector().created(reference("both"), Optional.empty()))
        .contains(Instant.parse(MADE));
    registry.forgetRequests();
    assertThat(inspector().created(reference("neither"), Optional.empty()))
        .contains(Instant.parse("2020-01-01T00:00:00Z"));
    assertThat(registry.requests()).hasSizeLessThanOrEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "yesterday",
        "0001-01-01T00:00:00Z",
        "-0044-03-15T12:00:00Z",
        "+999999999-12-31T23:59:59Z",
        "2024-13-01T00:00:00Z",
        "2024-05-06",
        "2024-05-06T07:08:09"
      })
  void whatIsNoLikelyTimeSaysNothing(String created) throws Exception {
    serve("1", new ImageSpec().created(created).layer(BASE, TYPE));

    assertThat(inspector().created(reference("1"), Optional.empty())).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2024-05-06T07:08:09Z",
        "2024-05-06t07:08:09z",
        "2024-05-06T09:08:09+02:00",
        "2024-05-06T07:08:09.000000000Z"
      })
  void timesMayBeWrittenInAnyWayOfRfc3339(String created) throws Exception {
    serve("1", new ImageSpec().created(created).layer(BASE, TYPE));

    assertThat(inspector().created(reference("1"), Optional.empty()))
        .contains(Instant.parse("2024-05-06T07:08:09Z"));
  }

  private String basis(UnaryOperator<ScannerBuilder> change, ScanRequest request) {
    try (Scanner changed = change.apply(Scanner.builder()).build()) {
      return new SweepInspector(changed, request).basis();
    }
  }

  @Test
  void theBasisIsOtherWhereVerdictsMayBe() throws Exception {
    Files.writeString(directory.resolve("more.yaml"), "schemaVersion: 1\nrules: []\n");
    RulePack otherRules = RulePack.load(Optional.of(directory));
    ScanRequest kata = request(PlatformRequest.DEFAULT, "kata");
    String basis = basis(b -> b, kata);

    assertThat(basis(b -> b, kata)).isEqualTo(basis).hasSizeLessThan(120);
    assertThat(basis(b -> b, new ScanRequest(kata.platforms(), kata.targets(), true)))
        .isEqualTo(basis);
    assertThat(
            List.of(
                basis,
                basis(
                    b ->
                        b.analyzers(
                            OtherVersion.changed(Analyzers.all(), "script", OtherVersion::newer)),
                    kata),
                basis(b -> b.rules(otherRules), kata),
                basis(b -> b.policy(Policy.START), kata),
                basis(b -> b, request(PlatformRequest.ALL, "kata")),
                basis(b -> b, request(PlatformRequest.only(Platform.parse("linux/arm64")), "kata")),
                basis(b -> b, request(PlatformRequest.DEFAULT, "kata", "gvisor")),
                basis(b -> b, request(PlatformRequest.DEFAULT, "gvisor", "kata"))))
        .doesNotHaveDuplicates();
  }

  @Test
  void offlineAKeptImageIsScannedWithoutAnyRequest() throws Exception {
    Digest digest = serve("1", spec());
    ImageReport online = inspector().scan(reference("1"), Optional.of(digest), pulls).get(0);
    registry.forgetRequests();
    try (Scanner offline =
        Scanner.builder().store(store).registries(new OfflineRegistry()).build()) {
      ScanRequest request = request(PlatformRequest.DEFAULT, "kata");

      ImageReport report =
          offline.scan(registry.name() + "/it@" + digest, request, ScanListener.NONE).get(0);

      assertThat(report.error()).isEmpty();
      assertThat(report.verdicts()).isEqualTo(online.verdicts());
      assertThat(registry.allRequests()).isEmpty();
    }
  }

  @Test
  void offlineWhatIsNotKeptIsAFailure() throws Exception {
    LayerBuilder unread = new LayerBuilder().text("x", "x");
    Digest digest = serve("1", new ImageSpec().layer(unread));
    try (Scanner offline =
        Scanner.builder().store(store).registries(new OfflineRegistry()).build()) {
      SweepInspector inspector =
          new SweepInspector(offline, request(PlatformRequest.DEFAULT, "kata"));
      InRegistry tag = reference("1");

      assertThatThrownBy(() -> inspector.digest(tag)).isInstanceOf(ScanException.Unavailable.class);
      assertThat(failure(inspector, tag, Optional.empty())).contains("manifest 1 is not kept");
      assertThat(failure(inspector, tag, Optional.of(digest)))
          .contains("manifest " + digest + " is not kept");
      inspector().created(tag, Optional.of(digest));
      assertThat(failure(inspector, tag, Optional.of(digest)))
          .contains("layer " + Bytes.digest(unread.tar()) + " is not kept");
    }
  }

  private String failure(SweepInspector inspector, InRegistry tag, Optional<Digest> digest)
      throws InterruptedException {
    return inspector.scan(tag, digest, pulls).get(0).error().orElseThrow().message();
  }
}
