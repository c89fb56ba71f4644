package dev.imgcompat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imgcompat.core.image.PlatformRequest;
import dev.imgcompat.core.sweep.plan.SourceSpec;
import dev.imgcompat.core.sweep.plan.SweepPace;
import dev.imgcompat.core.sweep.plan.SweepPlan;
import dev.imgcompat.core.sweep.plan.SweepPlan.Tolerance;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

class PlannedSweepTest {
  @TempDir private Path directory;
  private Path plans;

  @BeforeEach
  void write() throws Exception {
    plans =
        Files.writeString(
            directory.resolve("plans.yaml"),
            """
            sweeps:
              corp:
                sources:
                  - registry: registry.corp
                include: [team/*]
                newest: 5
                concurrency: 2
                request-rate: 600/m
                quiet-hours: [mon-fri 08:00-18:00]
                time-zone: Europe/Berlin
                keep-gone: 3d
              cluster:
                sources:
                  - kubernetes: {}
            """);
  }

  private static SweepPlan plan(String... args) throws UsageException {
    SourceOptions sources = new SourceOptions();
    PlanOptions options = new PlanOptions();
    CommandSpec spec = CommandSpec.create();
    spec.addMixin("sources", CommandSpec.forAnnotatedObject(sources));
    spec.addMixin("options", CommandSpec.forAnnotatedObject(options));
    CommandLine line = new CommandLine(spec);
    spec.addOption(CommandLine.Model.OptionSpec.builder("--plan").type(String.class).build());
    spec.addOption(CommandLine.Model.OptionSpec.builder("--name").type(String.class).build());
    spec.addOption(CommandLine.Model.OptionSpec.builder("--platform").type(String.class).build());
    var parsed = line.parseArgs(args);
    return PlannedSweep.of(
        sources.specs(),
        Optional.ofNullable(parsed.matchedOptionValue("--plan", null)),
        Optional.ofNullable(parsed.matchedOptionValue("--name", null)),
        options,
        Optional.<String>ofNullable(parsed.matchedOptionValue("--platform", null))
            .map(PlatformRequest::parse));
  }

  private static String refusal(String... args) {
    UsageException refusal =
        Assertions.catchThrowableOfType(UsageException.class, () -> plan(args));
    assertThat(refusal).as(String.join(" ", args)).isNotNull();
    return refusal.getMessage();
  }

  @Test
  void severalSourcesGoTogether() throws Exception {
    SweepPlan plan =
        plan(
            "--registry",
            "Registry.CORP:5000",
            "--harbor",
            "harbor.corp/a",
            "--harbor",
            "harbor.corp/b",
            "--harbor",
            "other.corp/x",
            "--harbor",
            "other.corp",
            "--quay",
            "quay.io/org",
            "--repository",
            "registry.corp/team/app",
            "--from-file",
            "list",
            "centos:6",
            "-",
            "centos:6");

    assertThat(plan.sources())
        .containsExactly(
            new SourceSpec.Catalog("registry.corp:5000"),
            new SourceSpec.Harbor("harbor.corp", List.of("a", "b")),
            new SourceSpec.Harbor("other.corp", List.of()),
            new SourceSpec.Quay("quay.io", List.of("org")),
            new SourceSpec.Repository("registry.corp/team/app"),
            new SourceSpec.References(Optional.of(Path.of("list")), List.of()),
            new SourceSpec.References(Optional.of(Path.of("-")), List.of()),
            new SourceSpec.References(Optional.empty(), List.of("centos:6")));
    assertThat(plan.pace()).isEqualTo(SweepPace.DEFAULT);
    assertThat(plan.tolerance()).isEqualTo(Tolerance.DEFAULT);
    assertThat(plan.platforms()).isEqualTo(PlatformRequest.DEFAULT);
    assertThat(SweptRegistries.of(plan.sources()))
        .containsExactly(
            "docker.io",
            "harbor.corp",
            "other.corp",
            "quay.io",
            "registry.corp",
            "registry.corp:5000");
    assertThat(SweptRegistries.takeStandardInput(plan)).isTrue();
  }

  @Test
  void everyOptionHasItsPlaceInThePlan() throws Exception {
    SweepPlan plan =
        plan(
            "--registry=registry.corp",
            "--include=team/*",
            "--include=base/*",
            "--exclude=*:nightly-*",
            "--newest=3",
            "--versions=>=2.1 <4",
            "--changed-since=30d",
            "--concurrency=7",
            "--requests-per-second=20",
            "--bytes-per-second=10MiB",
            "--quiet-hours=mon-fri 08:00-18:00",
            "--quiet-hours=sun 00:00-06:00",
            "--time-zone=Europe/Berlin",
            "--max-failures=25",
            "--keep-gone=14d",
            "--retry-broken=12h",
            "--name=mine",
            "--platform=linux/386");

    assertThat(plan.name()).isEqualTo("mine");
    assertThat(plan.selection().include()).containsExactly("team/*", "base/*");
    assertThat(plan.selection().exclude()).containsExactly("*:nightly-*");
    assertThat(plan.selection().newest()).hasValue(3);
    assertThat(plan.selection().versions()).contains(">=2.1 <4");
    assertThat(plan.selection().changedSince().orElseThrow().ago()).contains(Duration.ofDays(30));
    assertThat(plan.pace().concurrency()).isEqualTo(7);
    assertThat(plan.pace().requests().orElseThrow().count()).isEqualTo(20);
    assertThat(plan.pace().requests().orElseThrow().per()).isEqualTo(Duration.ofSeconds(1));
    assertThat(plan.pace().bytesPerSecond()).hasValue(10 << 20);
    assertThat(plan.quietHours().zone().getId()).isEqualTo("Europe/Berlin");
    assertThat(plan.quietHours().windows()).hasSize(2);
    assertThat(plan.tolerance())
        .isEqualTo(new Tolerance(25, Duration.ofDays(14), Duration.ofHours(12)));
    assertThat(plan.platforms()).isEqualTo(PlatformRequest.parse("linux/386"));
    assertThat(
            plan("--registry=r.corp", "--requests-per-second=300/m")
                .pace()
                .requests()
                .orElseThrow())
        .satisfies(
            rate -> {
              assertThat(rate.count()).isEqualTo(300);
              assertThat(rate.per()).isEqualTo(Duration.ofMinutes(1));
            });
    assertThat(
            plan("--registry=r.corp", "--changed-since=2026-01-31")
                .selection()
                .changedSince()
                .orElseThrow()
                .time()
                .orElseThrow())
        .hasToString("2026-01-31T00:00:00Z");
  }

  @Test
  void optionsWinOverThePlanAndTheRestOfItHolds() throws Exception {
    SweepPlan plan = plan("--plan", plans + "#corp", "--newest", "9", "--exclude", "team/x");

    assertThat(plan.name()).isEqualTo("corp");
    assertThat(plan.sources()).containsExactly(new SourceSpec.Catalog("registry.corp"));
    assertThat(plan.selection().include()).containsExactly("team/*");
    assertThat(plan.selection().exclude()).containsExactly("team/x");
    assertThat(plan.selection().newest()).hasValue(9);
    assertThat(plan.pace().concurrency()).isEqualTo(2);
    assertThat(plan.quietHours().windows()).hasSize(1);
    assertThat(plan.tolerance().keepGone()).isEqualTo(Duration.ofDays(3));
    assertThat(plan("--plan", plans + "#corp", "--registry", "other.corp").sources())
        .containsExactly(new SourceSpec.Catalog("other.corp"));
    assertThat(plan("--plan", plans + "#corp", "--name", "mine").name()).isEqualTo("mine");
  }

  @Test
  void aPlanIsNamedWhereThereAreSeveral() {
    assertThat(refusal("--plan", plans.toString()))
        .endsWith("has several plans: write #NAME after it, which is one of corp, cluster");
    assertThat(refusal("--plan", plans + "#none"))
        .endsWith("has no plan 'none': there are corp, cluster");
    assertThat(refusal("--plan", directory.resolve("none.yaml").toString()))
        .contains("there is no such file");
    assertThat(refusal("--plan", plans + "#cluster"))
        .isEqualTo("only the service sweeps what runs in a cluster: kubernetes is no source here");
  }

  @Test
  void whatIsWrongIsCalledByItsOption() {
    assertThat(refusal()).contains("nothing is named to sweep: give --registry");
    Map.of(
            "--newest=0", "",
            "--versions=rain", "rain",
            "--changed-since=soon", "--changed-since 'soon' is no time",
            "--concurrency=0", "--concurrency takes a number",
            "--requests-per-second=fast", "--requests-per-second 'fast/s' is no rate",
            "--bytes-per-second=10", "--bytes-per-second '10/s' is no speed",
            "--quiet-hours=always", "'always' is no window of quiet hours",
            "--time-zone=Mars", "--time-zone 'Mars' is no time zone",
            "--max-failures=101", "--max-failures takes a number",
            "--keep-gone=long", "--keep-gone 'long' is no duration")
        .forEach(
            (option, message) ->
                assertThat(refusal("--registry=r.corp", option)).contains(message));
    assertThat(refusal("--registry=r.corp", "--name=a b")).contains("is no name for a sweep");
  }

  @Test
  void whatIsNoRegistryIsRefusedWithoutRepeatingAPassword() {
    for (String[] args :
        new String[][] {
          {"--registry", "me:hunter2@registry.corp"},
          {"--registry", "https://me:hunter2@registry.corp"},
          {"--harbor", "me:hunter2@harbor.corp/project"},
          {"--quay", "me:hunter2@quay.io/org"},
          {"--quay", "quay.io"},
          {"--harbor", "harbor.corp/a/b"}
        }) {
      assertThat(refusal(args)).startsWith(args[0] + ": ").doesNotContain("hunter2");
    }
  }

  @Test
  void theNameFollowsFromTheSourcesAlone() throws Exception {
    String name = plan("--registry", "127.0.0.1:5000").name();

    assertThat(name).matches("127\\.0\\.0\\.1_5000-[0-9a-f]{8}");
    assertThat(plan("--registry", "127.0.0.1:5000", "--newest", "3").name()).isEqualTo(name);
    assertThat(plan("--registry", "127.0.0.1:5001").name()).isNotEqualTo(name);
    assertThat(plan("-").name()).startsWith("stdin-");
    assertThat(plan("--from-file", "/a/b c/list.txt").name()).startsWith("list.txt-");
    assertThat(plan("centos:6").name()).startsWith("references-");
    assertThat(plan("--repository", "registry.corp/" + "a/".repeat(60) + "b").name())
        .hasSizeLessThan(64);
  }

  @Test
  void theFingerprintIsOfWhatIsSweptAndNotOfHow() throws Exception {
    String before = fingerprint("a", "--registry=r.corp");

    assertThat(
            fingerprint("a", "--registry=r.corp", "--concurrency=9", "--name=x", "--keep-gone=1d"))
        .isEqualTo(before);
    for (String option :
        new String[] {"--newest=1", "--include=a", "--registry=s.corp", "--platform=all"}) {
      assertThat(fingerprint("a", "--registry=r.corp", option)).isNotEqualTo(before);
    }
    assertThat(fingerprint("b", "--registry=r.corp")).isNotEqualTo(before);
  }

  private static String fingerprint(String basis, String... args) throws UsageException {
    return SweepIdentity.fingerprint(plan(args), basis);
  }

  @Test
  void whatIsKnownIsKeptWhereStateBelongs() throws Exception {
    assertThat(SweepIdentity.file(Optional.empty(), "it", streams(Map.of("HOME", "/home/me"))))
        .isEqualTo(Path.of("/home/me/.local/state/imgcompat/sweeps/it.sweep"));
    assertThat(
            SweepIdentity.file(
                Optional.empty(),
                "it",
                streams(Map.of("HOME", "/home/me", "XDG_STATE_HOME", "/var/state"))))
        .isEqualTo(Path.of("/var/state/imgcompat/sweeps/it.sweep"));
    assertThat(SweepIdentity.file(Optional.of(Path.of("x")), "it", streams(Map.of())))
        .isEqualTo(Path.of("x/it.sweep"));
  }

  private static Streams streams(Map<String, String> environment) {
    PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
    return new Streams(InputStream.nullInputStream(), nowhere, nowhere, environment, false, false);
  }
}
