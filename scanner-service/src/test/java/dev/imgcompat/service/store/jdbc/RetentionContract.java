package dev.imgcompat.service.store.jdbc;

import static dev.imgcompat.service.store.jdbc.StoreSamples.NOON;
import static dev.imgcompat.service.store.jdbc.StoreSamples.found;
import static dev.imgcompat.service.store.jdbc.StoreSamples.image;
import static dev.imgcompat.service.store.jdbc.StoreSamples.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.imgcompat.core.facts.FactKey;
import dev.imgcompat.core.image.Bytes;
import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.layer.LayerFacts;
import dev.imgcompat.core.sweep.state.TagRecord;
import dev.imgcompat.core.testing.LayerBuilder;
import dev.imgcompat.core.testing.Layers;
import dev.imgcompat.core.verdict.Decision;
import dev.imgcompat.core.verdict.Report.ImageReport;
import dev.imgcompat.core.verdict.ReportFacts;
import dev.imgcompat.core.verdict.ReportFacts.ElfCounts;
import dev.imgcompat.core.verdict.ReportFacts.ReportLayer;
import dev.imgcompat.service.store.RetentionStore;
import dev.imgcompat.service.store.RetentionStore.Page;
import dev.imgcompat.service.store.StoredImage;
import dev.imgcompat.service.store.StoredReference;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the store must do on every database: let go what nothing uses, and nothing else. */
abstract class RetentionContract extends SweepsContract {
  private static final LayerFacts FACTS =
      Layers.facts(new LayerBuilder().text("etc/os-release", "ID=x\n"));
  private static final FactKey KEY = facts(FACTS.digest().orElseThrow(), "elf-1");
  private static final Instant LONG_AGO = Instant.EPOCH;
  private static final Instant EVER = Instant.parse("2100-01-01T00:00:00Z");

  /** An image of these layers, config and index. */
  private static StoredImage made(
      Digest digest, List<Digest> layers, Digest config, Optional<Digest> index) {
    ImageReport report = image(digest, "kata", Decision.EXCLUDED).report();
    ReportFacts facts =
        new ReportFacts(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            new ElfCounts(0, 0, 0, 0, Map.of(), List.of()),
            List.of(),
            layers.stream()
                .map(d -> new ReportLayer(Optional.of(d), Optional.empty(), 1, false))
                .toList(),
            Optional.empty());
    return new StoredImage(
        digest,
        new ImageReport(
            report.reference(),
            report.canonical(),
            Optional.of(digest),
            index,
            Optional.of(config),
            report.platform(),
            report.scannedAt(),
            Optional.of(facts),
            report.verdicts(),
            report.notes(),
            report.error()),
        "elf-1",
        Map.of("kata", "rules-1 any"));
  }

  private static int all(Function<Optional<String>, Page> walk) {
    int forgotten = 0;
    Optional<String> after = Optional.empty();
    do {
      Page page = walk.apply(after);
      forgotten += page.forgotten();
      after = page.last();
    } while (after.isPresent());
    return forgotten;
  }

  private int forgetImages(Instant now, Instant markedBefore) {
    return all(after -> store.retention().forgetImages(after, now, markedBefore));
  }

  private Digest document(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    store.facts().putDocument(Bytes.digest(bytes), bytes);
    return Bytes.digest(bytes);
  }

  private static FactKey facts(Digest layer, String analyzers) {
    return new FactKey(layer, analyzers);
  }

  @Test
  void imageThatNoReferenceNamesIsForgottenAfterAWhile() {
    Digest used = Digest.ofText("used");
    store.images().put(image(DIGEST, "kata", Decision.EXCLUDED));
    store.images().put(image(used, "kata", Decision.EXCLUDED));
    store.references().put(found(CENTOS, used));

    assertThat(forgetImages(NOON, LONG_AGO)).as("marked").isZero();
    assertThat(forgetImages(NOON.plusSeconds(5), NOON)).as("still young").isZero();
    assertThat(forgetImages(NOON.plusSeconds(5), NOON.plusMillis(1))).isEqualTo(1);

    assertThat(store.images().image(DIGEST)).isEmpty();
    assertThat(store.images().image(used)).isPresent();
    assertThat(number("SELECT count(*) FROM verdict")).isEqualTo(1);
    assertThat(number("SELECT count(*) FROM image_document")).isEqualTo(1);
  }

  /** Sweeps meet the same few images in thousands of tags. */
  @Test
  void keepingAnImageThatIsInUseWritesNothing() throws SQLException {
    store.images().put(image(DIGEST, "kata", Decision.EXCLUDED));
    try (Connection other = store.dataSource().getConnection();
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.executeQuery("SELECT digest FROM image FOR UPDATE").close();

      assertThat(store.images().keep(List.of(DIGEST, DIGEST))).isTrue();

      other.rollback();
      other.setAutoCommit(true);
    }
    assertThat(store.images().keep(List.of(DIGEST, Digest.ofText("never")))).isFalse();
  }

  @Test
  void imageThatIsNamedOrKeptAgainIsNotForgotten() {
    Digest named = Digest.ofText("named");
    Digest scanned = Digest.ofText("scanned");
    for (Digest digest : List.of(DIGEST, named, scanned)) {
      store.images().put(image(digest, "kata", Decision.EXCLUDED));
    }
    forgetImages(NOON, LONG_AGO);

    store.references().put(found(CENTOS, named));
    store.images().put(image(scanned, "kata", Decision.EXCLUDED));
    assertThat(store.images().keep(List.of(DIGEST, DIGEST))).isTrue();

    assertThat(forgetImages(NOON.plusSeconds(5), NOON.plusSeconds(5))).isZero();
    assertThat(store.images().count()).isEqualTo(3);
    assertThat(store.images().keep(List.of(DIGEST, Digest.ofText("never")))).isFalse();
    assertThat(store.images().keep(List.of())).isTrue();
  }

  @Test
  void manyImagesAreLookedAtPageByPage() {
    int count = RetentionStore.PAGE + 20;
    for (int i = 0; i < count; i++) {
      store.images().put(image(Digest.ofText("image " + i), "kata", Decision.EXCLUDED));
    }
    forgetImages(NOON, LONG_AGO);
    assertThat(forgetImages(NOON, NOON.plusMillis(1))).isEqualTo(count);
    assertThat(store.images().count()).isZero();
  }

  @Test
  void documentsThatNothingUsesAreForgotten() {
    Digest manifest = document("manifest");
    Digest config = document("config");
    Digest index = document("index");
    Digest otherIndex = document("other index");
    Digest unused = document("unused");
    store.images().put(made(manifest, List.of(), config, Optional.of(index)));
    store
        .references()
        .put(
            new StoredReference(
                CENTOS,
                Optional.of(manifest),
                Optional.of(otherIndex),
                NOON,
                Optional.empty(),
                Optional.empty()));

    assertThat(all(a -> store.retention().forgetDocuments(a, LONG_AGO))).as("young").isZero();
    assertThat(all(a -> store.retention().forgetDocuments(a, EVER))).isEqualTo(1);

    assertThat(store.facts().document(unused)).isEmpty();
    assertThat(Stream.of(manifest, config, index, otherIndex).map(store.facts()::document))
        .allMatch(Optional::isPresent);
  }

  @Test
  void factsOfLayersThatNoImageHasAreForgotten() {
    Digest used = FACTS.digest().orElseThrow();
    store.facts().putFacts(KEY, FACTS);
    Digest unused = Digest.ofText("unused layer");
    store.facts().putFacts(facts(unused, "elf-1"), FACTS);
    store.images().put(made(DIGEST, List.of(used), Digest.ofText("config"), Optional.empty()));

    assertThat(all(a -> store.retention().forgetFacts(a, LONG_AGO, LONG_AGO))).isZero();
    assertThat(all(a -> store.retention().forgetFacts(a, EVER, LONG_AGO))).isEqualTo(1);

    assertThat(store.facts().facts(KEY)).isPresent();
  }

  @Test
  void factsOfOlderAnalyzersAreForgottenOnceThereAreNewerOnes() {
    Digest layer = FACTS.digest().orElseThrow();
    store.images().put(made(DIGEST, List.of(layer), Digest.ofText("config"), Optional.empty()));
    store.facts().putFacts(facts(layer, "elf-1"), FACTS);
    assertThat(all(a -> store.retention().forgetFacts(a, EVER, EVER))).as("the only ones").isZero();
    client().sql("UPDATE layer_facts SET stored_at = 1").update();
    store.facts().putFacts(facts(layer, "elf-2"), FACTS);

    assertThat(all(a -> store.retention().forgetFacts(a, EVER, LONG_AGO))).as("young").isZero();
    assertThat(all(a -> store.retention().forgetFacts(a, EVER, EVER))).isEqualTo(1);

    assertThat(store.facts().facts(facts(layer, "elf-2"))).isPresent();
  }

  @Test
  void imagesOfBeforeAreLinkedInTheBackground() {
    Digest layer = FACTS.digest().orElseThrow();
    store.images().put(made(DIGEST, List.of(layer, layer), Digest.ofText("c"), Optional.empty()));
    client().sql("DELETE FROM image_layer").update();
    client().sql("DELETE FROM image_document").update();
    client().sql("UPDATE image SET linked = FALSE").update();

    assertThat(store.retention().allLinked()).isFalse();
    assertThat(store.retention().linkImages()).isEqualTo(1);
    assertThat(store.retention().linkImages()).isZero();
    assertThat(store.retention().allLinked()).isTrue();

    assertThat(number("SELECT count(*) FROM image_layer")).isEqualTo(1);
    assertThat(number("SELECT count(*) FROM image_document")).isEqualTo(2);
  }

  @Test
  void imagesOfBeforeThatAreDamagedAreForgotten() {
    Digest layer = FACTS.digest().orElseThrow();
    store.images().put(made(DIGEST, List.of(layer), Digest.ofText("c"), Optional.empty()));
    Digest other = Digest.ofText("other");
    store.images().put(made(other, List.of(layer), Digest.ofText("c"), Optional.empty()));
    client().sql("UPDATE image SET linked = FALSE").update();
    client()
        .sql("UPDATE image SET report = ? WHERE digest = ?")
        .params("no report".getBytes(StandardCharsets.UTF_8), DIGEST.value())
        .update();

    while (!store.retention().allLinked()) {
      assertThat(store.retention().linkImages()).isPositive();
    }

    assertThat(store.images().image(DIGEST)).isEmpty();
    assertThat(store.images().image(other)).isPresent();
    assertThat(number("SELECT count(*) FROM verdict WHERE image_digest = '" + DIGEST + "'"))
        .isZero();
  }

  @Test
  void outcomesThatNoTagHasOrThatAreJudgedAnewAreForgotten() {
    Digest unused = Digest.ofText("unused");
    store
        .sweptTags()
        .put(
            "nightly",
            new TagRecord(
                "r/app:1",
                1,
                NOON,
                Optional.of(DIGEST),
                "new",
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of()));
    store.sweptTags().putOutcomes(DIGEST, "old", List.of(), NOON);
    store.sweptTags().putOutcomes(DIGEST, "new", List.of(), NOON.plusSeconds(1));
    store.sweptTags().putOutcomes(unused, "new", List.of(), NOON);

    assertThat(all(a -> store.retention().forgetOutcomes(a, NOON))).as("young").isZero();
    assertThat(all(a -> store.retention().forgetOutcomes(a, EVER))).isEqualTo(2);

    assertThat(store.sweptTags().outcomes(DIGEST, "new")).isPresent();
    assertThat(store.sweptTags().outcomes(DIGEST, "old")).isEmpty();
  }

  @Test
  void imagesThatAreJudgedOtherwiseAreFound() {
    Digest oldRules = Digest.ofText("old rules");
    Digest oldAnalyzers = Digest.ofText("old analyzers");
    Digest lacksOne = Digest.ofText("lacks one");
    StoredImage now = image(DIGEST, "kata", Decision.EXCLUDED);
    store.images().put(now);
    store.images().put(new StoredImage(oldRules, now.report(), "elf-1", Map.of("kata", "r-0")));
    store
        .images()
        .put(new StoredImage(oldAnalyzers, now.report(), "elf-0", Map.of("kata", "rules-1 any")));
    store.images().put(image(lacksOne, "kata:3.19", Decision.EXCLUDED));
    List<Digest> all = store.images().digests(Optional.empty(), 10);
    assertThat(all).hasSize(4).isSortedAccordingTo((a, b) -> a.value().compareTo(b.value()));
    assertThat(store.images().digests(Optional.of(all.get(1)), 1)).containsExactly(all.get(2));

    assertThat(store.images().unjudged(all, "elf-1", "rules-1 any", List.of("kata")))
        .containsExactlyInAnyOrder(oldRules, oldAnalyzers, lacksOne);
    assertThat(store.images().unjudged(List.of(), "elf-1", "x", List.of("kata"))).isEmpty();
  }

  @Test
  void severalMayForgetAtOnce() throws Exception {
    try (JdbcStore other = open()) {
      for (int i = 0; i < 50; i++) {
        store.images().put(image(Digest.ofText("image " + i), "kata", Decision.EXCLUDED));
        store.references().put(found(key("r/app:" + i), Digest.ofText("image " + 2 * i)));
      }
      store.retention().forgetImages(Optional.empty(), NOON, LONG_AGO);
      Thread thread =
          new Thread(
              () -> other.retention().forgetImages(Optional.empty(), NOON, NOON.plusMillis(1)));
      thread.start();
      store.retention().forgetImages(Optional.empty(), NOON, NOON.plusMillis(1));
      thread.join();
      assertThat(store.images().count()).isEqualTo(25);
    }
  }
}
