package dev.imgcompat.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.imgcompat.core.image.RegistryListener;
import dev.imgcompat.core.image.ScanException;
import dev.imgcompat.core.sweep.SweepListener;
import dev.imgcompat.core.sweep.SweepPacing;
import dev.imgcompat.core.sweep.SweepSummary;
import dev.imgcompat.core.sweep.SweepSummary.End;
import dev.imgcompat.core.sweep.plan.SweepPace;
import dev.imgcompat.core.sweep.plan.SweepPlan.Tolerance;
import dev.imgcompat.core.sweep.state.FileSweepState;
import dev.imgcompat.core.sweep.state.TagRecord;
import dev.imgcompat.core.verdict.Decision;
import dev.imgcompat.core.verdict.Report;
import dev.imgcompat.core.verdict.Report.ImageReport;
import dev.imgcompat.core.verdict.ReportFormat;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Timeout(60)
class SweepRunTest {
  private static final List<String> RUNTIMES = List.of(SimulatedRegistry.RUNTIME);
  private static final String FINGERPRINT = "fingerprint";
  private static final int TAGS = 100;

  @TempDir private Path directory;
  private final SimulatedRegistry registry = new SimulatedRegistry(TAGS, 20);
  private final AtomicReference<SweepRun> running = new AtomicReference<>();
  private FileSweepState state;
  private StringWriter lines;
  private StringWriter report;

  @BeforeEach
  void open() throws IOException {
    state = FileSweepState.open(directory.resolve("it.sweep"));
  }

  @AfterEach
  void close() {
    state.close();
  }

  private SweepSummary sweep(SweepOutput... more) throws Exception {
    return sweep(FINGERPRINT, false, more);
  }

  private SweepSummary sweep(String fingerprint, boolean restart, SweepOutput... more)
      throws Exception {
    lines = new StringWriter();
    report = new StringWriter();
    Clock clock = Clock.systemUTC();
    List<SweepOutput> outputs = new ArrayList<>(List.of(more));
    outputs.add(new SweepLines(lines, true, RUNTIMES));
    outputs.add(
        new SweepReport(
            report,
            new Report.Tool("imgcompat", "1", "sha256:" + "0".repeat(64)),
            new TagReports(
                state::report, RUNTIMES, clock.instant(), Tolerance.DEFAULT.keepGone())));
    SweepRun run =
        new SweepRun(
            MillionTags.plan(),
            state,
            SweepRun.begin(state, fingerprint, restart, clock),
            List.of(registry),
            registry,
            new SweepPacing(SweepPace.DEFAULT, RegistryListener.NONE),
            RUNTIMES,
            outputs,
            SweepListener.NONE,
            clock);
    running.set(run);
    return run.run();
  }

  /** Ends the sweep after so many answers. */
  private void interruptAfter(int answers) {
    AtomicInteger left = new AtomicInteger(answers);
    registry.beforeEach(
        () -> {
          if (left.decrementAndGet() == 0) {
            running.get().cancel();
          }
        });
  }

  private List<JsonNode> lines(String type) {
    return lines
        .toString()
        .lines()
        .map(line -> JsonMapper.shared().readTree(line))
        .filter(line -> line.path("type").asString().equals(type))
        .toList();
  }

  private List<String> references() {
    return lines("tag").stream().map(l -> l.path("reference").asString()).toList();
  }

  private static List<String> all() {
    List<String> all = new ArrayList<>();
    for (int tag = 0; tag < TAGS; tag++) {
      all.add(SimulatedRegistry.reference(tag));
    }
    return all;
  }

  private Report report() throws IOException {
    return ReportFormat.read(
        new ByteArrayInputStream(report.toString().getBytes(StandardCharsets.UTF_8)));
  }

  private void allLinesAreValid() throws IOException {
    try (InputStream in =
        SweepRunTest.class.getResourceAsStream("/imgcompat/schema/sweep-1.schema.json")) {
      Schema schema =
          SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12).getSchema(in);
      assertThat(lines.toString().lines())
          .isNotEmpty()
          .allSatisfy(line -> assertThat(schema.validate(line, InputFormat.JSON)).isEmpty());
    }
  }

  @Test
  void everyTagHasOneLineAndEveryRepositoryToo() throws Exception {
    assertThat(sweep().end()).isEqualTo(End.COMPLETE);

    assertThat(references()).containsExactlyInAnyOrderElementsOf(all());
    assertThat(lines("repository"))
        .extracting(
            l -> l.path("repository").asString() + " " + l.path("tags").asInt(),
            l ->
                l.at("/decisions/kata").valueStream().mapToInt(JsonNode::asInt).sum()
                    == l.path("tags").asInt())
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("registry.simulated/team/app0000000 40", true),
            org.assertj.core.groups.Tuple.tuple("registry.simulated/team/app0000001 40", true),
            org.assertj.core.groups.Tuple.tuple("registry.simulated/team/app0000002 20", true));
    assertThat(lines.toString().lines().reduce((a, b) -> b).orElseThrow())
        .startsWith("{\"type\":\"summary\",\"sweep\":\"simulated\",\"run\":1,\"end\":\"COMPLETE\"");
    allLinesAreValid();
  }

  @Test
  void theSecondSweepSaysTheSameWithoutAScan() throws Exception {
    sweep();
    Map<String, String> before = decisions();
    Report first = report();
    long scans = registry.scans();

    sweep();

    assertThat(registry.scans()).isEqualTo(scans);
    assertThat(registry.questions()).isEqualTo(2 * TAGS);
    assertThat(decisions()).isEqualTo(before);
    assertThat(report()).isEqualTo(first);
    assertThat(lines("summary").get(0).at("/tags/unchanged").asInt()).isEqualTo(TAGS);
    assertThat(lines("summary").get(0).path("changes")).isEmpty();
  }

  private Map<String, String> decisions() {
    return lines("tag").stream()
        .collect(
            Collectors.toMap(
                l -> l.path("reference").asString(), l -> l.at("/decisions/kata").asString()));
  }

  @Test
  void anInterruptedSweepIsResumedAndTellsEveryTagOnce() throws Exception {
    interruptAfter(30);
    assertThat(sweep().end()).isEqualTo(End.CANCELLED);
    List<String> done = references();
    assertThat(done).doesNotHaveDuplicates().hasSizeBetween(20, 90);
    assertThat(lines("repository")).isEmpty();
    assertThat(lines("summary").get(0).path("end").asString()).isEqualTo("CANCELLED");
    assertThat(report.toString()).isEmpty();
    registry.beforeEach(() -> {});
    long questions = registry.questions();

    SweepSummary summary = sweep();

    assertThat(summary.end()).isEqualTo(End.COMPLETE);
    assertThat(summary.run()).isEqualTo(1);
    assertThat(registry.questions() - questions).isEqualTo(TAGS - done.size());
    assertThat(references()).containsExactlyInAnyOrderElementsOf(all());
    assertThat(references().subList(0, done.size())).containsExactlyInAnyOrderElementsOf(done);
    assertThat(summary.progress().resumed()).isEqualTo(done.size());
    allLinesAreValid();
  }

  @Test
  void whatSweepsSomethingElseOrIsToRestartIsBegunAnewAndSaysSo() throws Exception {
    interruptAfter(10);
    sweep();
    registry.beforeEach(() -> {});
    Clock clock = Clock.systemUTC();
    long run = state.unfinished().orElseThrow().run();

    SweepRun.Begun same = SweepRun.begin(state, FINGERPRINT, false, clock);
    SweepRun.Begun anew = SweepRun.begin(state, FINGERPRINT, true, clock);
    SweepRun.Begun other = SweepRun.begin(state, "other", false, clock);

    assertThat(same.resumed()).isTrue();
    assertThat(same.run().run()).isEqualTo(run);
    assertThat(same.note().orElseThrow()).startsWith("resuming the sweep that was begun at 20");
    assertThat(anew.resumed()).isFalse();
    assertThat(anew.run().run()).isEqualTo(run + 1);
    assertThat(anew.note().orElseThrow()).contains("is not resumed, as --restart says");
    assertThat(other.resumed()).isFalse();
    assertThat(other.run().run()).isEqualTo(run + 2);
    assertThat(other.note().orElseThrow()).contains("by what to judge, has changed");
    assertThat(sweep("other", false).end()).isEqualTo(End.COMPLETE);
    assertThat(SweepRun.begin(state, "other", false, clock).note()).isEmpty();
  }

  @Test
  void theReportHasAnImageForEveryTagUnderItsOwnName() throws Exception {
    sweep();

    List<ImageReport> images = report().images();
    assertThat(images).extracting(ImageReport::reference).containsExactlyElementsOf(sorted());
    assertThat(images).extracting(ImageReport::canonical).containsExactlyElementsOf(sorted());
    assertThat(images).allSatisfy(image -> assertThat(image.error()).isEmpty());
    assertThat(images)
        .extracting(image -> image.verdicts().get(0).decision())
        .contains(Decision.COMPATIBLE, Decision.NEEDS_KERNEL_PARAMS, Decision.EXCLUDED);
  }

  private static List<String> sorted() {
    return all().stream().sorted().toList();
  }

  @Test
  void aTagThatFailsKeepsWhatIsKnownAndSaysSinceWhen() throws Exception {
    sweep();
    Map<String, Decision> before =
        report().images().stream()
            .collect(Collectors.toMap(ImageReport::reference, i -> i.verdicts().get(0).decision()));
    registry.fail(7, new ScanException.Unavailable("no answer within 60 s", new IOException("x")));

    SweepSummary summary = sweep();

    ImageReport image =
        report().images().stream()
            .filter(i -> i.reference().equals(SimulatedRegistry.reference(7)))
            .findFirst()
            .orElseThrow();
    assertThat(image.error()).isEmpty();
    assertThat(image.verdicts().get(0).decision()).isEqualTo(before.get(image.reference()));
    assertThat(image.notes())
        .singleElement()
        .asString()
        .contains("no answer within 60 s", "this is what was known on 2026-03-01T12:00:00Z");
    assertThat(lines("tag"))
        .filteredOn(l -> l.path("reference").asString().equals(image.reference()))
        .singleElement()
        .satisfies(
            l -> {
              assertThat(l.at("/decisions/kata").asString()).isEqualTo("UNKNOWN");
              assertThat(l.at("/failure/whoseMove").asString()).isEqualTo("registry");
            });
    assertThat(summary.failures()).hasSize(1);
    allLinesAreValid();
  }

  @Test
  void aTagOfWhichNothingIsKnownFailsInTheReport() throws Exception {
    registry.fail(3, new ScanException.AccessDenied("the registry wants credentials"));
    sweep();

    assertThat(report().images())
        .filteredOn(i -> i.reference().equals(SimulatedRegistry.reference(3)))
        .singleElement()
        .satisfies(
            image -> {
              assertThat(image.error().orElseThrow().kind()).isEqualTo("access-denied");
              assertThat(image.verdicts().get(0).decision()).isEqualTo(Decision.UNKNOWN);
            });
    assertThat(report().images()).hasSize(TAGS);
    allLinesAreValid();
  }

  @Test
  void aTagThatIsGoneHasALineAndStaysInTheReportForItsTime() throws Exception {
    sweep();
    registry.fail(5, new ScanException.NotFound("no such tag"));

    SweepSummary summary = sweep();

    assertThat(lines("tag"))
        .filteredOn(l -> l.has("goneSince"))
        .singleElement()
        .satisfies(
            l -> {
              assertThat(l.path("reference").asString()).isEqualTo(SimulatedRegistry.reference(5));
              assertThat(l.path("change").asString()).isEqualTo("GONE");
            });
    assertThat(lines("repository").get(0).path("gone").asInt()).isEqualTo(1);
    assertThat(report().images())
        .filteredOn(i -> i.reference().equals(SimulatedRegistry.reference(5)))
        .singleElement()
        .satisfies(i -> assertThat(i.notes().get(0)).contains("the registry has it no more since"));
    assertThat(summary.changes().values()).containsExactly(1L);
    allLinesAreValid();
  }

  @Test
  void anOutputThatFailsEndsTheSweepWhichCanBeResumed() throws Exception {
    SweepOutput full =
        new SweepOutput() {
          private int left = 10;

          @Override
          public void done(TagRecord tag) throws IOException {
            if (left-- == 0) {
              throw new IOException("could not write it: no space left on device");
            }
          }

          @Override
          public void end(SweepSummary summary) {
            throw new AssertionError("it has failed");
          }
        };

    assertThatThrownBy(() -> sweep(full))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no space left on device");

    assertThat(sweep().end()).isEqualTo(End.COMPLETE);
    assertThat(references()).containsExactlyInAnyOrderElementsOf(all());
  }
}
