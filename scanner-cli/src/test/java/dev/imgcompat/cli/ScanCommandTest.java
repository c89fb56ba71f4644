package dev.imgcompat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imgcompat.core.testing.DockerArchiveBuilder;
import dev.imgcompat.core.testing.ElfBuilder;
import dev.imgcompat.core.testing.FakeRegistry;
import dev.imgcompat.core.testing.LayerBuilder;
import dev.imgcompat.core.testing.LayoutBuilder;
import dev.imgcompat.core.testing.LayoutBuilder.ImageSpec;
import dev.imgcompat.core.testing.ManifestBuilder;
import dev.imgcompat.core.testing.Samples;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScanCommandTest {
  @TempDir private Path directory;
  private Path layout;
  private Path cache;
  private String old;
  private String bits;
  private String clean;

  @BeforeEach
  void write() {
    cache = directory.resolve("cache");
    layout = Samples.layout().write(directory.resolve("layout"));
    old = "oci:" + layout + ":old-glibc";
    bits = "oci:" + layout + ":32-bit";
    clean = "oci:" + layout + ":clean";
  }

  private Run run(String... args) {
    return Run.of(cache, args);
  }

  @Test
  void theExitCodeFollowsFailOn() {
    assertThat(run("scan", clean).exit()).isZero();
    assertThat(run("scan", old).exit()).isZero();
    assertThat(run("scan", bits).exit()).isEqualTo(3);
    assertThat(run("scan", "--fail-on", "needs-kernel-params", old).exit()).isEqualTo(3);
    assertThat(run("scan", "--fail-on", "NEEDS_KERNEL_PARAMS", clean).exit()).isZero();
    assertThat(run("scan", "--fail-on", "never", bits).exit()).isZero();
  }

  @Test
  void anArchiveMayComeOnStandardInput() throws Exception {
    byte[] archive = Samples.layout().archive();

    Run run =
        Run.of(
            cache,
            new ByteArrayInputStream(archive),
            false,
            Map.of(),
            "scan",
            "oci-archive:-:32-bit");

    assertThat(run.exit()).isEqualTo(3);
    assertThat(run.out()).startsWith("oci-archive:-:32-bit  linux/amd64  sha256:");
  }

  @Test
  void anImageOfDockerIsCalledByItsId() throws Exception {
    byte[] archive =
        new DockerArchiveBuilder().image(new ImageSpec().layer(Samples.debian12()), "a:1").save();
    Path file = Files.write(directory.resolve("a.tar"), archive);

    Run run = run("scan", "docker-archive:" + file);

    assertThat(run.exit()).isZero();
    assertThat(run.out().lines().findFirst().orElseThrow())
        .matches("docker-archive:.* {2}linux/amd64 {2}image id sha256:[a-f0-9]{12}");
  }

  @Test
  void theEngineIsTheOneThatTheEnvironmentNames() {
    Run run =
        Run.of(
            cache,
            InputStream.nullInputStream(),
            false,
            Map.of("DOCKER_HOST", "unix://" + directory.resolve("none.sock")),
            "scan",
            "docker-daemon:centos:6.8");

    assertThat(run.exit()).isEqualTo(4);
    assertThat(run.err())
        .contains("there is no Docker engine at unix://" + directory.resolve("none.sock"));
  }

  @Test
  void anImageThatCannotBeScannedHasItsOwnExitCodeAndTheOthersAreReported() {
    Run run = run("scan", "oci:" + layout + ":none", bits, clean);

    assertThat(run.exit()).isEqualTo(4);
    assertThat(run.out()).contains("UNKNOWN on kata", "EXCLUDED on kata", "COMPATIBLE on kata");
    assertThat(run.err().lines()).hasSize(1);
    assertThat(run.err())
        .startsWith("imgcompat: oci:" + layout + ":none: ")
        .contains("no tag 'none'", "old-glibc, 32-bit, clean");
  }

  @Test
  void wrongUsageIsTwoAndSaysWhatToWrite() {
    for (String[] args :
        new String[][] {
          {},
          {"scan"},
          {"scan", "--nonsense", clean},
          {"scan", "--runtime", "cata", clean},
          {"scan", "--runtime", "kata:99", clean},
          {"scan", "--runtime", "file:" + directory.resolve("none.yaml"), clean},
          {"scan", "--runtime", "file:", clean},
          {"scan", "docker-archive:-", "oci-archive:-"},
          {"scan", "docker-archive:-", "-"},
          {"scan", "-", "--from-file", "-"},
          {"runtimes"},
          {"runtimes", "show"},
          {"runtimes", "show", "cata"},
          {"runtimes", "show", "kata:99"},
          {"runtimes", "list", "--rules", directory.resolve("none").toString()},
          {"runtimes", "from-config", directory.resolve("none").toString()},
          {"runtimes", "from-config", directory.toString()},
          {"scan", "--platform", "amd64", clean},
          {"scan", "--fail-on", "rain", clean},
          {"scan", "--jobs", "0", clean},
          {"scan", "--rules", directory.resolve("none").toString(), clean},
          {"scan", "--from-file", directory.resolve("none").toString()},
          {"scan", "-o", "xml", clean},
          {"export"},
          {"export", "exclusions", directory.resolve("none").toString()},
          {"cache"},
          {"cache", "prune", "--older-than", "soon"},
        }) {
      Run run = run(args);
      assertThat(run.exit()).as(String.join(" ", args)).isEqualTo(2);
      assertThat(run.err()).as(String.join(" ", args)).startsWith("imgcompat: ");
      assertThat(run.err()).doesNotContain("\tat ");
    }
  }

  @Test
  void theReportForPeopleNamesTheEvidenceAndTheRemedy() {
    Run run = run("scan", old);

    assertThat(run.out())
        .contains(
            "CentOS 6.10 (rhel6 family) · glibc 2.12 (/lib64/libc-2.12.so, banner)",
            "NEEDS_KERNEL_PARAMS on kata  vsyscall=emulate",
            "vsyscall-dynamic [START]",
            "/bin/bash  is what /bin/sh and bash start; loads /lib64/libc-2.12.so and imports time",
            "remedy: vsyscall=emulate on kata 1.0–3.24",
            "rpm-descriptor-loop [advice]",
            "init=/usr/bin/kata-agent",
            "note: kata 3.25–4.1: EXCLUDED there");
    assertThat(run.out()).doesNotContain("\u001b");
    assertThat(run.err()).isEmpty();
  }

  @Test
  void aTerminalGetsColoursUnlessNoColorIsSet() {
    assertThat(Run.of(cache, "", true, "scan", clean).out()).contains("\u001b[");
  }

  @Test
  void jsonAndYamlSayTheSame() {
    Run json = run("scan", "-o", "json", clean);
    Run yaml = run("scan", "-o", "yaml", clean);

    assertThat(json.decision()).isEqualTo("COMPATIBLE");
    assertThat(json.json().path("schemaVersion").asInt()).isEqualTo(1);
    assertThat(json.image().path("error").isNull()).isTrue();
    assertThat(yaml.out()).contains("schemaVersion: 1", "decision: COMPATIBLE", "version: \"12\"");
  }

  @Test
  void referencesComeFromArgumentsFilesAndStandardInput() throws IOException {
    Path file =
        Files.writeString(directory.resolve("list"), "# images\n\n" + old + "\n" + clean + "\n");
    Run run =
        Run.of(
            cache,
            bits + "\n",
            false,
            "scan",
            "-o",
            "json",
            "-",
            "--from-file",
            file.toString(),
            clean);

    assertThat(run.json().path("images"))
        .extracting(i -> i.path("reference").asString())
        .containsExactly(bits, clean, old);
  }

  @Test
  void severalJobsKeepTheOrder() throws IOException {
    StringBuilder list = new StringBuilder();
    for (int i = 0; i < 40; i++) {
      list.append("oci:")
          .append(layout)
          .append("/./")
          .append("./".repeat(i))
          .append(i % 2 == 0 ? ":clean\n" : ":32-bit\n");
    }
    Run run = Run.of(cache, list.toString(), false, "scan", "-o", "json", "--jobs", "8", "-");

    assertThat(run.json().path("images"))
        .extracting(i -> i.path("reference").asString())
        .containsExactlyElementsOf(list.toString().lines().toList());
  }

  @Test
  void allRuntimesGiveAMatrix() {
    Run run = run("scan", "-o", "json", "--runtime", "all", "--fail-on", "never", old);

    assertThat(run.image().path("verdicts"))
        .extracting(v -> v.path("runtime").asString() + " " + v.path("decision").asString())
        .contains("kata NEEDS_KERNEL_PARAMS", "kata-confidential EXCLUDED", "gvisor COMPATIBLE");
  }

  @Test
  void everyElfFileIsListedOnDemand() {
    Run run = run("scan", "-o", "json", "--list-elf", "--fail-on", "never", bits);

    assertThat(run.image().path("facts").path("elfFiles"))
        .anySatisfy(
            file -> {
              assertThat(file.path("paths").path(0).asString()).isEqualTo("/opt/sdk/aapt");
              assertThat(file.path("class").asInt()).isEqualTo(32);
              assertThat(file.path("machine").asString()).isEqualTo("i386");
              assertThat(file.path("type").asString()).isEqualTo("EXEC");
              assertThat(file.path("interpreter").asString()).isEqualTo("/lib/ld-linux.so.2");
              assertThat(file.path("executable").asBoolean()).isTrue();
              assertThat(file.path("scope").asString()).isEqualTo("ANY");
            });
    assertThat(run("scan", "--list-elf", bits).out()).contains("ANY     32 i386", "/opt/sdk/aapt");
  }

  @Test
  void theSecondScanComesFromTheCache() {
    assertThat(run("scan", "-o", "json", clean).image().at("/facts/layers/0/fromCache").asBoolean())
        .isFalse();
    assertThat(run("scan", "-o", "json", clean).image().at("/facts/layers/0/fromCache").asBoolean())
        .isTrue();
    assertThat(
            run("scan", "-o", "json", "--no-cache", clean)
                .image()
                .at("/facts/layers/0/fromCache")
                .asBoolean())
        .isFalse();
  }

  @Test
  void noCacheLeavesNothingBehind() {
    run("scan", "--no-cache", clean);

    assertThat(cache).doesNotExist();
  }

  @Test
  void theCacheIsShownAndPruned() throws IOException {
    run("scan", clean);
    assertThat(run("cache", "info").out())
        .contains("directory  " + cache.resolve("imgcompat"), "layers     1");
    assertThat(run("cache", "prune").out()).contains("removed 0 layers");
    assertThat(run("cache", "prune", "--older-than", "0s").out()).contains("removed 1 layers");
    try (Stream<Path> files = Files.walk(cache)) {
      assertThat(files.filter(Files::isRegularFile)).isEmpty();
    }
  }

  @Test
  void theCacheDirectoryMayBeChosen() {
    Path chosen = directory.resolve("chosen");
    run("scan", "--cache-dir", chosen.toString(), clean);

    assertThat(run("cache", "info", "--cache-dir", chosen.toString()).out())
        .contains("layers     1");
    assertThat(cache).doesNotExist();
  }

  @Test
  void rulesOfAnotherDirectoryAreObeyedAndTheirErrorsHaveLines() throws IOException {
    Path rules = Files.createDirectory(directory.resolve("rules"));
    Files.writeString(
        rules.resolve("mine.yaml"),
        """
        schemaVersion: 1
        rules:
          - id: ia32-program
            on: elf
            match: {class: 32, machine: [i386]}
            requires: ia32
            effect: informs
            summary: "mine: {count}"
            references: [https://example.com]
        """);
    assertThat(run("scan", "--rules", rules.toString(), bits).out())
        .contains("COMPATIBLE on kata", "mine: 1 program");

    Files.writeString(rules.resolve("mine.yaml"), "schemaVersion: 1\nrules:\n  - id: 7\n");
    Run broken = run("scan", "--rules", rules.toString(), bits);
    assertThat(broken.exit()).isEqualTo(2);
    assertThat(broken.err()).contains("mine.yaml:3:");
  }

  @Test
  void anUnreachableRegistryIsOneLine() {
    Run run = run("scan", "127.0.0.1:1/a/b:c");

    assertThat(run.exit()).isEqualTo(4);
    assertThat(run.err().lines()).hasSize(1);
    assertThat(run.err()).contains("127.0.0.1:1", "connection refused", "try again");
  }

  @Test
  void anIncompleteScanIsUnknownAndSaysWhatIsMissing() {
    LayoutBuilder images = new LayoutBuilder();
    images.image("it", new ImageSpec().layer(Samples.debian12().hardLink("opt/x", "nowhere")));
    Run run = run("scan", "oci:" + images.write(directory.resolve("broken")));

    assertThat(run.exit()).isEqualTo(4);
    assertThat(run.out()).contains("UNKNOWN on kata");
    assertThat(run.err().lines()).singleElement().asString().contains("incomplete", "/opt/x");
  }

  @Test
  void credentialsInAReferenceAreShownNowhere() {
    for (String reference :
        new String[] {
          "docker://user:s3cret@127.0.0.1:1/x:y",
          "user:s3cret@127.0.0.1:1/x:y",
          "https://user:s3cret@registry.invalid/x"
        }) {
      Run run = run("scan", "-o", "json", "--debug", reference);
      assertThat(run.exit()).isEqualTo(4);
      assertThat(run.out() + run.err()).contains("credentials").doesNotContain("s3cret");
    }
    assertThat(run("scan", "a:1@sha256:" + "0".repeat(63)).err()).doesNotContain("credentials");
  }

  @Test
  void causesAreShownOnlyForDebugging() {
    assertThat(run("scan", "127.0.0.1:1/a/b:c", "--debug").err()).contains("\tat dev.imgcompat");
  }

  @Test
  void namesOfFilesCannotSteerTheTerminal() {
    LayoutBuilder images = new LayoutBuilder();
    images.image(
        "it",
        new ImageSpec().layer(new LayerBuilder().program("bin/\u001b[2Jx", ElfBuilder.i386())));
    Path evil = images.write(directory.resolve("evil"));

    Run run = Run.of(cache, "", true, "scan", "oci:" + evil);
    assertThat(run.out()).contains("\\u001b[2Jx").doesNotContain("\u001b[2J");
  }

  @Test
  void aDirectoryIsScannedAsARootFileSystem() throws IOException {
    Path root = Files.createDirectories(directory.resolve("root/bin"));
    Files.write(root.resolve("x"), ElfBuilder.i386().build());
    Files.setPosixFilePermissions(
        root.resolve("x"), java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));

    Run run = run("scan", "-o", "json", "rootfs:" + directory.resolve("root"));
    assertThat(run.exit()).isEqualTo(3);
    assertThat(run.image().at("/verdicts/0/findings/0/scope").asString()).isEqualTo("PATH");
  }

  @Test
  void aForeignLayerIsFetchedOnDemandOnly() {
    byte[] layer = new LayerBuilder().program("bin/x", ElfBuilder.x86_64()).gzip();
    try (FakeRegistry elsewhere = new FakeRegistry()) {
      elsewhere.answer("/layer", exchange -> FakeRegistry.send(exchange, 200, layer));
      LayoutBuilder images = new LayoutBuilder();
      ManifestBuilder.docker()
          .foreign(layer, "http://" + elsewhere.name() + "/layer")
          .into(images, "it");
      String image = "oci:" + images.write(directory.resolve("foreign"));

      Run refused = run("scan", image);
      assertThat(refused.exit()).isEqualTo(4);
      assertThat(refused.err()).contains("on 127.0.0.1: --allow-foreign-layers");
      assertThat(run("scan", "--allow-foreign-layers", image).exit()).isZero();
    }
  }

  @Test
  void helpAndVersionAreThere() {
    assertThat(run("--version").out()).startsWith("imgcompat ");
    assertThat(run("scan", "--help").out()).contains("Exit codes:", "--fail-on");
    assertThat(run("help", "export").out()).contains("exclusions", "kernel-params");
  }
}
