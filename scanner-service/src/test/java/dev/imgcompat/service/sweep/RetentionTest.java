package dev.imgcompat.service.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.sweep.SweepProgress;
import dev.imgcompat.core.sweep.SweepSummary;
import dev.imgcompat.core.sweep.SweepSummary.End;
import dev.imgcompat.core.sweep.plan.SweepPlan.Publishing;
import dev.imgcompat.core.sweep.state.TagRecord;
import dev.imgcompat.core.testing.ReportBuilder;
import dev.imgcompat.core.verdict.Decision;
import dev.imgcompat.core.verdict.Report.ImageReport;
import dev.imgcompat.core.verdict.Report.ScanError;
import dev.imgcompat.service.settings.Settings;
import dev.imgcompat.service.settings.SettingsLoader;
import dev.imgcompat.service.store.DecisionChange;
import dev.imgcompat.service.store.ReferenceKey;
import dev.imgcompat.service.store.StoredImage;
import dev.imgcompat.service.store.StoredReference;
import dev.imgcompat.service.store.SweepRecord.Cause;
import dev.imgcompat.service.store.SweepRecord.State;
import dev.imgcompat.service.store.jdbc.JdbcStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetentionTest {
  private static final Instant NOON = Instant.parse("2026-11-01T12:00:00Z");
  private static final ReferenceKey APP = new ReferenceKey("r.example/app:1", "linux/amd64");
  private static final ScanError GONE = new ScanError("not-found", "gone", "user", false);

  @TempDir private Path directory;
  private final SetClock clock = new SetClock();
  private JdbcStore store;
  private Retention retention;
  private int runs;

  /** A clock that stands still until it is set. */
  private static final class SetClock extends Clock {
    private volatile Instant now = NOON;

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  @BeforeEach
  void open() {
    Settings settings = SettingsLoader.load(Map.of("sweeps.keep", "2"), Map.of(), Optional.empty());
    store = JdbcStore.open(settings.store(), directory);
    retention = new Retention(store, settings, List.of("nightly"), clock);
  }

  @AfterEach
  void close() {
    retention.close();
    store.close();
  }

  private void after(Duration duration) {
    clock.now = clock.now.plus(duration);
  }

  private Digest know() {
    ImageReport report = ReportBuilder.on("kata").excluded(APP.canonical()).build().images().get(0);
    Digest digest = report.digest().orElseThrow();
    store.images().put(new StoredImage(digest, report, "a", Map.of("kata", "r")));
    store
        .references()
        .putSwept(
            new StoredReference(
                APP,
                Optional.of(digest),
                Optional.empty(),
                clock.now,
                Optional.empty(),
                Optional.empty()),
            clock.now,
            "nightly");
    store.history().note(APP, List.of("kata"), clock.now);
    return digest;
  }

  /** A tag that is gone since a time. */
  private void gone(Instant since) {
    StoredReference before = store.references().reference(APP).orElseThrow();
    store
        .references()
        .putSwept(
            new StoredReference(
                APP,
                before.digest(),
                Optional.empty(),
                clock.now,
                Optional.of(GONE),
                Optional.of(clock.now)),
            clock.now,
            "nightly");
    store
        .sweptTags()
        .put(
            "nightly",
            new TagRecord(
                APP.canonical(),
                1,
                clock.now,
                before.digest(),
                "basis",
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(since),
                List.of()));
  }

  private void swept(boolean whole) {
    swept("nightly", whole);
  }

  private void swept(String name, boolean whole) {
    String id = "run" + ++runs;
    String plan =
        """
        {"name": "%s", "keepGone": "2d", "sources": [{"registry": "r.example"}]}
        """
            .formatted(name);
    store.sweeps().add(id, name, Cause.REQUEST, Publishing.AT_END, clock.now, plan);
    store.sweeps().begin(id, "worker", clock.now);
    store
        .sweeps()
        .end(id, "worker", State.DONE, Optional.of(summary(whole)), Optional.empty(), clock.now);
  }

  private static SweepSummary summary(boolean whole) {
    SweepProgress progress =
        new SweepProgress(NOON, 1, false, OptionalLong.empty(), 0, 0, 0, 0, 1, 0, 0, 0, Map.of());
    return new SweepSummary(
        "nightly",
        1,
        NOON,
        NOON,
        whole ? End.COMPLETE : End.INCOMPLETE,
        progress,
        "kata",
        Map.of(Decision.EXCLUDED, 1L),
        1,
        List.of(),
        Map.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        0,
        whole);
  }

  private boolean isThere() {
    return store.references().reference(APP).isPresent();
  }

  @Test
  void aTagThatIsGoneLeavesAfterTheTimeOfItsPlanWithALineInItsHistory() {
    know();
    gone(NOON);
    swept(true);
    after(Duration.ofHours(47));
    retention.clean();
    assertThat(isThere()).isTrue();

    after(Duration.ofHours(1));
    retention.clean();

    assertThat(isThere()).isFalse();
    assertThat(store.sweptTags().tag("nightly", APP.canonical())).isEmpty();
    assertThat(store.history().history(APP, "kata"))
        .extracting(DecisionChange::decision)
        .containsExactly("GONE", "EXCLUDED");
  }

  @Test
  void nothingLeavesByASweepThatWasNotWhole() {
    know();
    gone(NOON);
    swept(true);
    swept(false);
    after(Duration.ofDays(3));
    retention.clean();
    assertThat(isThere()).isTrue();

    swept(true);
    retention.clean();
    assertThat(isThere()).isFalse();
  }

  @Test
  void aTagThatALookupFoundSinceStays() {
    Digest digest = know();
    gone(NOON);
    swept(true);
    after(Duration.ofDays(3));
    store
        .references()
        .put(
            new StoredReference(
                APP,
                Optional.of(digest),
                Optional.empty(),
                clock.now,
                Optional.empty(),
                Optional.empty()));
    retention.clean();
    assertThat(isThere()).isTrue();
  }

  @Test
  void whatNoReferenceNamesIsForgottenOneAfterTheOther() {
    Digest digest = know();
    gone(NOON);
    swept(true);
    after(Duration.ofDays(3));
    retention.clean();
    assertThat(store.images().image(digest)).isPresent();
    after(Duration.ofDays(8));
    retention.clean();
    assertThat(store.images().image(digest)).isEmpty();
    assertThat(store.history().history(APP, "kata")).hasSize(2);
    after(Duration.ofDays(366));
    retention.clean();
    assertThat(store.history().history(APP, "kata")).isEmpty();
    assertThat(store.sweeps().plans()).isEmpty();
  }

  @Test
  void listsDoNotWaitForAPlanThatMayNeverBeSweptAgain() {
    swept("once", false);
    swept("nightly", false);
    after(Duration.ofDays(6));
    retention.clean();
    assertThat(store.sweeps().holds()).containsOnlyKeys("once", "nightly");
    long changes = store.lists().changes();

    after(Duration.ofDays(2));
    retention.clean();

    assertThat(store.sweeps().holds()).containsOnlyKeys("nightly");
    assertThat(store.lists().changes()).isGreaterThan(changes);
  }

  @Test
  void aPlanThatIsNotInTheFileIsForgottenSooner() {
    swept("once", true);
    swept("nightly", true);
    after(Duration.ofDays(29));
    retention.clean();
    assertThat(store.sweeps().plans()).containsExactly("nightly", "once");
    after(Duration.ofDays(2));
    retention.clean();
    assertThat(store.sweeps().plans()).containsExactly("nightly");
  }

  @Test
  void asManyRunsAreKeptAsTheSettingsSay() {
    for (int i = 0; i < 4; i++) {
      swept(true);
    }
    retention.clean();
    assertThat(store.sweeps().sweep("run2")).isEmpty();
    assertThat(store.sweeps().sweep("run3")).isPresent();
  }

  @Test
  void documentsAreForgottenOnlyOnceAllImagesAreLinked() {
    byte[] document = "unused".getBytes(StandardCharsets.UTF_8);
    Digest digest = dev.imgcompat.core.image.Bytes.digest(document);
    store.facts().putDocument(digest, document);
    clock.now = Instant.now().plus(Duration.ofDays(8));
    retention.clean();
    assertThat(store.facts().document(digest)).isEmpty();
  }
}
