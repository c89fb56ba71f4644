package dev.imgcompat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imgcompat.core.rules.RuleDescription;
import dev.imgcompat.core.rules.RulePack;
import dev.imgcompat.core.testing.ElfBuilder;
import dev.imgcompat.core.testing.LayoutBuilder;
import dev.imgcompat.core.testing.LayoutBuilder.ImageSpec;
import dev.imgcompat.core.testing.Samples;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExplainCommandTest {
  @TempDir private Path directory;

  private Run run(String... args) {
    return Run.of(directory.resolve("cache"), args);
  }

  private String image(ImageSpec spec) {
    LayoutBuilder layout = new LayoutBuilder();
    layout.image("it", spec);
    return "oci:" + layout.write(directory.resolve("layout")) + ":it";
  }

  @Test
  void everyRuleIsListedAndExplained() {
    List<RuleDescription> rules = RulePack.builtIn().descriptions();
    Run list = run("explain");

    assertThat(list.out().lines()).hasSameSizeAs(rules);
    for (RuleDescription rule : rules) {
      assertThat(list.out()).contains(rule.id());
      Run run = run("explain", rule.id());
      assertThat(run.exit()).isZero();
      assertThat(run.out()).startsWith(rule.id() + "  ");
      assertThat(rule.explanation()).as(rule.id()).isNotBlank();
      assertThat(run.out()).contains(rule.explanation().lines().findFirst().orElseThrow());
      assertThat(run.out()).contains(rule.references());
    }
  }

  @Test
  void anExplanationSaysOnWhichKernelsItHoldsAndWhatHelps() {
    Run run = run("explain", "vsyscall-dynamic");

    assertThat(run.out())
        .contains(
            "The verdict follows from it",
            "but kata 3.25–4.1: not available",
            "remedy: vsyscall=emulate",
            "CONFIG_X86_VSYSCALL_EMULATION");
    assertThat(run.out()).containsPattern("kata +needs vsyscall=emulate");
    assertThat(run.out()).containsPattern("gvisor +runs");
    assertThat(run("explain", "start-not-found").out())
        .contains("holds on every runtime", "It informs");
    assertThat(run("explain", "other-machine-program").out())
        .contains("for what a build starts through", "remedy: an image that was built");
    assertThat(run("explain", "rpm-descriptor-loop").out())
        .contains("It is advice", "is slow without init=/usr/bin/kata-agent")
        .doesNotContain("does not run");
    assertThat(run("explain", "nested-containers").out())
        .contains("runtimes whose guests lack containers within an ordinary container: kata,")
        .doesNotContain("{family}");
    assertThat(run("explain", "rhel6-family").out()).contains("only where no C library was found");
  }

  @Test
  void anUnknownRuleIsRefusedWithThoseThatAreKnown() {
    Run run = run("explain", "none");

    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err()).contains("no rule 'none'", "ia32-program", "vsyscall-static");
  }

  @Test
  void aScanTellsTheChainOfEvidenceInWords() {
    String old = "oci:" + Samples.layout().write(directory.resolve("samples")) + ":old-glibc";

    Run run = run("scan", "--explain", old);

    assertThat(run.out().lines().map(String::strip))
        .containsSubsequence(
            "because: the config starts /bin/bash",
            "and: /bin/bash asks for the loader /lib64/ld-linux-x86-64.so.2, which is"
                + " /lib64/ld-2.12.so",
            "and: the loader finds libc.so.6 by the default directories: /lib64/libc-2.12.so",
            "and: /bin/bash imports time",
            "and: /lib64/libc-2.12.so is glibc 2.12 (banner); 2 call sites of the vsyscall page:"
                + " time, getcpu",
            "and: the guest of kata 1.0–3.24 lacks the vsyscall page; vsyscall=emulate gives it");
    assertThat(run("scan", old).out()).doesNotContain("because:");
    assertThat(
            run("scan", "-o", "json", old).image().at("/verdicts/0/findings/0/chain/0").asString())
        .isEqualTo("the config starts /bin/bash");
  }

  @Test
  void whatNothingLoadsIsShownWhenVerbose() {
    String sdk =
        image(
            new ImageSpec()
                .layer(
                    Samples.debian12()
                        .program("opt/sdk/lib64/libc.so.6", ElfBuilder.glibc("2.5"))
                        .file("usr/share/fw.o", 0644, ElfBuilder.i386().type(1).build())));

    Run usual = run("scan", sdk);
    Run verbose = run("scan", "--verbose", sdk);

    assertThat(usual.exit()).isZero();
    assertThat(usual.out())
        .contains("COMPATIBLE on kata", "2 findings on files that nothing runs or loads")
        .doesNotContain("/opt/sdk");
    assertThat(verbose.out())
        .contains(
            "COMPATIBLE on kata",
            "vsyscall-dynamic [INERT, informs] glibc 2.5",
            "/opt/sdk/lib64/libc.so.6",
            "ia32-program [INERT, informs] 1 file, which nothing would run,")
        .doesNotContain("--verbose");
  }

  @Test
  void aStartProgramThatIsMissingIsSaidInTheReport() {
    String broken = image(new ImageSpec().command("/app/run").layer(Samples.debian12()));

    Run run = run("scan", broken);

    assertThat(run.exit()).isZero();
    assertThat(run.out())
        .contains(
            "start-not-found [START, informs] the start program /app/run is not there",
            "/app/run is not there: \"no such file or directory\"");
  }
}
