package dev.imgcompat.service.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imgcompat.core.ScanListener;
import dev.imgcompat.core.ScanRequest;
import dev.imgcompat.core.Scanner;
import dev.imgcompat.core.image.PlatformRequest;
import dev.imgcompat.core.rules.RulePack;
import dev.imgcompat.core.testing.FakeRegistry;
import dev.imgcompat.core.testing.GeneratedImages;
import dev.imgcompat.core.testing.GeneratedImages.Tag;
import dev.imgcompat.core.verdict.Report.ImageReport;
import dev.imgcompat.core.verdict.Verdict;
import dev.imgcompat.service.reach.Offline;
import dev.imgcompat.service.scan.Findings;
import dev.imgcompat.service.settings.Settings;
import dev.imgcompat.service.settings.SettingsLoader;
import dev.imgcompat.service.store.DecisionChange;
import dev.imgcompat.service.store.ReferenceKey;
import dev.imgcompat.service.store.StoredImage;
import dev.imgcompat.service.store.StoredReference;
import dev.imgcompat.service.store.jdbc.JdbcStore;
import dev.imgcompat.service.subject.Freshness;
import dev.imgcompat.service.subject.Subjects;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

class RejudgingTest {
  private static final Instant NOON = Instant.parse("2026-11-01T12:00:00Z");

  @TempDir private Path directory;
  private final FakeRegistry registry = new FakeRegistry();
  private final GeneratedImages images = new GeneratedImages(1, 2, 40, 10);
  private final RulePack rules = RulePack.builtIn();
  private JdbcStore store;
  private Freshness freshness;
  private Rejudging rejudging;
  private List<Tag> tags;

  @BeforeEach
  void scanImages() throws Exception {
    Settings settings =
        SettingsLoader.load(
            Map.of("judging.runtimes", "kata,kata:3.19"), Map.of(), Optional.empty());
    Subjects subjects = new Subjects(rules, settings);
    store = JdbcStore.open(settings.store(), directory);
    images.serveAt(registry);
    tags = images.tags().stream().filter(t -> t.failure().isEmpty()).limit(10).toList();
    try (Scanner scanner = Scanner.builder().rules(rules).store(store.facts()).build()) {
      freshness = new Freshness(scanner, settings);
      for (Tag tag : tags) {
        ImageReport report =
            scanner
                .scan(
                    tag.reference(registry.name()),
                    new ScanRequest(PlatformRequest.DEFAULT, subjects.targets(), false),
                    ScanListener.NONE)
                .get(0);
        keep(tag, report);
      }
    }
    registry.forgetRequests();
    rejudging =
        new Rejudging(
            store,
            Scanner.builder()
                .rules(rules)
                .store(store.facts())
                .registries(Offline.client())
                .build(),
            rules,
            subjects,
            freshness,
            new Findings(store, freshness, subjects),
            Clock.systemUTC());
  }

  /** As if it had been judged by other rules, for one runtime, and all of it had been fine. */
  private void keep(Tag tag, ImageReport report) {
    ImageReport before =
        new ImageReport(
            report.reference(),
            report.canonical(),
            report.digest(),
            report.indexDigest(),
            report.configDigest(),
            report.platform(),
            "2026-10-01T12:00:00Z",
            report.facts(),
            List.of(Verdict.unknown("kata"), Verdict.unknown("dropped")),
            report.notes(),
            report.error());
    store
        .images()
        .put(
            new StoredImage(
                report.digest().orElseThrow(),
                before,
                freshness.analyzers(),
                Map.of("kata", "older rules", "dropped", "older rules")));
    store
        .references()
        .put(
            new StoredReference(
                key(tag),
                report.digest(),
                report.indexDigest(),
                NOON,
                Optional.empty(),
                Optional.empty()));
  }

  private ReferenceKey key(Tag tag) {
    return new ReferenceKey(tag.reference(registry.name()), "linux/amd64");
  }

  private StoredImage image(Tag tag) {
    return store
        .references()
        .reference(key(tag))
        .flatMap(StoredReference::digest)
        .flatMap(store.images()::image)
        .orElseThrow();
  }

  @AfterEach
  void close() {
    rejudging.close();
    store.close();
    registry.close();
  }

  @Test
  void imagesAreJudgedByTheRulesOfNowWithoutAskingARegistry() throws Exception {
    long changes = store.lists().changes();
    assertThat(rejudging.left()).isNaN();

    rejudging.judgeAll();

    assertThat(registry.allRequests()).isEmpty();
    assertThat(rejudging.left()).isZero();
    assertThat(store.lists().changes()).isGreaterThan(changes);
    for (Tag tag : tags) {
      StoredImage image = image(tag);
      assertThat(image.judgedBy())
          .containsOnly(
              Map.entry("kata", freshness.judgedBy()),
              Map.entry("kata:3.19", freshness.judgedBy()));
      assertThat(image.report().verdicts().get(0).decision()).isEqualTo(tag.decision());
      assertThat(image.report().scannedAt()).isEqualTo("2026-10-01T12:00:00Z");
      assertThat(image.report().facts()).isPresent();
      assertThat(store.history().history(key(tag), "kata"))
          .extracting(DecisionChange::decision)
          .containsExactly(tag.decision().name());
    }
  }

  @Test
  void whatIsJudgedByTheRulesOfNowIsLeftAlone() throws Exception {
    rejudging.judgeAll();
    long changes = store.lists().changes();
    rejudging.judgeAll();
    assertThat(store.lists().changes()).isEqualTo(changes);
  }

  @Test
  void anImageWhoseFactsAreGoneIsLeftToTheNextLook() throws Exception {
    JdbcClient.create(store.dataSource()).sql("DELETE FROM layer_facts").update();

    rejudging.judgeAll();

    assertThat(rejudging.left()).isPositive();
    assertThat(registry.allRequests()).isEmpty();
    assertThat(image(tags.get(0)).judgedBy()).containsEntry("kata", "older rules");
  }

  @Test
  void anImageThatCannotBeReadDoesNotKeepTheOthersFromBeingJudged() throws Exception {
    Tag broken = tags.get(0);
    String digest = image(broken).digest().value();
    JdbcClient.create(store.dataSource())
        .sql("UPDATE image SET report = ? WHERE digest = ?")
        .params("no report".getBytes(StandardCharsets.UTF_8), digest)
        .update();

    rejudging.judgeAll();

    assertThat(rejudging.left()).isEqualTo(1);
    List<Tag> others = tags.stream().filter(t -> !t.equals(broken)).toList();
    for (Tag tag : others) {
      StoredReference reference = store.references().reference(key(tag)).orElseThrow();
      if (reference.digest().filter(d -> d.value().equals(digest)).isEmpty()) {
        assertThat(image(tag).judgedBy()).containsEntry("kata", freshness.judgedBy());
      }
    }
  }
}
