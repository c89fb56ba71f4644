package dev.imgcompat.core.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imgcompat.core.testing.ReportBuilder;
import dev.imgcompat.core.verdict.Decision;
import dev.imgcompat.core.verdict.Report;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What holds for every format. */
class ExportFormatTest {
  private static final List<Report> REPORTS =
      List.of(
          ReportBuilder.on("kata:3.19")
              .at("2026-11-02T00:00:00Z")
              .needsVsyscallAndIsSlow("centos:6.8")
              .compatible("debian:12")
              .slow("centos:7")
              .build(),
          ReportBuilder.on("kata:3.19")
              .excluded("registry.example.com:5000/team/app:1.0")
              .failed("gone:1")
              .build());

  private static List<String> texts(ExportFormat format, List<Report> reports) throws Exception {
    return format.make(reports, ExportOptions.DEFAULT).files().stream()
        .map(f -> f.path() + "\n" + f.text())
        .toList();
  }

  @ParameterizedTest
  @EnumSource
  void theOrderOfTheInputDoesNotMatter(ExportFormat format) throws Exception {
    List<Report> reversed = new ArrayList<>();
    for (Report report : REPORTS) {
      List<Report.ImageReport> images = new ArrayList<>(report.images());
      Collections.reverse(images);
      reversed.add(0, new Report(1, report.tool(), images));
    }

    assertThat(texts(format, reversed)).isEqualTo(texts(format, REPORTS));
  }

  @ParameterizedTest
  @EnumSource
  void everyTextEndsWithALineBreak(ExportFormat format) throws Exception {
    assertThat(texts(format, REPORTS)).isNotEmpty().allMatch(t -> t.endsWith("\n"));
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"EXCLUSIONS", "CSV"})
  void everyTextSaysWhatItIsMadeOf(ExportFormat format) throws Exception {
    for (String text : texts(format, REPORTS)) {
      assertThat(text)
          .contains("kata:3.19", "2026-11-02T00:00:00Z", "sha256:" + "0".repeat(64))
          .containsPattern(Decision.EXCLUDED.name());
    }
  }

  @ParameterizedTest
  @EnumSource
  void noReportsGiveSomethingValid(ExportFormat format) throws Exception {
    List<Report> none = List.of(ReportBuilder.on("kata:3.19").build());
    ExportOptions options =
        new ExportOptions(
            Optional.of("kata:3.19"),
            ExportOptions.DEFAULT.platforms(),
            true,
            false,
            false,
            RouterSetup.DEFAULT,
            GuestSetup.DEFAULT);

    assertThat(format.make(none, options).files()).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource
  void aListThatIsComparedWithItselfIsTheSame(ExportFormat format) throws Exception {
    if (!format.isList()) {
      assertThatThrownBy(() -> format.make(REPORTS, ExportOptions.DEFAULT).since(""))
          .isInstanceOf(ExportException.class);
      return;
    }
    String text = format.make(REPORTS, ExportOptions.DEFAULT).files().get(0).text();

    ListDiff same = format.make(REPORTS, ExportOptions.DEFAULT).since(text);

    assertThat(same.lines()).isEmpty();
    assertThat(same.entries()).isPositive();
    assertThat(same.removed()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void aListThatLostEverythingLacksEverything(ExportFormat format) throws Exception {
    if (format.isList()) {
      String text = format.make(REPORTS, ExportOptions.DEFAULT).files().get(0).text();
      List<Report> none = List.of(ReportBuilder.on("kata:3.19").build());

      ListDiff difference =
          format
              .make(
                  none,
                  new ExportOptions(
                      Optional.of("kata:3.19"),
                      ExportOptions.DEFAULT.platforms(),
                      true,
                      false,
                      false,
                      RouterSetup.DEFAULT,
                      GuestSetup.DEFAULT))
              .since(text);

      assertThat(difference.removed()).isEqualTo(difference.entries()).isPositive();
      assertThat(difference.lines())
          .isNotEmpty()
          .allMatch(l -> l.startsWith("- ") && l.endsWith(": not in the reports"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatIsNoListOfTheFormatIsRefusedOrForeign(ExportFormat format) {
    if (format.isList()) {
      for (String old : List.of("{", "\u0000", "a: [", "\"")) {
        try {
          ListDiff difference = format.make(REPORTS, ExportOptions.DEFAULT).since(old);
          assertThat(difference.lines()).as("%s of %s", format, old).isNotEmpty();
        } catch (ExportException e) {
          assertThat(e.getMessage().lines()).hasSize(1);
        }
      }
    }
  }

  @Test
  void formatsAreFoundByTheirNames() {
    assertThat(Stream.of(ExportFormat.values()).map(f -> ExportFormat.of(f.id())))
        .containsExactly(ExportFormat.values());
    assertThatThrownBy(() -> ExportFormat.of("pdf")).hasMessageContaining("exclusions");
  }
}
