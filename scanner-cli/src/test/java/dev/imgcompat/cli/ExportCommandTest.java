package dev.imgcompat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imgcompat.core.export.ExportFormat;
import dev.imgcompat.core.testing.ReportBuilder;
import dev.imgcompat.core.verdict.Report;
import dev.imgcompat.core.verdict.ReportFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExportCommandTest {
  private static final Report REPORT =
      ReportBuilder.on("kata:3.19")
          .needsVsyscallAndIsSlow("centos:6.8")
          .excluded("i386/debian:12")
          .compatible("debian:12")
          .failed("gone:1")
          .build();

  @TempDir private Path directory;

  private Run export(Report report, String... args) {
    List<String> command = new ArrayList<>(List.of("export"));
    command.addAll(List.of(args));
    return Run.of(directory, ReportFormat.json(report), false, command.toArray(String[]::new));
  }

  private static List<String> lines(String text) {
    return text.lines().filter(l -> !l.startsWith("#")).toList();
  }

  @Test
  void aReportMayComeFromStandardInput() {
    Run run = export(REPORT, "images");

    assertThat(run.exit()).isZero();
    assertThat(lines(run.out()))
        .containsExactly(
            "docker.io/i386/debian:12", "docker.io/library/centos:6.8", "docker.io/library/gone:1");
    assertThat(run.out())
        .contains("# 4 images: 1 COMPATIBLE, 1 NEEDS_KERNEL_PARAMS, 1 EXCLUDED, 1 UNKNOWN");
  }

  @Test
  void aReportMayComeThroughAPipe() throws Exception {
    Path pipe = directory.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    CompletableFuture<Path> writer =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return Files.writeString(pipe, ReportFormat.json(REPORT));
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });

    Run run = Run.of(directory, "export", "exclusions", pipe.toString());

    assertThat(run.err()).isEmpty();
    assertThat(run.out()).contains("centos");
    assertThat(writer.get()).isEqualTo(pipe);
  }

  @Test
  void severalReportsMakeOneList() throws IOException {
    Path one = Files.writeString(directory.resolve("1.json"), ReportFormat.json(REPORT));
    Path other =
        Files.writeString(
            directory.resolve("2.json"),
            ReportFormat.json(ReportBuilder.on("kata:3.19").excluded("quay.io/x:1").build()));

    Run run = Run.of(directory, "export", "images", one.toString(), other.toString());

    assertThat(lines(run.out())).hasSize(4).contains("quay.io/x:1");
  }

  @Test
  void listsFollowTheirOptions() {
    assertThat(lines(export(REPORT, "images", "--unknown", "allow", "--guest-has-params").out()))
        .containsExactly("docker.io/i386/debian:12");
    assertThat(export(REPORT, "exclusions", "--default-registry", "m.example.com").out())
        .contains("|m\\\\.example\\\\.com/)?");
    assertThat(export(REPORT, "screwdriver", "--executor", "kata", "--fallback", "vm").out())
        .contains("plugin: \"vm\"", "  kata:\n");
  }

  @Test
  void adviceAddsItsParameters() {
    Run run = export(REPORT, "kernel-params", "--with-advice");

    assertThat(run.json().path("sets").path(0).path("kernelParams"))
        .extracting(p -> p.asString())
        .containsExactly(ReportBuilder.INIT, ReportBuilder.VSYSCALL);
    assertThat(run.json().path("sets").path(0).path("images").path(0).path("reference").asString())
        .isEqualTo("centos:6.8");
  }

  @Test
  void whatSetsParametersNeedsAVersionOfTheRuntime() {
    Report unversioned = ReportBuilder.on("kata").needsVsyscall("centos:6.8").build();

    Run run = export(unversioned, "screwdriver", "--kernel-params");

    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err()).contains("--runtime kata:VERSION").hasLineCount(1);
    assertThat(export(unversioned, "screwdriver").exit()).isZero();
    assertThat(export(unversioned, "kernel-params").exit()).isZero();
  }

  @Test
  void anImageThatNoRouterCanNameIsTold() {
    Run run =
        export(ReportBuilder.on("kata").excluded("docker-archive:image.tar").build(), "exclusions");

    assertThat(run.exit()).isZero();
    assertThat(run.err())
        .hasLineCount(1)
        .contains("warning: 1 image is in no registry", "docker-archive:image.tar");
  }

  @ParameterizedTest
  @EnumSource
  void everyFormatIsACommandWithHelp(ExportFormat format) {
    Run help = Run.of(directory, "export", format.id(), "--help");

    assertThat(help.exit()).isZero();
    assertThat(help.out()).contains("--write");
    assertThat(help.out().contains("--max-removals")).isEqualTo(format.isList());
  }

  @Test
  void modulesAreWrittenWhereTheyAreGiven() {
    assertThat(
            export(
                    REPORT,
                    "screwdriver",
                    "--executor",
                    "kata",
                    "--plugin",
                    "k8s",
                    "--fallback",
                    "runc",
                    "--fallback-plugin",
                    "k8s")
                .out())
        .contains("  kata:\n    pluginName: \"k8s\"", "  runc:\n    pluginName: \"k8s\"");
    assertThat(export(REPORT, "screwdriver", "--executor", "kata").out())
        .contains("# the worker has no module called kata");
  }

  @Test
  void aReportCannotForgeALineOfOurs() {
    String forged = "kata\nimgcompat: all is well";
    Report report = ReportBuilder.on(forged).compatible("a:1").build();
    Report both =
        new Report(
            1,
            report.tool(),
            Stream.concat(report.images().stream(), REPORT.images().stream()).toList());

    Run run = export(both, "exclusions");

    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err()).hasLineCount(1).contains("\\u000a");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "exclusions --max-removals 10%",
        "exclusions --max-removals ten --write x",
        "exclusions --max-removals 101 --write x",
        "exclusions --diff no-such-file",
        "exclusions --default-registry http://x",
        "exclusions --runtime-class kata",
        "kernel-params --unknown allow",
        "screwdriver --executor k8s-vm",
        "screwdriver --fallback ../x",
        "screwdriver --executor plugin",
        "runtimeclass --overhead memory=zzz",
        "runtimeclass --node-selector a=b\"c",
        "exclusions --write -",
        "exclusions --diff -",
        "screwdriver --with-advice",
        "screwdriver --params-by magic",
        "pdf",
        ""
      })
  void wrongUseIsRefusedWithALineThatSaysWhy(String args) {
    Run run = export(REPORT, args.isEmpty() ? new String[0] : args.split(" ", -1));

    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).startsWith("imgcompat: ").doesNotContain("Exception");
  }

  @Test
  void aFormatThatIsMisspelledIsSuggested() {
    assertThat(export(REPORT, "exclusion").err()).contains("did you mean exclusions?");
  }

  @Test
  void whatIsNoReportIsRefused() {
    for (String input :
        new String[] {
          "",
          "no json",
          "{}",
          "[]",
          "{\"schemaVersion\":2,\"images\":[]}",
          "{\"schemaVersion\":1,\"images\":[]}",
          "{\"schemaVersion\":1,\"images\":[{\"verdicts\":3}]}",
          "{\"schemaVersion\":1,\"images\":[\"a\\nimgcompat: b\"]}",
          "{\"schemaVersion\":1,\"tool\":{},\"images\":[]}",
          ReportFormat.json(REPORT).replace("\"rule\"", "\"no\""),
          ReportFormat.json(REPORT).replace("\"summary\"", "\"no\""),
          ReportFormat.json(REPORT).replace("\"whoseMove\"", "\"no\""),
          ReportFormat.json(REPORT).replace("\"detail\"", "\"no\"")
        }) {
      Run run = Run.of(directory, input, false, "export", "exclusions");
      assertThat(run.exit()).as(input).isEqualTo(2);
      assertThat(run.err().lines()).as(input).hasSize(1);
      assertThat(run.out()).as(input).isEmpty();
    }
  }
}
