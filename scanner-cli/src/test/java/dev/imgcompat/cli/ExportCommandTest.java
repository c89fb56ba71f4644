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
import java.nio.file.attribute.PosixFilePermissions;
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

  private String read(String file) throws IOException {
    return Files.readString(directory.resolve(file));
  }

  private String path(String file) {
    return directory.resolve(file).toString();
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
  void aFileIsReplacedWhole() throws IOException {
    Path file = directory.resolve("list.json");
    Path link = Files.createSymbolicLink(directory.resolve("link.json"), file);
    Files.writeString(file, "[]");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-r--"));

    Run run = export(REPORT, "exclusions", "--write", link.toString());

    assertThat(run.exit()).isZero();
    assertThat(run.out()).isEmpty();
    assertThat(link).isSymbolicLink();
    assertThat(Files.readString(file)).isEqualTo(export(REPORT, "exclusions").out());
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-rw-r--");
    try (Stream<Path> left = Files.list(directory)) {
      assertThat(left.map(p -> p.getFileName().toString())).noneMatch(n -> n.endsWith(".tmp"));
    }
  }

  @Test
  void aListThatIsTheSameIsLeftAlone() throws IOException {
    export(REPORT, "exclusions", "--write", path("list.json"));
    Object before = Files.readAttributes(directory.resolve("list.json"), "unix:ino,ctime");

    export(REPORT, "exclusions", "--write", path("list.json"));

    assertThat(Files.readAttributes(directory.resolve("list.json"), "unix:ino,ctime"))
        .isEqualTo(before);
  }

  @Test
  void aFileThatCannotBeWrittenIsNamed() {
    Run run = export(REPORT, "exclusions", "--write", path("no/such/list.json"));

    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err()).hasLineCount(1).contains("no/such/list.json", "no such directory");
  }

  @Test
  void theDifferenceIsPrintedInsteadOfTheList() throws IOException {
    export(REPORT, "exclusions", "--write", path("old.json"));
    Report now = ReportBuilder.on("kata:3.19").excluded("new:1").failed("gone:1").build();

    Run run = export(now, "exclusions", "--diff", path("old.json"), "--write", path("new.json"));

    assertThat(run.out().lines())
        .contains(
            "- docker.io/i386/debian:12 excluded: not in the reports",
            "+ docker.io/library/new:1 excluded: EXCLUDED by ia32-program, scanned"
                + " 2026-11-01T12:00:00Z",
            "2 added, 4 removed, 0 elsewhere");
    assertThat(read("new.json")).isEqualTo(export(now, "exclusions").out());
  }

  @Test
  void aListThatShrinksTooMuchIsNotPublished() throws IOException {
    export(REPORT, "exclusions", "--write", path("list.json"));
    String before = read("list.json");
    Report fewer = ReportBuilder.on("kata:3.19").excluded("i386/debian:12").build();

    Run refused =
        export(fewer, "exclusions", "--write", path("list.json"), "--max-removals", "10%");

    assertThat(refused.exit()).isEqualTo(5);
    assertThat(refused.out()).isEmpty();
    assertThat(refused.err()).hasLineCount(1).contains("2 of 3 entries would be gone");
    assertThat(read("list.json")).isEqualTo(before);
    assertThat(
            export(fewer, "exclusions", "--write", path("list.json"), "--max-removals", "70%")
                .exit())
        .isZero();
    assertThat(read("list.json")).isNotEqualTo(before);
  }

  @Test
  void aFirstListHasNothingToShrinkFrom() throws IOException {
    Run run = export(REPORT, "exclusions", "--write", path("list.json"), "--max-removals", "0");

    assertThat(run.exit()).as(run.err()).isZero();
    assertThat(read("list.json")).contains("centos");
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
  void whatIsNoReportIsRefused() {
    for (String input :
        new String[] {
          "",
          "no json",
          "{}",
          "[]",
          "{\"schemaVersion\":2,\"images\":[]}",
          "{\"schemaVersion\":1,\"images\":[]}",
          "{\"schemaVersion\":1,\"images\":[{\"verdicts\":3}]}"
        }) {
      Run run = Run.of(directory, input, false, "export", "exclusions");
      assertThat(run.exit()).as(input).isEqualTo(2);
      assertThat(run.err().lines()).as(input).hasSize(1);
      assertThat(run.out()).as(input).isEmpty();
    }
  }
}
