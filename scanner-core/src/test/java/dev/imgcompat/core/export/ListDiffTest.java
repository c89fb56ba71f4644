package dev.imgcompat.core.export;

import static dev.imgcompat.core.testing.ReportBuilder.digestOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.imgcompat.core.testing.ReportBuilder;
import dev.imgcompat.core.verdict.Report;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ListDiffTest {
  private static final ExportOptions THREE_WAY =
      ExportOptions.DEFAULT.with(
          new RouterSetup(
              Optional.empty(),
              "k8s",
              Optional.empty(),
              "k8s-vm",
              Optional.empty(),
              RouterSetup.Parameters.ANNOTATION));

  private static ReportBuilder kata() {
    return ReportBuilder.on("kata:3.19");
  }

  private static ListDiff diff(
      ExportFormat format, Report before, Report now, ExportOptions options) throws Exception {
    return format
        .make(List.of(now), options)
        .since(format.make(List.of(before), options).files().get(0).text());
  }

  private static List<String> tags(ListDiff difference) {
    return difference.lines().stream().filter(l -> !l.contains("@")).toList();
  }

  @Test
  void itSaysWhatIsAddedAndRemovedAndWhy() throws Exception {
    Report before = kata().excluded("a:1").excluded("b:1").excluded("gone:1").build();
    Report now = kata().compatible("a:1").excluded("b:1").needsVsyscall("quay.io/c:1").build();

    ListDiff difference = diff(ExportFormat.EXCLUSIONS, before, now, ExportOptions.DEFAULT);

    assertThat(tags(difference))
        .containsExactly(
            "- docker.io/library/a:1 excluded: COMPATIBLE, scanned 2026-11-01T12:00:00Z",
            "- docker.io/library/gone:1 excluded: not in the reports",
            "+ quay.io/c:1 excluded: NEEDS_KERNEL_PARAMS by vsyscall-glibc, scanned"
                + " 2026-11-01T12:00:00Z");
    assertThat(difference.entries()).isEqualTo(3);
    assertThat(difference.removed()).isEqualTo(2);
    assertThat(difference.removesMoreThan(66)).isTrue();
    assertThat(difference.removesMoreThan(67)).isFalse();
  }

  @Test
  void anImageThatIsBuiltAnewIsNoRemoval() throws Exception {
    Report before = kata().digest(digestOf("1")).excluded("a:1").build();
    Report now = kata().digest(digestOf("2")).excluded("a:1").build();

    ListDiff difference = diff(ExportFormat.EXCLUSIONS, before, now, ExportOptions.DEFAULT);

    assertThat(difference.removed()).isZero();
    assertThat(difference.lines())
        .hasSize(2)
        .anyMatch(l -> l.startsWith("+ docker.io/library/a@sha256:"))
        .anyMatch(l -> l.startsWith("- ") && l.endsWith(": its repository has other images now"));
  }

  @Test
  void digestsCountWhereThereAreNoTags() throws Exception {
    Report before = kata().digest(digestOf("1")).excluded("a@" + digestOf("1")).build();

    ListDiff difference =
        diff(
            ExportFormat.EXCLUSIONS, before, kata().excluded("b:1").build(), ExportOptions.DEFAULT);

    assertThat(difference.entries()).isEqualTo(1);
    assertThat(difference.removed()).isEqualTo(1);
  }

  @Test
  void whatGoesToAnotherExecutorIsNeitherAddedNorRemoved() throws Exception {
    Report before = kata().excluded("a:1").build();
    Report now = kata().needsVsyscall("a:1").build();

    ListDiff difference = diff(ExportFormat.SCREWDRIVER, before, now, THREE_WAY);

    assertThat(tags(difference))
        .containsExactly(
            "~ docker.io/library/a:1 excluded → k8s-vsyscall: NEEDS_KERNEL_PARAMS by"
                + " vsyscall-glibc, scanned 2026-11-01T12:00:00Z");
    assertThat(difference.removed()).isZero();
  }

  @Test
  void patternsOfOthersAreNamed() throws Exception {
    ListDiff difference =
        ExportFormat.EXCLUSIONS
            .make(List.of(kata().excluded("a:1").build()), ExportOptions.DEFAULT)
            .since("[\"rhel6\"]");

    assertThat(difference.lines()).anyMatch(l -> l.startsWith("- pattern rhel6: "));
    assertThat(difference.entries()).isEqualTo(1);
    assertThat(difference.removed()).isEqualTo(1);
  }

  @Test
  void nothingIsMoreThanNothing() throws Exception {
    ListDiff difference =
        ExportFormat.EXCLUSIONS.make(List.of(kata().build()), ExportOptions.DEFAULT).since("[]");

    assertThat(difference.removesMoreThan(0)).isFalse();
  }
}
