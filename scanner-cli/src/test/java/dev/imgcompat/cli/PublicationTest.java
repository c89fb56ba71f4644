package dev.imgcompat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imgcompat.core.testing.ReportBuilder;
import dev.imgcompat.core.verdict.Report;
import dev.imgcompat.core.verdict.ReportFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of the file that an export is written to, and of the list before it. */
class PublicationTest {
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

  private String read(String file) throws IOException {
    return Files.readString(directory.resolve(file));
  }

  private String path(String file) {
    return directory.resolve(file).toString();
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
  void formatsOfSeveralFilesGoToADirectory() throws IOException {
    export(REPORT, "kata-dropin", "--with-advice", "--write", path("drop-ins"));
    assertThat(read("drop-ins/kata-init-vsyscall/config.d/50-imgcompat.toml"))
        .contains("kernel_params = \"init=/usr/bin/kata-agent vsyscall=emulate\"");

    Run run = export(REPORT, "kata-dropin", "--write", path("drop-ins"));

    assertThat(read("drop-ins/kata-vsyscall/config.d/50-imgcompat.toml"))
        .contains("kernel_params = \"vsyscall=emulate\"");
    assertThat(run.err()).hasLineCount(1).contains("kata-init-vsyscall", "of an older list");
  }

  @Test
  void severalFilesDoNotFitOnStandardOutput() {
    Report two =
        ReportBuilder.on("kata:3.19").needsVsyscall("a:1").needsVsyscallAndIsSlow("b:1").build();

    Run run = export(two, "kata-dropin", "--with-advice");

    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err()).hasLineCount(1).contains("2 files", "--write");
    assertThat(export(two, "kata-dropin").out()).contains("[hypervisor.qemu]");
  }

  @Test
  void settingsOfOthersAreNotReplaced() throws IOException {
    Files.writeString(
        directory.resolve("local.yaml"),
        """
        rabbitmq: { password: hunter2 }
        executor: { k8s: { weightage: 1, options: { kubernetes: { token: hunter2 } } } }
        """);

    Run run = export(REPORT, "screwdriver", "--write", path("local.yaml"));

    assertThat(run.exit()).isEqualTo(5);
    assertThat(run.err()).hasLineCount(1).contains("rabbitmq").doesNotContain("hunter2");
    assertThat(read("local.yaml")).contains("rabbitmq");
  }

  @Test
  void whatSomebodyAddedToOurConfigurationIsNotLost() throws IOException {
    for (String added :
        List.of(
            "  docker: { options: { x: 1 } }\n",
            "  k8s-vsyscall: { options: { kubernetes: { jobsNamespace: builds } } }\n",
            "  other: { weightage: 7 }\n",
            "  other: { exclusions: [rhel6] }\n")) {
      Files.deleteIfExists(directory.resolve("local.yaml"));
      export(REPORT, "screwdriver", "--write", path("local.yaml"));
      Files.writeString(directory.resolve("local.yaml"), read("local.yaml") + added);

      assertThat(export(REPORT, "screwdriver", "--write", path("local.yaml")).exit())
          .as(added)
          .isEqualTo(5);
    }
  }

  @Test
  void whatIsNoListOfTheFormatIsNotReplaced() throws IOException {
    for (String text :
        List.of("{\"images\":[]}", "[\"rhel6\"]", "no list", "[1]", "executor: { k8s: {} }")) {
      Files.writeString(directory.resolve("list"), text);

      for (String format : List.of("exclusions", "screwdriver")) {
        Run run = export(REPORT, format, "--write", path("list"));

        assertThat(run.exit()).as(format + " " + text).isEqualTo(5);
        assertThat(run.err()).hasLineCount(1).contains(path("list"));
        assertThat(read("list")).isEqualTo(text);
      }
    }
  }

  @Test
  void aListOfAnotherExecutorStillCounts() throws IOException {
    export(REPORT, "screwdriver", "--write", path("local.yaml"));
    Report none = ReportBuilder.on("kata:3.19").compatible("debian:12").build();

    Run run =
        export(
            none,
            "screwdriver",
            "--executor",
            "kata",
            "--plugin",
            "k8s",
            "--max-removals",
            "10%",
            "--write",
            path("local.yaml"));

    assertThat(run.exit()).isEqualTo(5);
  }

  @Test
  void aLinkToNothingStaysALink() throws IOException {
    Path link = Files.createSymbolicLink(directory.resolve("link"), Path.of("later/../list.json"));
    Files.createDirectories(directory.resolve("later"));
    Path loop = Files.createSymbolicLink(directory.resolve("loop"), Path.of("loop"));

    assertThat(export(REPORT, "exclusions", "--write", link.toString()).exit()).isZero();
    assertThat(link).isSymbolicLink();
    assertThat(read("list.json")).contains("centos");
    assertThat(export(REPORT, "exclusions", "--write", loop.toString()).err())
        .hasLineCount(1)
        .contains("too many links");
    assertThat(loop).isSymbolicLink();
  }

  @Test
  void anOldListThatIsNoneIsNamed() throws IOException {
    Files.write(directory.resolve("binary"), new byte[] {(byte) 0xFF, 0, 1});
    Files.writeString(directory.resolve("empty"), "");
    Files.writeString(directory.resolve("object"), "{}");

    for (String file : List.of("binary", "empty", "object")) {
      Run run = export(REPORT, "exclusions", "--diff", path(file));

      assertThat(run.exit()).as(file).isEqualTo(2);
      assertThat(run.err()).hasLineCount(1).contains(path(file));
    }
  }

  @Test
  void ourOwnConfigurationIsReplacedByAnother() throws IOException {
    export(REPORT, "screwdriver", "--kernel-params", "--write", path("local.yaml"));
    assertThat(read("local.yaml")).contains("k8s-vsyscall:");

    Run run = export(REPORT, "screwdriver", "--write", path("local.yaml"));

    assertThat(run.exit()).as(run.err()).isZero();
    assertThat(read("local.yaml")).doesNotContain("k8s-vsyscall:");
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
}
