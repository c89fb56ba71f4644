package dev.imgcompat.cli;

import static dev.imgcompat.core.testing.FakeRegistry.status;
import static org.assertj.core.api.Assertions.assertThat;

import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.sweep.state.FileSweepState;
import dev.imgcompat.core.testing.FakeRegistry;
import dev.imgcompat.core.testing.LayoutBuilder;
import dev.imgcompat.core.testing.LayoutBuilder.ImageSpec;
import dev.imgcompat.core.testing.Samples;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Timeout(60)
class SweepCommandTest {
  @TempDir private Path directory;
  private final FakeRegistry registry = new FakeRegistry();

  @BeforeEach
  void serve() {
    LayoutBuilder layout = new LayoutBuilder();
    Digest bits =
        layout.image("b", new ImageSpec().layer(Samples.debian12()).layer(Samples.buildTools()));
    Digest clean = layout.image("c", new ImageSpec().layer(Samples.debian12()));
    registry.serve("team/bits", "1", layout, bits);
    registry.serve("team/clean", "1", layout, clean);
    registry.serve("team/clean", "2", layout, clean);
    answer("/v2/_catalog", "{\"repositories\":[\"team/bits\",\"team/clean\"]}");
    answer("/v2/team/bits/tags/list", "{\"name\":\"team/bits\",\"tags\":[\"1\"]}");
    answer("/v2/team/clean/tags/list", "{\"name\":\"team/clean\",\"tags\":[\"1\",\"2\"]}");
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  private void answer(String path, String json) {
    registry.answer(path, status(200, json, Map.of("Content-Type", "application/json")));
  }

  private Run sweep(String... args) {
    return sweepOf("", args);
  }

  private Run sweepOf(String stdin, String... args) {
    List<String> all = new ArrayList<>(List.of(args));
    all.add(0, "sweep");
    return Run.of(
        directory.resolve("cache"),
        new ByteArrayInputStream(stdin.getBytes(StandardCharsets.UTF_8)),
        false,
        Map.of("XDG_STATE_HOME", directory.resolve("state").toString()),
        all.toArray(new String[0]));
  }

  private String image(String name) {
    return registry.name() + "/team/" + name;
  }

  private static List<JsonNode> lines(String text) {
    return text.lines().map(JsonMapper.shared()::readTree).toList();
  }

  private static List<String> references(String text) {
    return lines(text).stream()
        .filter(l -> l.path("type").asString().equals("tag"))
        .map(l -> l.path("reference").asString())
        .toList();
  }

  @Test
  void aCatalogIsSweptWholeAndTheSecondSweepAsksOneQuestionATag() {
    Run first = sweep("--registry", registry.name());

    assertThat(first.exit()).isEqualTo(3);
    assertThat(first.err()).isEmpty();
    assertThat(first.out())
        .contains(
            "sweep 1: 3 tags looked at",
            "2  COMPATIBLE",
            "1  EXCLUDED",
            image("bits") + ": 1 EXCLUDED of 1",
            "makes 1 image in 1 repository EXCLUDED (ia32-program: /opt/sdk/aapt)")
        .doesNotContain("What changed");
    registry.forgetRequests();

    Run second = sweep("--registry", registry.name());

    assertThat(second.out()).contains("sweep 2: 3 tags looked at", "3 unchanged");
    assertThat(registry.requests())
        .containsExactlyInAnyOrder(
            "HEAD /v2/team/bits/manifests/1",
            "HEAD /v2/team/clean/manifests/1",
            "HEAD /v2/team/clean/manifests/2");
  }

  @Test
  void theExitCodeSaysWhatThereIs() {
    assertThat(sweep(image("clean:1")).exit()).isZero();
    assertThat(sweep(image("bits:1")).exit()).isEqualTo(3);
    assertThat(sweep("--fail-on", "never", image("bits:1")).exit()).isZero();
    assertThat(sweep("--runtime", "kata,gvisor", image("bits:1")).exit()).isEqualTo(3);
    assertThat(sweep("--runtime", "gvisor,kata", image("bits:1")).exit()).isEqualTo(3);

    Run missing = sweep(image("clean:1"), image("clean:none"), image("bits:1"));
    assertThat(missing.exit()).isEqualTo(4);
    assertThat(missing.out()).contains("1 tag: not-found", image("clean:none"));
    registry.answer("/v2/team/clean/tags/list", status(403, "{}", Map.of()));
    Run unlisted = sweep("--fail-on", "never", "--registry", registry.name());
    assertThat(unlisted.exit()).isEqualTo(4);
    assertThat(unlisted.out()).contains("not everything could be listed", "Not listed");
  }

  @Test
  void linesAndReportsComeOnStandardOutputAndInFiles() throws IOException {
    Path report = directory.resolve("report.json");
    Path lines = directory.resolve("lines.jsonl");

    Run run =
        sweep(
            "--registry",
            registry.name(),
            "-o",
            "jsonl",
            "--json",
            report.toString(),
            "--jsonl",
            lines.toString());

    assertThat(run.exit()).isEqualTo(3);
    assertThat(references(run.out()))
        .containsExactlyInAnyOrder(image("bits:1"), image("clean:1"), image("clean:2"));
    assertThat(Files.readString(lines)).isEqualTo(run.out());
    Run again = sweep("--registry", registry.name(), "-o", "json");
    assertThat(again.out()).isEqualTo(Files.readString(report));
    assertThat(Run.of(directory, "export", "images", report.toString()).out())
        .contains(image("bits:1"))
        .doesNotContain("clean");
  }

  @Test
  void referencesComeFromArgumentsFilesAndStandardInput() throws IOException {
    Path file = Files.writeString(directory.resolve("list"), "# some\n" + image("bits:1") + "\n");

    Run run =
        sweepOf(
            image("clean:2") + "\n",
            "-o",
            "jsonl",
            "--from-file",
            file.toString(),
            "-",
            image("clean:1"));

    assertThat(references(run.out()))
        .containsExactlyInAnyOrder(image("bits:1"), image("clean:1"), image("clean:2"));
  }

  @Test
  void selectionsAndPlansAreObeyed() throws IOException {
    Path plans =
        Files.writeString(
            directory.resolve("plans.yaml"),
            "sweeps:\n  corp:\n    sources:\n      - registry: "
                + registry.name()
                + "\n    exclude: ['team/bits']\n");

    assertThat(references(sweep("-o", "jsonl", "--plan", plans.toString()).out()))
        .containsExactlyInAnyOrder(image("clean:1"), image("clean:2"));
    assertThat(directory.resolve("state/imgcompat/sweeps/corp.sweep")).exists();
    assertThat(
            references(
                sweep("-o", "jsonl", "--repository", image("clean"), "--exclude", "**:1").out()))
        .containsExactly(image("clean:2"));
    assertThat(
            references(
                sweep("-o", "jsonl", "--repository", image("clean"), "--versions", ">=2").out()))
        .containsExactly(image("clean:2"));
  }

  @Test
  void whatChangedSinceTheSweepBeforeIsSaid() {
    sweep("--registry", registry.name());
    answer("/v2/team/clean/tags/list", "{\"name\":\"team/clean\",\"tags\":[\"1\",\"2\",\"3\"]}");
    answer("/v2/team/bits/tags/list", "{\"name\":\"team/bits\",\"tags\":[]}");
    registry.answer("/v2/team/bits/manifests/1", status(404, "{}", Map.of()));
    LayoutBuilder layout = new LayoutBuilder();
    registry.serve(
        "team/clean", "3", layout, layout.image("o", new ImageSpec().layer(Samples.oldGlibc())));

    Run run = sweep("--registry", registry.name());

    assertThat(run.out())
        .contains(
            "What changed since the sweep before",
            "1 new, 1 gone",
            image("clean:3") + "  new: NEEDS_KERNEL_PARAMS",
            image("bits:1") + "  gone: EXCLUDED");
  }

  @Test
  void whatCannotBeListedForOnceIsNotForgotten() {
    sweep("--registry", registry.name());
    registry.answer("/v2/team/bits/tags/list", status(403, "{}", Map.of()));

    Run run = sweep("--registry", registry.name(), "-o", "json");

    assertThat(run.exit()).isEqualTo(4);
    assertThat(run.json().path("images"))
        .extracting(i -> i.path("reference").asString())
        .containsExactly(image("bits:1"), image("clean:1"), image("clean:2"));
  }

  @Test
  void whatIsNoImageOfARegistryIsSaidToBeNone() {
    Run run = sweep("docker-archive:x.tar", image("clean:1"));

    assertThat(run.exit()).isEqualTo(4);
    assertThat(run.out()).contains("Not listed", "docker-archive:x.tar", "1  COMPATIBLE");
  }

  @Test
  void progressIsGoneFromTheTerminalBeforeTheSummaryIsThere() {
    StringWriter terminal = new StringWriter();
    PrintWriter writer = new PrintWriter(terminal, true);
    CountDownLatch drawn = new CountDownLatch(1);
    registry.answer(
        "/v2/_catalog",
        exchange -> {
          try {
            // Until the terminal shows something.
            assertThat(drawn.await(30, TimeUnit.SECONDS)).isTrue();
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
          status(200, "{\"repositories\":[\"team/clean\"]}", Map.of()).to(exchange);
        });
    PrintWriter err =
        new PrintWriter(terminal, true) {
          @Override
          public void print(String text) {
            super.print(text);
            drawn.countDown();
          }
        };
    Map<String, String> environment =
        Map.of("HOME", directory.toString(), "TERM", "xterm", "XDG_CONFIG_HOME", "/none");

    int exit =
        Main.run(
            new Streams(InputStream.nullInputStream(), writer, err, environment, true, true),
            "sweep",
            "--registry",
            registry.name());

    assertThat(exit).isZero();
    assertThat(terminal.toString()).contains("layers pulled", "\u001b[2A\r\u001b[J");
    assertThat(terminal.toString().lastIndexOf("\u001b[2A"))
        .isLessThan(terminal.toString().indexOf(", sweep 1: "));
  }

  @Test
  void whatIsKeptIsNamedPlacedAndUsedByOneAtATime() throws IOException {
    Path state = directory.resolve("elsewhere");
    sweep("--state", state.toString(), "--name", "mine", image("clean:1"));
    assertThat(state.resolve("mine.sweep")).exists();
    Path file = directory.resolve("file");
    Files.writeString(file, "x");

    try (FileSweepState open = FileSweepState.open(state.resolve("mine.sweep"))) {
      Run taken = sweep("--state", state.toString(), "--name", "mine", image("clean:1"));
      assertThat(open.lastRun()).hasValue(1);
      assertThat(taken.exit()).isEqualTo(2);
      assertThat(taken.err()).contains("mine.sweep is in use by another sweep");
    }
    Run unusable = sweep("--state", file.toString(), image("clean:1"));
    assertThat(unusable.exit()).isEqualTo(2);
    assertThat(unusable.err().lines()).hasSize(1);
  }

  @Test
  void noCacheLeavesNoFactsBehind() throws IOException {
    assertThat(sweep("--no-cache", image("clean:1")).exit()).isZero();

    assertThat(directory.resolve("cache/imgcompat")).doesNotExist();
  }

  @Test
  void aLoginIsForTheOneRegistryOfAllSources() {
    Run two =
        sweepOf(
            "hunter2\n",
            "--registry",
            "a.invalid",
            "--repository",
            "b.invalid/x",
            "--username",
            "me",
            "--password-stdin");
    assertThat(two.exit()).isEqualTo(2);
    assertThat(two.err())
        .contains("--username is for one registry", "a.invalid, b.invalid")
        .doesNotContain("hunter2");
    Run taken = sweep(image("clean:1"), "--username", "me", "--password-stdin", "-");
    assertThat(taken.exit()).isEqualTo(2);
    assertThat(taken.err()).contains("standard input comes once");
    assertThat(
            sweepOf("hunter2\n", "--username", "me", "--password-stdin", image("clean:1")).exit())
        .isZero();
  }

  @Test
  void wrongUsageIsOneLineAndLeavesNothingBehind() throws IOException {
    String tag = image("clean:1");
    for (String[] args :
        new String[][] {
          {},
          {"--newest", "many", tag},
          {"--versions", "rain", tag},
          {"--fail-on", "rain", tag},
          {"--runtime", "cata", tag},
          {"-o", "yaml", tag},
          {"--plan", directory.resolve("none").toString()},
          {"--json", directory.resolve("none/x").toString(), tag},
          {"--from-file", directory.resolve("none").toString()},
          {"--registry", "https://me:hunter2@registry.corp"}
        }) {
      Run run = sweep(args);
      assertThat(run.exit()).as(String.join(" ", args)).isEqualTo(2);
      assertThat(run.err().lines().filter(l -> l.startsWith("imgcompat: ")))
          .as(run.err())
          .hasSize(1);
      assertThat(run.err()).doesNotContain("hunter2", "\tat ");
      assertThat(run.out()).isEmpty();
    }
    assertThat(registry.requests()).isEmpty();
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files.map(f -> f.getFileName().toString())).noneMatch(f -> f.endsWith(".tmp"));
    }
  }
}
