package dev.imgcompat.service.lists;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.testing.ReportBuilder;
import dev.imgcompat.core.verdict.Report;
import dev.imgcompat.core.verdict.Report.ImageReport;
import dev.imgcompat.core.verdict.ReportFacts;
import dev.imgcompat.core.verdict.ReportFacts.ElfCounts;
import dev.imgcompat.core.verdict.ReportFacts.ReportLayer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SharedPartsTest {
  private final SharedParts parts = new SharedParts();

  /** An image on a base, of which nothing is the same object twice. */
  private static ImageReport image(String name) {
    ImageReport image = ReportBuilder.on("kata").excluded(name).build().images().get(0);
    ReportFacts facts =
        new ReportFacts(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            new ElfCounts(3, 1, 1, 0, Map.of("EM_386", 1), List.of()),
            List.of(),
            List.of(layer("base", true), layer(name, false)),
            Optional.empty());
    return new ImageReport(
        image.reference(),
        image.canonical(),
        image.digest(),
        image.indexDigest(),
        image.configDigest(),
        image.platform(),
        image.scannedAt(),
        Optional.of(facts),
        image.verdicts(),
        image.notes(),
        image.error());
  }

  private static ReportLayer layer(String text, boolean fromCache) {
    return new ReportLayer(
        Optional.of(Digest.ofText(text)), Optional.of(Digest.ofText(text + ".tar")), 7, fromCache);
  }

  private static List<ReportLayer> layers(ImageReport image) {
    return image.facts().orElseThrow().layers();
  }

  @Test
  void nothingIsAnother() {
    for (ImageReport image :
        List.of(
            image("a:1"),
            image("b:1"),
            ReportBuilder.on("kata").failed("c:1").build().images().get(0))) {
      assertThat(parts.of(image)).isEqualTo(image);
    }
  }

  @Test
  void whatIsEqualIsTheSameObject() {
    ImageReport one = parts.of(image("a:1"));
    ImageReport other = parts.of(image("b:1"));

    assertThat(layers(other).get(0)).isSameAs(layers(one).get(0));
    assertThat(layers(other).get(1)).isNotEqualTo(layers(one).get(1));
    assertThat(other.verdicts().get(0)).isSameAs(one.verdicts().get(0));
  }

  @Test
  void aRevisionSharesWithTheOneBefore() {
    Report report = new Report(1, new Report.Tool("t", "1", "r"), List.of(image("a:1")));
    byte[] bytes = ReportBytes.of(report);
    Report before = ReportBytes.report(bytes, parts);
    Report now = ReportBytes.report(bytes, parts);

    assertThat(now).isEqualTo(report);
    assertThat(now.images().get(0).facts().orElseThrow())
        .isSameAs(before.images().get(0).facts().orElseThrow());
  }
}
