package dev.imgcompat.core.rootfs;

import static dev.imgcompat.core.rootfs.MergedImages.merge;
import static dev.imgcompat.core.rootfs.MergedImages.starting;
import static org.assertj.core.api.Assertions.assertThat;

import dev.imgcompat.core.rootfs.StartProblem.Kind;
import dev.imgcompat.core.testing.ElfBuilder;
import dev.imgcompat.core.testing.LayerBuilder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How start programs are found, and why they cannot be started. */
class StartChainTest {
  private static byte[] script(String line) {
    return ("#!" + line + "\necho\n").getBytes(StandardCharsets.UTF_8);
  }

  private static LayerBuilder base() {
    return new LayerBuilder()
        .program("bin/tool", ElfBuilder.x86_64())
        .program("usr/bin/env", ElfBuilder.x86_64());
  }

  private static StartProgram start(LayerBuilder layer, String... command) {
    return merge(starting(command), layer).start().get(0);
  }

  private static Kind problem(LayerBuilder layer, String... command) {
    return start(layer, command).problem().orElseThrow().kind();
  }

  @ParameterizedTest
  @CsvSource({
    "tool, /bin/tool",
    "/bin/tool, /bin/tool",
    "/bin//./tool, /bin/tool",
    "../bin/tool, /bin/tool",
    "./run, /work/run",
    "sub/run, /work/sub/run"
  })
  void findsAProgramAsTheRuntimeDoes(String command, String resolved) {
    LayerBuilder layer =
        base()
            .program("work/run", ElfBuilder.x86_64())
            .program("work/sub/run", ElfBuilder.x86_64());

    assertThat(start(layer, command).resolved()).contains(resolved);
    assertThat(start(layer, command).problem()).isEmpty();
  }

  @Test
  void theFirstOnThePathThatMayBeExecutedIsTaken() {
    LayerBuilder layer =
        base()
            .file("usr/local/bin/tool", 0644, ElfBuilder.x86_64().build())
            .program("bin/tool", ElfBuilder.x86_64());

    assertThat(start(layer, "tool").resolved()).contains("/bin/tool");
  }

  @Test
  void aDirectoryOnThePathIsNoProgram() {
    assertThat(start(base().directory("usr/local/bin/tool"), "tool").resolved())
        .contains("/bin/tool");
  }

  @Test
  void dotsAfterALinkAreOfTheLinksTarget() {
    LayerBuilder layer =
        base()
            .link("lnk", "/usr/lib/deep")
            .directory("usr/lib/deep")
            .program("usr/lib/x", ElfBuilder.x86_64());

    assertThat(start(layer, "/lnk/../x").resolved()).contains("/usr/lib/x");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/bin/tool|/bin/tool",
        "/bin/tool -x|/bin/tool",
        "  /bin/tool\t-a b|/bin/tool",
        "/usr/bin/env tool|/bin/tool",
        "/usr/bin/env -S tool -x|/bin/tool",
        "/usr/bin/env -S -i -u HOME A=b tool -x|/bin/tool",
        "/usr/bin/env --split-string=tool x|/bin/tool"
      })
  void followsScripts(String line, String resolved) {
    StartProgram start = start(base().program("bin/s", script(line)), "s");

    assertThat(start.resolved()).contains(resolved);
    assertThat(start.script()).contains("/bin/s");
    assertThat(start.problem()).isEmpty();
  }

  @Test
  void envWithoutSplittingTakesOneWordBlanksAndAll() {
    StartProgram start = start(base().program("bin/s", script("/usr/bin/env tool -x")), "s");

    assertThat(start.resolved()).isEmpty();
    assertThat(start.problem().orElseThrow().text()).contains("tool -x");
  }

  @Test
  void envAloneIsTheProgram() {
    assertThat(start(base().program("bin/s", script("/usr/bin/env")), "s").resolved())
        .contains("/usr/bin/env");
    assertThat(start(base().program("bin/s", script("/usr/bin/env -S -i")), "s").resolved())
        .contains("/usr/bin/env");
  }

  @Test
  void envOnTheWayIsAStartProgramItself() {
    ImageFacts facts = merge(starting("s"), base().program("bin/s", script("/usr/bin/env tool")));

    assertThat(facts.elfFiles())
        .extracting(f -> f.path() + " " + f.scope())
        .containsExactly("/bin/tool START", "/usr/bin/env START");
  }

  @Test
  void scriptsOfScriptsAreFollowedFiveTimes() {
    LayerBuilder layer = base();
    for (int i = 1; i <= 6; i++) {
      layer.program("bin/s" + i, script(i == 1 ? "/bin/tool" : "/bin/s" + (i - 1)));
    }

    assertThat(start(layer, "s5").resolved()).contains("/bin/tool");
    assertThat(problem(layer, "s6")).isEqualTo(Kind.NO_INTERPRETER);
  }

  @ParameterizedTest
  @ValueSource(strings = {"missing", "/missing", "./missing", "/bin/tool/x", "/loop", "/dangling"})
  void whatIsNotThereIsNotFound(String command) {
    LayerBuilder layer = base().link("loop", "loop").link("dangling", "/gone/away");

    StartProgram start = start(layer, command);

    assertThat(start.resolved()).isEmpty();
    assertThat(start.problem().orElseThrow().kind()).isEqualTo(Kind.NOT_FOUND);
    assertThat(start.problem().orElseThrow().text()).contains(command);
  }

  @Test
  void theWordsSayWhereADanglingLinkLeads() {
    assertThat(
            start(base().link("dangling", "/gone/away"), "/dangling")
                .problem()
                .orElseThrow()
                .text())
        .isEqualTo("/dangling leads to /gone/away, which is not there");
  }

  @Test
  void whatIsNotExecutableIsSaidToBe() {
    LayerBuilder layer =
        base()
            .file("bin/elf", 0644, ElfBuilder.x86_64().build())
            .file("bin/script", 0644, script("/bin/tool"))
            .text("bin/data", "hello")
            .directory("bin/dir");

    for (String name : List.of("elf", "script", "data", "dir")) {
      assertThat(problem(layer, "/bin/" + name)).as(name).isEqualTo(Kind.NOT_EXECUTABLE);
    }
    assertThat(problem(layer, "elf")).isEqualTo(Kind.NOT_EXECUTABLE);
    assertThat(start(layer, "/bin/elf").problem().orElseThrow().text())
        .isEqualTo("/bin/elf has no execute permission: \"permission denied\"");
  }

  @Test
  void aMissingLoaderIsAMissingInterpreter() {
    LayerBuilder layer = base().program("bin/app", ElfBuilder.glibcProgram());

    StartProgram start = start(layer, "app");

    assertThat(start.resolved()).contains("/bin/app");
    assertThat(start.problem().orElseThrow())
        .isEqualTo(
            new StartProblem(
                Kind.NO_INTERPRETER,
                "/bin/app",
                "/bin/app asks for the loader /lib64/ld-linux-x86-64.so.2, which is not there:"
                    + " \"no such file or directory\""));
  }

  @Test
  void aLoaderThatIsNoProgramIsNone() {
    LayerBuilder text =
        base()
            .program("bin/app", ElfBuilder.glibcProgram())
            .text("lib64/ld-linux-x86-64.so.2", "x");
    LayerBuilder unexecutable =
        base()
            .program("bin/app", ElfBuilder.glibcProgram())
            .file(
                "lib64/ld-linux-x86-64.so.2",
                0644,
                ElfBuilder.x86_64().sharedObject("ld-linux-x86-64.so.2").build());

    assertThat(problem(text, "app")).isEqualTo(Kind.NO_INTERPRETER);
    assertThat(start(unexecutable, "app").problem().orElseThrow().text())
        .contains("is not executable");
  }

  @Test
  void aScriptWithoutItsInterpreterNamesIt() {
    LayerBuilder layer =
        base()
            .program("bin/s", script("/bin/bash"))
            .program("bin/e", script("/usr/bin/env python"));

    assertThat(start(layer, "s").problem().orElseThrow().kind()).isEqualTo(Kind.NO_INTERPRETER);
    assertThat(start(layer, "s").problem().orElseThrow().path()).isEqualTo("/bin/s");
    assertThat(start(layer, "s").problem().orElseThrow().text())
        .isEqualTo("/bin/bash, which /bin/s asks for, is not there: \"no such file or directory\"");
    assertThat(start(layer, "e").problem().orElseThrow().text())
        .isEqualTo("python, which /bin/e asks for, is not on the PATH /usr/local/bin:/bin");
    assertThat(start(layer, "e").resolved()).isEmpty();
  }

  @Test
  void theKernelTakesTheInterpreterAsItIs() {
    LayerBuilder layer =
        base()
            .program("bin/dos", script("/bin/tool\r"))
            .program("bin/bare", script("tool"))
            .program("bin/none", script("   "));

    assertThat(start(layer, "dos").problem().orElseThrow().kind()).isEqualTo(Kind.NO_INTERPRETER);
    assertThat(start(layer, "bare").problem().orElseThrow().kind()).isEqualTo(Kind.NO_INTERPRETER);
    assertThat(start(layer, "none").problem().orElseThrow().text())
        .isEqualTo("/bin/none names no interpreter: \"exec format error\"");
    assertThat(start(layer, "").problem().orElseThrow().text()).isEqualTo("the command is empty");
  }

  @Test
  void longCommandsAreShortened() {
    StartProgram start = start(base(), "x".repeat(10_000));

    assertThat(start.command()).hasSizeLessThan(600);
    assertThat(start.steps()).allSatisfy(step -> assertThat(step).hasSizeLessThan(600));
  }

  @Test
  void shellsCountWhereTheyAre() {
    LayerBuilder shells =
        base()
            .program("bin/dash", ElfBuilder.x86_64())
            .link("bin/sh", "dash")
            .program("usr/local/bin/bash", ElfBuilder.x86_64());

    assertThat(merge(starting("tool"), shells).start())
        .extracting(s -> s.command() + " " + s.resolved().orElse("-") + " " + s.configured())
        .containsExactly(
            "tool /bin/tool true", "/bin/sh /bin/dash false", "bash /usr/local/bin/bash false");
    assertThat(merge(starting("/bin/sh"), shells).start())
        .extracting(StartProgram::command)
        .containsExactly("/bin/sh", "bash");
    assertThat(merge(starting("tool"), base()).start())
        .extracting(StartProgram::command)
        .containsExactly("tool");
  }

  @Test
  void aShellThatLeadsNowhereIsAProblem() {
    assertThat(merge(starting("tool"), base().link("bin/sh", "gone")).start().get(1).problem())
        .isPresent();
  }
}
