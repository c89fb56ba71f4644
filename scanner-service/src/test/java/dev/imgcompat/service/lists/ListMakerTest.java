package dev.imgcompat.service.lists;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.imgcompat.core.export.ExportFormat;
import dev.imgcompat.core.export.ExportOptions;
import dev.imgcompat.core.sweep.SweepProgress;
import dev.imgcompat.core.sweep.SweepSummary;
import dev.imgcompat.core.sweep.SweepSummary.End;
import dev.imgcompat.core.sweep.plan.SweepPlan.Publishing;
import dev.imgcompat.core.testing.ReportBuilder;
import dev.imgcompat.core.verdict.Report;
import dev.imgcompat.core.verdict.Report.ImageReport;
import dev.imgcompat.core.verdict.Report.ScanError;
import dev.imgcompat.core.verdict.ReportFormat;
import dev.imgcompat.service.settings.Settings;
import dev.imgcompat.service.settings.SettingsLoader;
import dev.imgcompat.service.store.ReferenceKey;
import dev.imgcompat.service.store.StoredImage;
import dev.imgcompat.service.store.StoredReference;
import dev.imgcompat.service.store.SweepRecord.Cause;
import dev.imgcompat.service.store.SweepRecord.State;
import dev.imgcompat.service.store.jdbc.JdbcStore;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ListMakerTest {
  private static final Instant NOON = Instant.parse("2026-11-01T12:00:00Z");
  private static final Report.Tool TOOL = new Report.Tool("imgcompat", "1", "sha256:0");
  private static final List<String> RUNTIMES = List.of("kata");

  @TempDir private Path directory;
  private JdbcStore store;
  private ListMaker maker;
  private PublishedLists lists;
  private int sweeps;

  @BeforeEach
  void open() {
    Settings settings =
        SettingsLoader.load(
            Map.of("lists.free-removals", "1", "lists.max-removals", "20", "lists.interval", "1d"),
            Map.of(),
            Optional.empty());
    store = JdbcStore.open(settings.store(), directory);
    ExportOptions options = ExportOptions.DEFAULT.forRuntime("kata");
    maker =
        new ListMaker(
            store,
            new Basis(RUNTIMES, "linux/amd64", TOOL),
            new RemovalGuard(settings.lists(), RUNTIMES),
            Clock.fixed(NOON, ZoneOffset.UTC));
    lists = new PublishedLists(store, maker, options, TOOL, settings);
  }

  @AfterEach
  void close() {
    lists.close();
    store.close();
  }

  private void know(ReportBuilder builder, String time) {
    ImageReport image = builder.build().images().get(0);
    store
        .images()
        .put(new StoredImage(image.digest().orElseThrow(), image, "a", Map.of("kata", "r")));
    store
        .references()
        .put(
            new StoredReference(
                new ReferenceKey(image.canonical(), "linux/amd64"),
                image.digest(),
                Optional.empty(),
                Instant.parse(time),
                Optional.empty(),
                Optional.empty()));
    store.lists().noteChange();
  }

  private void excluded(String name) {
    know(ReportBuilder.on("kata").excluded(name), "2026-11-01T12:00:00Z");
  }

  private void compatible(String name) {
    know(ReportBuilder.on("kata").compatible(name), "2026-11-01T12:00:00Z");
  }

  private void fail(String name, String kind) {
    store
        .references()
        .put(
            new StoredReference(
                new ReferenceKey(name, "linux/amd64"),
                Optional.empty(),
                Optional.empty(),
                NOON,
                Optional.of(new ScanError(kind, "it failed", "registry", false)),
                Optional.of(NOON)));
    store.lists().noteChange();
  }

  private long make() {
    maker.makeIfChanged();
    return store.lists().newestRevision().orElse(0);
  }

  /** The images of a revision, once the lists have it. */
  private String images(long revision) throws Exception {
    await().until(() -> lists.revision() == revision);
    return new String(
        lists.render(ExportFormat.IMAGES, lists.defaults()).body(), StandardCharsets.UTF_8);
  }

  @Test
  void revisionGrowsWithDecisionsOnly() {
    excluded("docker.io/library/old:1");
    compatible("docker.io/library/new:1");
    long first = make();
    assertThat(first).isPositive();
    // Scanned again, and the good tag names another image by now.
    know(
        ReportBuilder.on("kata").at("2026-11-02T00:00:00Z").excluded("docker.io/library/old:1"),
        "2026-11-02T00:00:00Z");
    know(
        ReportBuilder.on("kata")
            .digest(ReportBuilder.digestOf("another"))
            .compatible("docker.io/library/new:1"),
        "2026-11-02T00:00:00Z");
    assertThat(make()).isEqualTo(first);
    excluded("docker.io/library/new:1");
    assertThat(make()).isEqualTo(first + 1);
  }

  @Test
  void listThatWouldLoseTooMuchIsHeldBackUntilSomebodyPublishesIt() throws Exception {
    for (int i = 0; i < 10; i++) {
      excluded("docker.io/library/old" + i + ":1");
    }
    long first = make();
    for (int i = 0; i < 5; i++) {
      compatible("docker.io/library/old" + i + ":1");
    }
    assertThat(make()).isEqualTo(first);
    assertThat(lists.guard().held())
        .hasValue("5 of 10 entries of the list for kata would be gone, more than 20%");
    // What is new does not wait for that.
    excluded("docker.io/library/new:1");
    assertThat(make()).isEqualTo(first + 1);
    assertThat(images(first + 1)).contains("new:1", "old3", "old7");
    assertThat(lists.publish()).isEqualTo(first + 2);
    assertThat(lists.guard().held()).isEmpty();
    assertThat(images(first + 2)).contains("new:1", "old7").doesNotContain("old3");
  }

  @Test
  void listThatShrinksLittleByLittleIsHeldBackAsWell() {
    for (int i = 0; i < 10; i++) {
      excluded("docker.io/library/old" + i + ":1");
    }
    long first = make();
    compatible("docker.io/library/old0:1");
    compatible("docker.io/library/old1:1");
    assertThat(make()).isEqualTo(first + 1);
    assertThat(lists.guard().held()).isEmpty();
    compatible("docker.io/library/old2:1");
    assertThat(make()).isEqualTo(first + 1);
    assertThat(lists.guard().held()).isPresent();
  }

  @Test
  void imageThatIsNoLongerUnknownIsNoRemoval() throws Exception {
    for (int i = 0; i < 10; i++) {
      fail("docker.io/library/image" + i + ":1", "registry-unavailable");
    }
    long first = make();
    for (int i = 0; i < 10; i++) {
      compatible("docker.io/library/image" + i + ":1");
    }
    assertThat(make()).isEqualTo(first + 1);
    assertThat(lists.guard().held()).isEmpty();
    assertThat(images(first + 1)).doesNotContain("library/image");
  }

  @Test
  void failureForAnotherPlatformSaysNothingOfTheTag() throws Exception {
    compatible("docker.io/library/new:1");
    store
        .references()
        .put(
            new StoredReference(
                new ReferenceKey("docker.io/library/new:1", "linux/arm64"),
                Optional.empty(),
                Optional.empty(),
                NOON,
                Optional.of(new ScanError("platform-missing", "no such", "user", false)),
                Optional.of(NOON)));
    long made = make();
    assertThat(images(made)).doesNotContain("new:1");
  }

  @Test
  void fewRemovalsPassWhateverShareTheyAre() {
    excluded("docker.io/library/a:1");
    excluded("docker.io/library/b:1");
    long first = make();
    compatible("docker.io/library/a:1");
    assertThat(make()).isEqualTo(first + 1);
  }

  @Test
  void registryThatFailsRemovesNothingAndItsNewImagesAreUnknown() throws Exception {
    excluded("docker.io/library/old:1");
    fail("docker.io/library/unreachable:1", "registry-unavailable");
    fail("docker.io/library/made-up:1", "not-found");
    long made = make();
    assertThat(images(made))
        .contains("docker.io/library/old:1", "docker.io/library/unreachable:1")
        .doesNotContain("made-up");
  }

  @Test
  void restartMakesNoRevision() {
    excluded("docker.io/library/old:1");
    long first = make();
    new ListMaker(
            store,
            new Basis(RUNTIMES, "linux/amd64", new Report.Tool("imgcompat", "2", "sha256:0")),
            new RemovalGuard(new Settings.ListSettings(Duration.ofSeconds(1), 0, 0), RUNTIMES),
            Clock.systemUTC())
        .makeIfChanged();
    assertThat(store.lists().newestRevision().orElse(0)).isEqualTo(first);
  }

  private String sweep(Publishing publishing) {
    String id = "sweep-" + ++sweeps;
    store.sweeps().add(id, "nightly", Cause.SCHEDULE, publishing, NOON, "{}");
    store.sweeps().begin(id, "worker", NOON);
    return id;
  }

  private void end(String id, boolean whole) {
    SweepProgress progress =
        new SweepProgress(NOON, 1, false, OptionalLong.empty(), 0, 0, 0, 1, 0, 0, 0, 0, Map.of());
    SweepSummary summary =
        new SweepSummary(
            "nightly",
            1,
            NOON,
            NOON,
            End.COMPLETE,
            progress,
            "kata",
            Map.of(),
            0,
            List.of(),
            Map.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            0,
            whole);
    store.sweeps().end(id, "worker", State.DONE, Optional.of(summary), Optional.empty(), NOON);
    store.lists().noteChange();
  }

  /** A sweep finds a reference to name what it names. */
  private void swept(String name) {
    StoredReference known =
        store.references().reference(new ReferenceKey(name, "linux/amd64")).orElseThrow();
    store.references().putSwept(known, known.checkedAt(), "nightly");
    store.lists().noteChange();
  }

  @Test
  void listsHaveWhatASweepFoundOnceItEnds() throws Exception {
    excluded("docker.io/library/old:1");
    long first = make();
    String sweep = sweep(Publishing.AT_END);
    excluded("docker.io/library/new:1");
    swept("docker.io/library/new:1");
    compatible("docker.io/library/old:1");
    swept("docker.io/library/old:1");
    assertThat(make()).as("nothing of it yet").isEqualTo(first);
    assertThat(lists.guard().held()).isEmpty();
    // What a lookup finds meanwhile does not wait.
    excluded("docker.io/library/looked-up:1");
    long second = make();
    assertThat(images(second)).contains("old:1", "looked-up:1").doesNotContain("new:1");

    end(sweep, true);
    long third = make();
    assertThat(images(third)).contains("new:1", "looked-up:1").doesNotContain("old:1");
  }

  @Test
  void aLookupOfATagTakesItFromTheSweep() throws Exception {
    long first = make();
    sweep(Publishing.AT_END);
    excluded("docker.io/library/new:1");
    swept("docker.io/library/new:1");
    assertThat(make()).isEqualTo(first);
    excluded("docker.io/library/new:1");
    assertThat(images(make())).contains("new:1");
  }

  @Test
  void aSweepThatPublishesContinuouslyAddsAtOnceAndTakesOffAtItsEnd() throws Exception {
    excluded("docker.io/library/old:1");
    make();
    String sweep = sweep(Publishing.CONTINUOUSLY);
    excluded("docker.io/library/new:1");
    swept("docker.io/library/new:1");
    compatible("docker.io/library/old:1");
    swept("docker.io/library/old:1");
    assertThat(images(make())).contains("new:1", "old:1");
    assertThat(lists.guard().held()).isEmpty();
    end(sweep, true);
    assertThat(images(make())).contains("new:1").doesNotContain("old:1");
  }

  @Test
  void aSweepThatWasNotWholeTakesNothingOffUntilAnotherConfirmsIt() throws Exception {
    excluded("docker.io/library/old:1");
    make();
    String sweep = sweep(Publishing.AT_END);
    excluded("docker.io/library/new:1");
    swept("docker.io/library/new:1");
    compatible("docker.io/library/old:1");
    swept("docker.io/library/old:1");
    end(sweep, false);
    assertThat(images(make())).contains("new:1", "old:1");
    assertThat(lists.guard().held())
        .hasValue("1 entries stay until a whole sweep of nightly confirms that they are to go");

    String next = sweep(Publishing.AT_END);
    swept("docker.io/library/new:1");
    swept("docker.io/library/old:1");
    end(next, true);
    assertThat(images(make())).contains("new:1").doesNotContain("old:1");
    assertThat(lists.guard().held()).isEmpty();
  }

  @Test
  void anOperatorPublishesWhatSweepsFoundWhateverIsHeld() throws Exception {
    excluded("docker.io/library/old:1");
    make();
    sweep(Publishing.AT_END);
    compatible("docker.io/library/old:1");
    swept("docker.io/library/old:1");
    make();
    assertThat(images(lists.publish())).doesNotContain("old:1");
    store.lists().noteChange();
    assertThat(images(make())).doesNotContain("old:1");
  }

  @Test
  void reportIsWhatTheListsAreMadeOf() throws Exception {
    excluded("docker.io/library/old:1");
    make();
    lists.publish();
    Report report = ReportFormat.read(new ByteArrayInputStream(lists.report().body()));
    for (ExportFormat format : List.of(ExportFormat.CSV, ExportFormat.SCREWDRIVER)) {
      assertThat(lists.render(format, lists.defaults()).body())
          .isEqualTo(
              format
                  .make(List.of(report), lists.defaults())
                  .files()
                  .get(0)
                  .text()
                  .getBytes(StandardCharsets.UTF_8));
    }
    assertThat(lists.report().revision()).isEqualTo(lists.revision());
  }
}
