package dev.imgcompat.service.store.jdbc;

import static dev.imgcompat.service.store.jdbc.StoreSamples.AMD64;
import static dev.imgcompat.service.store.jdbc.StoreSamples.NOON;
import static dev.imgcompat.service.store.jdbc.StoreSamples.failed;
import static dev.imgcompat.service.store.jdbc.StoreSamples.found;
import static dev.imgcompat.service.store.jdbc.StoreSamples.image;
import static dev.imgcompat.service.store.jdbc.StoreSamples.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.testing.HostileTexts;
import dev.imgcompat.core.testing.ReportBuilder;
import dev.imgcompat.core.verdict.Decision;
import dev.imgcompat.core.verdict.Report.ImageReport;
import dev.imgcompat.core.verdict.Report.ScanError;
import dev.imgcompat.core.verdict.Verdict;
import dev.imgcompat.service.store.ImageQuery;
import dev.imgcompat.service.store.ReferenceKey;
import dev.imgcompat.service.store.ReferenceWithImage;
import dev.imgcompat.service.store.StoredImage;
import dev.imgcompat.service.store.StoredReference;
import dev.imgcompat.service.store.jdbc.StoreSamples.QueryBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the store must do on every database: images and references. */
abstract class ImagesContract extends StoreContract {
  @Test
  void imageComesBackAsItWas() {
    List<Verdict> verdicts = new ArrayList<>();
    HostileTexts.all()
        .forEach(
            text ->
                verdicts.add(
                    new Verdict(
                        "kata:" + (100 + verdicts.size()),
                        Decision.NEEDS_KERNEL_PARAMS,
                        List.of("vsyscall=emulate"),
                        List.of(ReportBuilder.hostile(text), ReportBuilder.oldGlibc()),
                        List.of(text))));
    StoredImage image =
        StoreSamples.with(
            image(DIGEST, "kata", Decision.EXCLUDED),
            verdicts,
            verdicts.stream()
                .collect(java.util.stream.Collectors.toMap(Verdict::runtime, v -> "rules any")));

    store.images().put(image);
    store.images().put(image);

    assertThat(store.images().image(DIGEST)).contains(image);
    assertThat(store.images().count()).isEqualTo(1);
    assertThat(store.images().image(Digest.ofText("other"))).isEmpty();
  }

  @Test
  void imageWithAnErrorComesBackAsItWas() {
    ImageReport report =
        ReportBuilder.on("kata").failed("centos:6.8", StoreSamples.FAILURE).build().images().get(0);
    StoredImage image = new StoredImage(DIGEST, report, "elf-1", Map.of("kata", "r"));

    store.images().put(image);

    assertThat(store.images().image(DIGEST)).contains(image);
  }

  @Test
  void verdictsForOtherRuntimesStayInTheOrderOfTheirNames() {
    store.images().put(image(DIGEST, "kata:3.19", Decision.EXCLUDED));
    store.images().put(image(DIGEST, "kata", Decision.COMPATIBLE));
    store.images().put(image(DIGEST, "kata:3.19", Decision.NEEDS_KERNEL_PARAMS));

    assertThat(store.images().image(DIGEST))
        .hasValueSatisfying(
            image -> {
              assertThat(image.report().verdicts())
                  .extracting(Verdict::runtime)
                  .containsExactly("kata", "kata:3.19");
              assertThat(image.report().verdicts())
                  .extracting(Verdict::decision)
                  .containsExactly(Decision.COMPATIBLE, Decision.NEEDS_KERNEL_PARAMS);
              assertThat(image.judgedBy()).containsOnlyKeys("kata", "kata:3.19");
            });
  }

  @Test
  void verdictsOfFactsThatOtherAnalyzersReadAreGone() {
    store.images().put(image(DIGEST, "kata:3.19", Decision.EXCLUDED));
    StoredImage image = image(DIGEST, "kata", Decision.COMPATIBLE);
    StoredImage newer = new StoredImage(DIGEST, image.report(), "elf-2", image.judgedBy());

    store.images().put(newer);

    assertThat(store.images().image(DIGEST)).contains(newer);
  }

  @Test
  void referenceComesBackAsItWas() {
    StoredReference reference =
        new StoredReference(
            CENTOS,
            Optional.of(DIGEST),
            Optional.of(Digest.ofText("index")),
            NOON,
            Optional.of(new ScanError("kind", "long ".repeat(10_000) + "\u0000", "user", false)),
            Optional.of(NOON.plusMillis(1)));

    store.references().put(reference);
    store.references().put(reference);

    assertThat(store.references().reference(CENTOS)).contains(reference);
    StoredReference newer = found(CENTOS, DIGEST);
    store.references().put(newer);
    assertThat(store.references().reference(CENTOS)).contains(newer);
    assertThat(store.references().reference(new ReferenceKey(CENTOS.canonical(), "linux/arm64")))
        .isEmpty();
  }

  @Test
  void pagesHaveEveryReferenceOnceInTheOrderOfTheKeys() {
    List<ReferenceKey> keys = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      String name = "docker.io/team" + i % 7 + "/" + (i % 2 == 0 ? "App" : "app") + "-" + i;
      keys.add(new ReferenceKey(name + (i % 3 == 0 ? "_x:1" : ":1"), AMD64));
      keys.add(new ReferenceKey(name + (i % 3 == 0 ? "_x:1" : ":1"), "linux/arm64"));
    }
    keys.forEach(key -> store.references().put(found(key, DIGEST)));

    List<ReferenceKey> listed = new ArrayList<>();
    List<ReferenceWithImage> page = store.references().find(StoreSamples.all(7));
    while (!page.isEmpty()) {
      assertThat(page).hasSizeLessThanOrEqualTo(7);
      page.forEach(found -> listed.add(found.reference().key()));
      page =
          store
              .references()
              .find(new QueryBuilder().limit(7).after(listed.get(listed.size() - 1)).build());
    }

    assertThat(listed).containsExactlyElementsOf(keys.stream().sorted().toList());
    List<ReferenceKey> each = new ArrayList<>();
    store.references().forEach(found -> each.add(found.reference().key()));
    assertThat(each).isEqualTo(listed);
  }

  @Test
  void filtersCombine() {
    ReferenceKey app = key("quay.io/team/app:1");
    ReferenceKey appOnArm = new ReferenceKey("quay.io/team/app:1", "linux/arm64");
    ReferenceKey hub = key("docker.io/team/app:2");
    ReferenceKey other = key("quay.io/other:8080@" + DIGEST);
    Digest index = Digest.ofText("index");
    List.of(app, appOnArm, hub).forEach(key -> store.references().put(found(key, DIGEST)));
    store
        .references()
        .put(
            new StoredReference(
                other,
                Optional.of(Digest.ofText("b")),
                Optional.of(index),
                NOON,
                Optional.empty(),
                Optional.empty()));

    assertThat(keys(new QueryBuilder().registry("quay.io"))).containsExactly(other, app, appOnArm);
    assertThat(keys(new QueryBuilder().registry("quay.io").platform("linux/arm64")))
        .containsExactly(appOnArm);
    assertThat(keys(new QueryBuilder().repository("team/app"))).containsExactly(hub, app, appOnArm);
    assertThat(keys(new QueryBuilder().repository("team/app").registry("docker.io")))
        .containsExactly(hub);
    assertThat(keys(new QueryBuilder().repository("other"))).containsExactly(other);
    assertThat(keys(new QueryBuilder().repository("team/app").after(hub)))
        .containsExactly(app, appOnArm);
    assertThat(keys(new QueryBuilder().digest(DIGEST).after(app))).containsExactly(appOnArm);
    assertThat(keys(new QueryBuilder().digest(index))).containsExactly(other);
    assertThat(keys(new QueryBuilder().digest(index).registry("docker.io"))).isEmpty();
  }

  @Test
  void textIsLiteralWhateverTheCase() {
    ReferenceKey underscore = key("docker.io/a/my_app:V1");
    ReferenceKey dash = key("docker.io/a/my-app:v2");
    List.of(underscore, dash).forEach(key -> store.references().put(found(key, DIGEST)));

    assertThat(keys(new QueryBuilder().text("MY_a"))).containsExactly(underscore);
    assertThat(keys(new QueryBuilder().text("my-app:V"))).containsExactly(dash);
    assertThat(keys(new QueryBuilder().text(":v"))).containsExactly(dash, underscore);
    for (String nothing : List.of("%", "my%", "!", "\\", "'", "\u0000", "\ud800", "größe")) {
      assertThat(keys(new QueryBuilder().text(nothing))).isEmpty();
    }
  }

  @Test
  void referenceHasTheDecisionOnItsImageAndIsOtherwiseUnknown() {
    Digest excluded = Digest.ofText("excluded");
    Digest unjudged = Digest.ofText("for another runtime only");
    store.images().put(image(excluded, "kata", Decision.EXCLUDED));
    store.images().put(image(unjudged, "kata:3.19", Decision.COMPATIBLE));
    store.references().put(found(key("r/a:1"), excluded));
    store.references().put(failed(key("r/b:failed-later"), Optional.of(excluded), NOON));
    store.references().put(found(key("r/c:1"), unjudged));
    store.references().put(found(key("r/d:not-scanned"), DIGEST));
    store.references().put(failed(key("r/e:never-found"), Optional.empty(), NOON));

    assertThat(keys(new QueryBuilder().decision(Decision.EXCLUDED)))
        .containsExactly(key("r/a:1"), key("r/b:failed-later"));
    assertThat(keys(new QueryBuilder().decision(Decision.UNKNOWN)))
        .containsExactly(key("r/c:1"), key("r/d:not-scanned"), key("r/e:never-found"));
    assertThat(keys(new QueryBuilder().decision(Decision.COMPATIBLE))).isEmpty();
    assertThat(keys(new QueryBuilder().decision(Decision.EXCLUDED).text("later").registry("r")))
        .containsExactly(key("r/b:failed-later"));
    assertThat(store.references().decisions("kata"))
        .containsEntry("EXCLUDED", 2L)
        .containsEntry("UNKNOWN", 3L)
        .containsEntry("COMPATIBLE", 0L);
    assertThat(store.references().decisions("kata:3.19"))
        .containsEntry("COMPATIBLE", 1L)
        .containsEntry("UNKNOWN", 4L);
  }

  @Test
  void referencesComeWithTheirImages() {
    StoredImage image = image(DIGEST, "kata", Decision.EXCLUDED);
    store.images().put(image);
    StoredReference scanned = found(key("r/a:1"), DIGEST);
    StoredReference unknown = failed(key("r/b:1"), Optional.empty(), NOON);
    List.of(scanned, unknown).forEach(store.references()::put);
    List<ReferenceWithImage> expected =
        List.of(
            new ReferenceWithImage(scanned, Optional.of(image)),
            new ReferenceWithImage(unknown, Optional.empty()));

    assertThat(store.references().find(StoreSamples.all(10))).isEqualTo(expected);
    List<ReferenceWithImage> each = new ArrayList<>();
    store.references().forEach(each::add);
    assertThat(each).isEqualTo(expected);
  }

  @Test
  void consumerThatThrowsHarmsNothing() {
    store.references().put(found(CENTOS, DIGEST));

    for (int i = 0; i < 2 * settings().connections(); i++) {
      assertThatThrownBy(
              () ->
                  store
                      .references()
                      .forEach(
                          found -> {
                            throw new IllegalStateException("enough");
                          }))
          .isInstanceOf(IllegalStateException.class);
    }

    store.check();
  }

  @Test
  void referencesThatNoRegistryEverHadAreForgotten() {
    ReferenceKey old = key("r/never:1");
    ReferenceKey recent = key("r/never:2");
    store.references().put(failed(old, Optional.empty(), NOON));
    store.references().put(failed(recent, Optional.empty(), NOON.plusSeconds(60)));
    store.references().put(failed(CENTOS, Optional.of(DIGEST), NOON));

    assertThat(store.references().forgetNeverFound(NOON)).isZero();
    assertThat(store.references().forgetNeverFound(NOON.plusMillis(1))).isEqualTo(1);

    assertThat(keys(new QueryBuilder())).containsExactly(CENTOS, recent);
  }

  private List<ReferenceKey> keys(QueryBuilder query) {
    ImageQuery built = query.build();
    return store.references().find(built).stream().map(f -> f.reference().key()).toList();
  }
}
