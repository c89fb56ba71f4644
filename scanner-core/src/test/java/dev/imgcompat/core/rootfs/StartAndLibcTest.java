package dev.imgcompat.core.rootfs;

import static dev.imgcompat.core.rootfs.MergedImages.merge;
import static dev.imgcompat.core.rootfs.MergedImages.starting;
import static org.assertj.core.api.Assertions.assertThat;

import dev.imgcompat.core.testing.ElfBuilder;
import dev.imgcompat.core.testing.LayerBuilder;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What the merged image starts with and loads. */
class StartAndLibcTest {
  private static final ElfBuilder PROGRAM = ElfBuilder.i386();

  @Nested
  class Start {
    private final LayerBuilder base =
        new LayerBuilder()
            .program("bin/dash", ElfBuilder.glibcProgram())
            .link("bin/sh", "dash")
            .program("lib64/ld-2.12.so", ElfBuilder.x86_64().sharedObject("ld-linux-x86-64.so.2"))
            .link("lib64/ld-linux-x86-64.so.2", "ld-2.12.so")
            .program("lib64/libc-2.12.so", ElfBuilder.glibc("2.12"))
            .link("lib64/libc.so.6", "libc-2.12.so");

    @Test
    void followsPathScriptsAndEnv() {
      ImageFacts facts =
          merge(
              starting("run"),
              base.program("usr/bin/env", ElfBuilder.glibcProgram())
                  .file(
                      "usr/local/bin/run",
                      0755,
                      "#!/usr/bin/env -S dash\n"
                          .getBytes(java.nio.charset.StandardCharsets.UTF_8)));

      StartProgram run = facts.start().get(0);
      assertThat(run.command()).isEqualTo("run");
      assertThat(run.resolved()).contains("/bin/dash");
      assertThat(run.script()).contains("/usr/local/bin/run");
      assertThat(run.interpreter()).contains("/lib64/ld-linux-x86-64.so.2");
      assertThat(run.libc()).contains("/lib64/libc-2.12.so");
      assertThat(run.problem()).isEmpty();
      assertThat(run.steps())
          .containsExactly(
              "the config starts run",
              "run is found on the PATH: /usr/local/bin/run",
              "/usr/local/bin/run is a script for /usr/bin/env -S dash",
              "dash is found on the PATH: /bin/dash",
              "/bin/dash asks for the loader /lib64/ld-linux-x86-64.so.2, which is"
                  + " /lib64/ld-2.12.so",
              "the loader finds libc.so.6 by the default directories: /lib64/libc-2.12.so");
    }

    @Test
    void resolvesRelativeCommandsInTheWorkingDirectory() {
      ImageFacts facts = merge(starting("./tool"), base.program("work/tool", ElfBuilder.x86_64()));

      assertThat(facts.start().get(0).resolved()).contains("/work/tool");
    }

    @Test
    void aCommandThatIsNotThereIsSaidToBeMissing() {
      ImageFacts facts = merge(starting("missing"), base);

      assertThat(facts.start().get(0).command()).isEqualTo("missing");
      assertThat(facts.start().get(0).resolved()).isEmpty();
    }

    @Test
    void scriptsThatRunEachOtherEnd() {
      byte[] script = "#!/bin/a\n".getBytes(java.nio.charset.StandardCharsets.UTF_8);
      assertThat(merge(starting("a"), new LayerBuilder().program("bin/a", script)).start())
          .hasSize(1);
    }

    @Test
    void aLoaderThatIsStartedByItsNameIsAStartProgram() {
      ImageFacts facts =
          merge(
              starting("/lib/ld-linux.so.2", "/app"),
              new LayerBuilder()
                  .program("lib/ld-linux.so.2", ElfBuilder.i386().sharedObject("ld-linux.so.2")));

      assertThat(facts.elfFiles().get(0).scope()).isEqualTo(Scope.START);
    }

    @Test
    void scopesFollowHowAFileIsReached() {
      ImageFacts facts =
          merge(
              starting("/bin/sh"),
              base.program("opt/tool", PROGRAM)
                  .link("usr/local/bin/tool", "/opt/tool")
                  .program("opt/other", PROGRAM)
                  .file("opt/data", 0644, PROGRAM.build())
                  .program("opt/module.o", ElfBuilder.i386().type(1))
                  .program("opt/bsd", ElfBuilder.i386().note("FreeBSD", 1, 1)));

      assertThat(facts.elfFiles())
          .extracting(f -> f.path() + " " + f.scope())
          .contains(
              "/bin/dash START",
              "/opt/tool PATH",
              "/opt/other ANY",
              "/opt/data INERT",
              "/opt/module.o INERT",
              "/opt/bsd INERT",
              "/lib64/libc-2.12.so LIBRARY");
    }
  }

  @Nested
  class LibcOfTheImage {
    private Libc libc(LayerBuilder layer) {
      return merge(starting("/bin/sh"), layer).libc().orElseThrow();
    }

    private LayerBuilder with(String path, ElfBuilder libc) {
      return new LayerBuilder().program("bin/sh", ElfBuilder.glibcProgram()).program(path, libc);
    }

    @Test
    void theBannerIsTheBestEvidence() {
      Libc libc =
          libc(
              with(
                  "lib64/libc.so.6",
                  ElfBuilder.x86_64()
                      .sharedObject("libc.so.6")
                      .defines("GLIBC_2.11")
                      .text(
                          "GNU C Library (Debian EGLIBC 2.13-38+deb7u8) stable release version 2.13, by")));

      assertThat(libc.version()).contains("2.13");
      assertThat(libc.source()).isEqualTo("banner");
    }

    @Test
    void vendorsTakeLibertiesWithTheBanner() {
      assertThat(
              libc(with(
                      "lib64/libc.so.6",
                      ElfBuilder.x86_64()
                          .sharedObject("libc.so.6")
                          .text("GNU C Library vmware release version 2.12.2, by")))
                  .version())
          .contains("2.12.2");
    }

    @Test
    void versionDefinitionsComeNext() {
      Libc libc =
          libc(
              with(
                  "lib64/libc.so.6",
                  ElfBuilder.x86_64()
                      .sharedObject("libc.so.6")
                      .defines("GLIBC_2.9", "GLIBC_2.11", "GLIBC_2.3.4", "GLIBC_PRIVATE")));

      assertThat(libc.version()).contains("2.11");
      assertThat(libc.source()).isEqualTo("version-definitions");
    }

    @Test
    void thenTheFileName() {
      Libc libc =
          libc(
              with("lib64/libc-2.12.so", ElfBuilder.x86_64().sharedObject("libc.so.6"))
                  .link("lib64/libc.so.6", "libc-2.12.so"));

      assertThat(libc.version()).contains("2.12");
      assertThat(libc.source()).isEqualTo("file-name");
    }

    @Test
    void thenThePackageDatabase() {
      Libc libc =
          libc(
              with("lib/libc.so.6", ElfBuilder.x86_64().sharedObject("libc.so.6"))
                  .text(
                      "var/lib/dpkg/status",
                      "Package: bash\nVersion: 4.1\n\nPackage: libc6\nStatus: x\nVersion: 2.11.3-4\n"));

      assertThat(libc.version()).contains("2.11.3");
      assertThat(libc.source()).isEqualTo("dpkg");
    }

    @Test
    void theRpmDatabaseIsSearchedForTheSourcePackage() {
      ImageFacts facts =
          merge(
              starting("/bin/sh"),
              new LayerBuilder()
                  .text(
                      "var/lib/rpm/Packages",
                      "\0\1glibc-common\0glibc-2.12-1.192.el6.src.rpm\0\2rpm-4.8.0-55.el6.src.rpm\0"));

      assertThat(facts.libc().orElseThrow())
          .isEqualTo(
              new Libc(
                  "glibc",
                  Optional.of("2.12"),
                  "/var/lib/rpm/Packages",
                  0,
                  Optional.empty(),
                  "rpm",
                  Optional.empty()));
    }

    @Test
    void theOneThatTheStartProgramsLoadCounts() {
      Libc libc =
          libc(
              with("lib64/libc.so.6", ElfBuilder.glibc("2.31"))
                  .program("opt/sysroot/lib64/libc.so.6", ElfBuilder.glibc("2.5"))
                  .program(
                      "lib/libc.so.6",
                      ElfBuilder.i386()
                          .sharedObject("libc.so.6")
                          .text("GNU C Library stable release version 2.3.2")));

      assertThat(libc.path()).isEqualTo("/lib64/libc.so.6");
      assertThat(libc.version()).contains("2.31");
    }

    @Test
    void whatTheShellLoadsGoesBeforeWhatIsLinkedIntoAStaticEntrypoint() {
      LayerBuilder layer =
          with("lib64/libc.so.6", ElfBuilder.glibc("2.12"))
              .program("tini", ElfBuilder.x86_64().text("glibc 2.36"));

      assertThat(merge(starting("/tini"), layer).libc().orElseThrow().version()).contains("2.12");
    }

    @Test
    void aLoaderSearchesItsOwnDirectoryFirst() {
      Libc libc =
          libc(
              new LayerBuilder()
                  .program(
                      "bin/sh",
                      ElfBuilder.x86_64().interpreter("/nix/store/g/lib/ld-linux-x86-64.so.2"))
                  .program(
                      "nix/store/g/lib/ld-linux-x86-64.so.2",
                      ElfBuilder.x86_64().sharedObject("ld-linux-x86-64.so.2"))
                  .program("nix/store/g/lib/libc.so.6", ElfBuilder.glibc("2.37"))
                  .program("lib64/libc.so.6", ElfBuilder.glibc("2.12")));

      assertThat(libc.version()).contains("2.37");
    }

    @Test
    void muslIsItsOwnLoader() {
      Libc libc =
          libc(
              new LayerBuilder()
                  .program(
                      "bin/busybox", ElfBuilder.x86_64().interpreter("/lib/ld-musl-x86_64.so.1"))
                  .link("bin/sh", "busybox")
                  .program(
                      "lib/ld-musl-x86_64.so.1",
                      ElfBuilder.x86_64().sharedObject("libc.musl-x86_64.so.1").text("1.2.5")));

      assertThat(libc.family()).isEqualTo("musl");
      assertThat(libc.version()).contains("1.2.5");
    }

    @Test
    void aStaticStartProgramTellsByItsString() {
      assertThat(
              libc(new LayerBuilder().program("bin/sh", ElfBuilder.x86_64().text("glibc 2.13")))
                  .version())
          .contains("2.13");
      assertThat(
              merge(
                      starting("/bin/sh"),
                      new LayerBuilder()
                          .program("bin/sh", ElfBuilder.x86_64().text("needs glibc 2.3 or later")))
                  .libc())
          .isEmpty();
    }
  }

  @Nested
  class Rpm {
    @Test
    void theProgramTellsItsVersion() {
      ImageFacts facts =
          merge(
              new LayerBuilder()
                  .program(
                      "bin/rpm",
                      ElfBuilder.glibcProgram().needed("librpm.so.1").text("rpmpopt-4.8.0")));

      assertThat(facts.rpm())
          .contains(new Tool("rpm", Optional.of("4.8.0"), "/bin/rpm", 0, "program", Scope.ANY));
    }

    @Test
    void theLibraryOrTheDatabaseTellsOtherwise() {
      LayerBuilder program =
          new LayerBuilder()
              .program("usr/bin/rpm", ElfBuilder.glibcProgram().needed("librpm.so.3"))
              .program(
                  "usr/lib64/librpmio.so.3.2.2",
                  ElfBuilder.x86_64()
                      .sharedObject("librpmio.so.3")
                      .text("Version: rpm-4.11.3 (NSS-3)"));
      LayerBuilder database =
          new LayerBuilder()
              .program("usr/bin/rpm", ElfBuilder.glibcProgram().needed("librpm.so.3"))
              .text("var/lib/rpm/Packages", "\0rpm-4.11.3-45.el7.src.rpm\0");

      assertThat(merge(program).rpm().orElseThrow().version()).contains("4.11.3");
      assertThat(merge(database).rpm().orElseThrow().source()).isEqualTo("rpm");
    }

    @Test
    void anAppletOfThatNameIsNotRpm() {
      assertThat(
              merge(
                      new LayerBuilder()
                          .program("bin/busybox", ElfBuilder.glibcProgram())
                          .hardLink("bin/rpm", "bin/busybox"))
                  .rpm())
          .isEmpty();
    }
  }
}
