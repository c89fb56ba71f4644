package dev.imgcompat.core.rootfs;

import static dev.imgcompat.core.rootfs.MergedImages.merge;
import static org.assertj.core.api.Assertions.assertThat;

import dev.imgcompat.core.image.ImageConfig;
import dev.imgcompat.core.image.Platform;
import dev.imgcompat.core.testing.ElfBuilder;
import dev.imgcompat.core.testing.LayerBuilder;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which C library a program would load. */
class LibrarySearchTest {
  private static final String APP = "/opt/app/bin/app";

  private static ImageConfig config(String... env) {
    return new ImageConfig(
        Platform.LINUX_AMD64,
        List.of(env),
        List.of(),
        List.of(APP),
        Optional.of("/work"),
        List.of(),
        List.of(),
        Optional.empty());
  }

  /** An image with a C library in the system's directory and one that the test is about. */
  private static LayerBuilder image(ElfBuilder app, String path) {
    return new LayerBuilder()
        .program("lib64/libc.so.6", ElfBuilder.glibc("2.31"))
        .program(
            "lib64/ld-linux-x86-64.so.2", ElfBuilder.x86_64().sharedObject("ld-linux-x86-64.so.2"))
        .program(path, ElfBuilder.glibc("2.12"))
        .program("opt/app/bin/app", app);
  }

  private static StartProgram start(ImageConfig config, LayerBuilder layer) {
    return merge(config, layer).start().get(0);
  }

  private static Optional<String> libc(LayerBuilder layer, String... env) {
    return start(config(env), layer).libc();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/opt/own",
        "$ORIGIN/../../own",
        "${ORIGIN}/../../own",
        "/nowhere:/opt/own:/lib64",
        "/nowhere::/opt/own"
      })
  void runpathAndRpathComeBeforeTheDefaults(String path) {
    LayerBuilder runpath = image(ElfBuilder.glibcProgram().runpath(path), "opt/own/libc.so.6");
    LayerBuilder rpath = image(ElfBuilder.glibcProgram().rpath(path), "opt/own/libc.so.6");

    assertThat(libc(runpath)).contains("/opt/own/libc.so.6");
    assertThat(libc(rpath)).contains("/opt/own/libc.so.6");
  }

  @Test
  void anEmptyEntryIsTheWorkingDirectory() {
    assertThat(libc(image(ElfBuilder.glibcProgram().runpath("/x:"), "work/libc.so.6")))
        .contains("/work/libc.so.6");
  }

  @Test
  void libStandsForTheDirectoriesOfTheMachine() {
    assertThat(libc(image(ElfBuilder.glibcProgram().runpath("/opt/$LIB"), "opt/lib64/libc.so.6")))
        .contains("/opt/lib64/libc.so.6");
    assertThat(
            libc(
                image(
                    ElfBuilder.glibcProgram().runpath("/opt/${LIB}"),
                    "opt/lib/x86_64-linux-gnu/libc.so.6")))
        .contains("/opt/lib/x86_64-linux-gnu/libc.so.6");
    assertThat(
            libc(
                image(ElfBuilder.glibcProgram().runpath("/opt/$PLATFORM"), "opt/x86_64/libc.so.6")))
        .contains("/opt/x86_64/libc.so.6");
  }

  @Test
  void originIsWhereTheFileTrulyLies() {
    LayerBuilder layer =
        new LayerBuilder()
            .program("lib64/libc.so.6", ElfBuilder.glibc("2.31"))
            .program("real/lib/libc.so.6", ElfBuilder.glibc("2.12"))
            .program("real/bin/app", ElfBuilder.glibcProgram().runpath("$ORIGIN/../lib"))
            .link("opt/app/bin/app", "/real/bin/app");

    assertThat(libc(layer)).contains("/real/lib/libc.so.6");
  }

  @Test
  void twoProgramsWithOneRunpathMayLoadTwoLibraries() {
    LayerBuilder layer =
        image(ElfBuilder.glibcProgram().runpath("$ORIGIN"), "opt/app/bin/libc.so.6")
            .program("opt/b/libc.so.6", ElfBuilder.glibc("2.5"))
            .program("opt/b/tool", ElfBuilder.glibcProgram().runpath("$ORIGIN"));

    assertThat(merge(config(), layer).libcs())
        .extracting(use -> use.libc().path() + " " + use.examples())
        .containsExactly(
            "/opt/app/bin/libc.so.6 [/opt/app/bin/app]", "/opt/b/libc.so.6 [/opt/b/tool]");
  }

  @Test
  void theEnvironmentComesBetweenRpathAndRunpath() {
    String env = "LD_LIBRARY_PATH=/nowhere:/opt/env";
    LayerBuilder runpath =
        image(ElfBuilder.glibcProgram().runpath("/opt/run"), "opt/env/libc.so.6")
            .program("opt/run/libc.so.6", ElfBuilder.glibc("2.5"));
    LayerBuilder rpath =
        image(ElfBuilder.glibcProgram().rpath("/opt/run"), "opt/env/libc.so.6")
            .program("opt/run/libc.so.6", ElfBuilder.glibc("2.5"));

    assertThat(libc(runpath, env)).contains("/opt/env/libc.so.6");
    assertThat(libc(runpath)).contains("/opt/run/libc.so.6");
    assertThat(libc(rpath, env)).contains("/opt/run/libc.so.6");
  }

  @Test
  void aRunpathSilencesTheRpath() {
    LayerBuilder layer =
        image(ElfBuilder.glibcProgram().rpath("/opt/own").runpath("/nowhere"), "opt/own/libc.so.6");

    assertThat(libc(layer)).contains("/lib64/libc.so.6");
  }

  @Test
  void ldSoConfAndWhatItIncludesComeBeforeTheDefaults() {
    LayerBuilder direct =
        image(ElfBuilder.glibcProgram(), "opt/conf/libc.so.6")
            .text("etc/ld.so.conf", "# comment\n\n/nowhere\n/opt/conf # x\n");
    LayerBuilder included =
        image(ElfBuilder.glibcProgram(), "opt/conf/libc.so.6")
            .text("etc/ld.so.conf", "include ld.so.conf.d/*.conf\n")
            .text("etc/ld.so.conf.d/b.conf", "/opt/other\n")
            .text("etc/ld.so.conf.d/a.conf", "/opt/conf\n")
            .text("etc/ld.so.conf.d/c.txt", "/opt/wrong\n")
            .program("opt/other/libc.so.6", ElfBuilder.glibc("2.5"))
            .program("opt/wrong/libc.so.6", ElfBuilder.glibc("2.4"));
    LayerBuilder circular =
        image(ElfBuilder.glibcProgram(), "opt/conf/libc.so.6")
            .text(
                "etc/ld.so.conf",
                "include /etc/ld.so.conf\ninclude\t/etc/ld.so.conf.d/*\n/opt/conf\n")
            .text("etc/ld.so.conf.d/x", "include /etc/ld.so.conf.d/x\n");

    assertThat(libc(direct)).contains("/opt/conf/libc.so.6");
    assertThat(libc(included)).contains("/opt/conf/libc.so.6");
    assertThat(libc(circular)).contains("/opt/conf/libc.so.6");
    assertThat(start(config(), direct).steps())
        .contains("the loader finds libc.so.6 by /etc/ld.so.conf: /opt/conf/libc.so.6");
  }

  @ParameterizedTest
  @CsvSource({
    "*.conf, a.conf, true",
    "*.conf, a.conf.bak, false",
    "a?c, abc, true",
    "a?c, ac, false",
    "*, anything, true",
    "**, '', true",
    "'', '', true",
    "'', a, false",
    "a*b*c, aXbYbZc, true",
    "a*b*c, aXbYbZ, false",
    "abc, abc, true",
    "abc, ab, false",
    "ab, abc, false",
    "?, '', false"
  })
  void includesHavePatterns(String pattern, String name, boolean matches) {
    assertThat(LibrarySearch.globMatches(pattern, name)).isEqualTo(matches);
  }

  @Test
  void aPatternOfManyStarsEnds() {
    assertThat(LibrarySearch.globMatches("*a".repeat(2000) + "b", "a".repeat(4000))).isFalse();
  }

  @Test
  void programsThatNameTooManyDirectoriesMakeTheScanIncomplete() {
    LayerBuilder layer = image(ElfBuilder.glibcProgram(), "opt/own/libc.so.6");
    String[] needed = new String[256];
    Arrays.setAll(needed, i -> "libnone-" + i + ".so");
    ElfBuilder greedy =
        ElfBuilder.x86_64()
            .interpreter("/lib64/ld-linux-x86-64.so.2")
            .needed(needed)
            .runpath("/nowhere-:".repeat(255));
    for (int i = 0; i < 50; i++) {
      layer.program("opt/p" + i, greedy);
    }

    assertThat(merge(config(), layer).incomplete())
        .containsExactly("its programs name too many directories to look for libraries in");
  }

  @Test
  void aLibraryOfAnotherMachineIsPassedOver() {
    LayerBuilder layer =
        image(ElfBuilder.glibcProgram().runpath("/opt/i386"), "opt/none/libc.so.6")
            .program("opt/i386/libc.so.6", ElfBuilder.i386().sharedObject("libc.so.6"));

    assertThat(libc(layer)).contains("/lib64/libc.so.6");
  }

  @Test
  void theDirectoryTlsIsPreferred() {
    assertThat(libc(image(ElfBuilder.glibcProgram(), "lib64/tls/libc.so.6")))
        .contains("/lib64/tls/libc.so.6");
  }

  @Test
  void aLibraryThatIsNeededByItsPathIsTakenThere() {
    ElfBuilder app =
        ElfBuilder.x86_64()
            .interpreter("/lib64/ld-linux-x86-64.so.2")
            .needed("/opt/lib/first.so", "libnone.so");
    LayerBuilder layer =
        image(app, "opt/own/libc.so.6")
            .program(
                "opt/lib/first.so",
                ElfBuilder.x86_64()
                    .sharedObject("first.so")
                    .runpath("/opt/own")
                    .needed("libc.so.6"));

    assertThat(libc(layer)).contains("/opt/own/libc.so.6");
  }

  @Test
  void theRpathOfTheProgramServesItsLibrariesToo() {
    ElfBuilder app =
        ElfBuilder.x86_64()
            .interpreter("/lib64/ld-linux-x86-64.so.2")
            .rpath("/opt/own")
            .needed("libfirst.so");
    LayerBuilder inherited =
        image(app, "opt/own/libc.so.6")
            .program(
                "opt/own/libfirst.so",
                ElfBuilder.x86_64().sharedObject("libfirst.so").needed("libc.so.6"));
    LayerBuilder silenced =
        image(app, "opt/own/libc.so.6")
            .program(
                "opt/own/libfirst.so",
                ElfBuilder.x86_64()
                    .sharedObject("libfirst.so")
                    .runpath("/nowhere")
                    .needed("libc.so.6"));

    assertThat(libc(inherited)).contains("/opt/own/libc.so.6");
    assertThat(libc(silenced)).contains("/lib64/libc.so.6");
  }

  @Test
  void librariesThatNeedEachOtherEnd() {
    ElfBuilder app =
        ElfBuilder.x86_64().interpreter("/lib64/ld-linux-x86-64.so.2").needed("liba.so");
    LayerBuilder layer =
        image(app, "opt/own/libc.so.6")
            .program("lib64/liba.so", ElfBuilder.x86_64().sharedObject("liba.so").needed("libb.so"))
            .program(
                "lib64/libb.so", ElfBuilder.x86_64().sharedObject("libb.so").needed("liba.so"));

    assertThat(libc(layer)).contains("/lib64/libc.so.6");
  }

  @Test
  void aStaticProgramLoadsNone() {
    assertThat(libc(image(ElfBuilder.x86_64(), "opt/own/libc.so.6"))).isEmpty();
  }

  @Test
  void uclibcHasAnotherName() {
    LayerBuilder layer =
        new LayerBuilder()
            .program(
                "opt/app/bin/app",
                ElfBuilder.x86_64().interpreter("/lib/ld64-uClibc.so.0").needed("libc.so.0"))
            .program("lib/libuClibc-0.9.33.2.so", ElfBuilder.x86_64().sharedObject("libc.so.0"))
            .link("lib/libc.so.0", "libuClibc-0.9.33.2.so");

    assertThat(libc(layer)).contains("/lib/libuClibc-0.9.33.2.so");
    assertThat(merge(config(), layer).libc().orElseThrow().version()).contains("0.9.33.2");
  }

  @Test
  void theMostUsedCountsWhereNothingStarts() {
    LayerBuilder layer =
        new LayerBuilder()
            .program("lib64/libc.so.6", ElfBuilder.glibc("2.31"))
            .program("opt/own/libc.so.6", ElfBuilder.glibc("2.12"))
            .program("usr/bin/a", ElfBuilder.glibcProgram())
            .program("usr/bin/b", ElfBuilder.glibcProgram().runpath("/opt/own"))
            .program("usr/bin/c", ElfBuilder.glibcProgram().runpath("/opt/own"))
            .program("opt/d", ElfBuilder.glibcProgram())
            .program("opt/e", ElfBuilder.glibcProgram());

    ImageFacts facts = merge(layer);

    assertThat(facts.libc().orElseThrow().path())
        .as("more programs load the other, but none of these is as important")
        .isEqualTo("/lib64/libc.so.6");
    assertThat(facts.libcs())
        .extracting(use -> use.libc().path() + " " + use.scope() + " " + use.programs())
        .containsExactly("/lib64/libc.so.6 PATH 3", "/opt/own/libc.so.6 PATH 2");
  }
}
