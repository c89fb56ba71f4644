package dev.imgcompat.cli;

import static dev.imgcompat.core.testing.ReportBuilder.INIT;
import static dev.imgcompat.core.testing.ReportBuilder.VSYSCALL;
import static dev.imgcompat.core.testing.ReportBuilder.digestOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.imgcompat.core.testing.NodeProject;
import dev.imgcompat.core.testing.ReportBuilder;
import dev.imgcompat.core.verdict.Report;
import dev.imgcompat.core.verdict.ReportFormat;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Our files in the real router of Screwdriver, which the queue worker's own library configures. */
class RouterIT {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  /** The keys of what the worker ships, as far as they matter to the router. */
  private static final String SHIPPED =
      """
      executor:
        plugin: k8s-vm
        k8s: { pluginName: k8s, exclusion: [rhel6], weightage: 0, options: { kubernetes: { host: k } } }
        k8s-sandbox: { pluginName: k8s }
        k8s-vm: { pluginName: k8s-vm, weightage: 0 }
      """;

  private static final String ANNOTATION = "io.katacontainers.config.hypervisor.kernel_params";
  private static final String PRIVATE = "registry.example.com:5000/team/app";

  /** Where each way to ask for an image should lead, two-way and three-way. */
  private final Map<String, String> twoWay = new LinkedHashMap<>();

  private final Map<String, String> threeWay = new LinkedHashMap<>();
  @TempDir private Path directory;
  private NodeProject node;
  private Path report;

  @BeforeEach
  void scan() throws Exception {
    node = NodeProject.assumeInstalled();
    report = directory.resolve("report.json");
    Files.writeString(report, ReportFormat.json(images()));
  }

  private Report images() {
    ReportBuilder images = ReportBuilder.on("kata:3.19");
    for (String tag : List.of("6.6", "6.7", "6.8", "6")) {
      hub(
          images.index(digestOf("index " + tag)).needsVsyscall("centos:" + tag),
          "centos",
          tag,
          'p');
    }
    hub(images.compatible("centos:7"), "centos", "7", 'r');
    hub(images.excluded("i386/debian"), "i386/debian", "latest", 'e');
    hub(images.excluded("busybox:1.0_i386-x.y"), "busybox", "1.0_i386-x.y", 'e');
    hub(images.slow("c:1"), "c", "1", 'a');
    hub(images.compatible("ce:1"), "ce", "1", 'r');
    hub(images.excluded("cen:1"), "cen", "1", 'e');
    hub(images.failed("gone:1"), "gone", "1", 'u');
    for (int i = 0; i < 20; i++) {
      String tag = "v" + i + "." + i % 3;
      own(images, PRIVATE, tag, i % 4);
      own(images, PRIVATE + "-2", tag, (i + 1) % 4);
      own(images, "registry.example.com/team/app", tag, (i + 2) % 4);
      own(images, "quay.io/team/app.x", tag, (i + 3) % 4);
    }
    // One to the router, and so kept away both; their digests tell them apart.
    images.excluded("twin:V1").needsVsyscall("twin:v1");
    place("twin:V1", 'e');
    place("twin:v1", 'e');
    place("twin@" + digestOf("twin:V1"), 'e');
    place("twin@" + digestOf("twin:v1"), 'p');
    // What no image is called, but builds may ask for.
    for (String other :
        List.of(
            "g++:4",
            "gcc",
            "CENTOS",
            "centos:6.80",
            "centos:68",
            "centos:6.8.1",
            "xcentos:6.8",
            "my/centos:6.8",
            "quay.io/centos:6.8",
            "quay.io/library/centos:6.8",
            "centos:5.8",
            "registryXexample.com:5000/team/app:v0.0",
            "registry.example.com:5001/team/app:v0.0",
            "registry.example.com:5000/team/app:v0.00",
            "registry.example.com:5000/team/appx:v0.0",
            "registry.example.com:5000/team/app/v0.0",
            "rhel6",
            "a/rhel6/b:1",
            "centos:6.8@" + digestOf("another"),
            "centos@" + digestOf("another"),
            "i386/debian:12",
            "i386/debian-x",
            "xi386/debian",
            "null",
            "undefined",
            "busybox:1x0_i386-x.y")) {
      place(other, 'r');
    }
    place("centos:7@" + digestOf("centos:6.8"), 'p');
    place("centos:unheard-of@" + digestOf("index 6"), 'p');
    return images.build();
  }

  private void own(ReportBuilder images, String repository, String tag, int kind) {
    String reference = repository + ":" + tag;
    char place = "repa".charAt(kind);
    switch (place) {
      case 'r' -> images.compatible(reference);
      case 'e' -> images.excluded(reference);
      case 'p' -> images.needsVsyscall(reference);
      default -> images.slow(reference);
    }
    place(reference, place);
    place(reference.toUpperCase(Locale.ROOT), place);
    place(repository + "@" + digestOf(reference), place);
    place(reference + "@" + digestOf(reference), place);
    place(repository + ":other@" + digestOf(reference), place);
    place(repository + "-x:" + tag, 'r');
    place("x" + reference, 'r');
    place(reference + "-x", 'r');
  }

  private void hub(ReportBuilder images, String repository, String tag, char place) {
    assertThat(images).isNotNull();
    boolean official = repository.indexOf('/') < 0;
    for (String host : List.of("", "docker.io/", "index.docker.io/", "registry-1.docker.io/")) {
      for (String library : official ? List.of("", "library/") : List.of("")) {
        String name = host + library + repository;
        place(name + ":" + tag, place);
        place((name + ":" + tag).toUpperCase(Locale.ROOT), place);
        if (tag.equals("latest")) {
          place(name, place);
        }
        if (place != 'u') {
          String scanned = repository + (tag.equals("latest") ? "" : ":" + tag);
          place(name + "@" + digestOf(scanned), place);
          place(name + ":" + tag + "@" + digestOf(scanned), place);
        }
        if (repository.equals("centos") && place == 'p') {
          place(name + "@" + digestOf("index " + tag), place);
        }
      }
    }
  }

  /** Runs, excluded, needs a parameter, has advice only, unknown. */
  private void place(String container, char kind) {
    twoWay.put(container, "ra".indexOf(kind) >= 0 ? "k8s" : "k8s-vm");
    threeWay.put(
        container,
        switch (kind) {
          case 'r' -> "k8s";
          case 'p' -> "k8s-vsyscall";
          case 'a' -> "k8s-init";
          default -> "k8s-vm";
        });
  }

  private Map<String, JsonNode> route(Map<String, String> containers) throws Exception {
    Path file = directory.resolve("containers.json");
    Files.writeString(file, MAPPER.writeValueAsString(containers.keySet()));
    Path configuration = directory.resolve("config");
    Files.writeString(configuration.resolve("default.yaml"), SHIPPED);
    Map<String, JsonNode> placed = new LinkedHashMap<>();
    node.run("route.cjs", configuration.toString(), file.toString())
        .values()
        .forEach(p -> placed.put(p.path("container").asString(), p));
    return placed;
  }

  private Run export(String format, String... options) throws Exception {
    Path configuration = Files.createDirectories(directory.resolve("config"));
    List<String> command = new ArrayList<>(List.of("export", format));
    command.addAll(List.of(options));
    command.addAll(List.of("--write", configuration.resolve("local.yaml").toString()));
    command.add(report.toString());
    Run run = Run.of(directory, command.toArray(String[]::new));
    assertThat(run.exit()).as(run.err()).isZero();
    return run;
  }

  private static Map<String, String> executors(Map<String, JsonNode> placed) {
    Map<String, String> executors = new LinkedHashMap<>();
    placed.forEach((container, p) -> executors.put(container, p.path("executor").asString()));
    return executors;
  }

  @Test
  void twoWayEveryBuildGoesWhereItRuns() throws Exception {
    assertThat(twoWay).hasSizeGreaterThan(400).containsValues("k8s", "k8s-vm");
    export("screwdriver");

    assertThat(executors(route(twoWay))).isEqualTo(twoWay);
  }

  @Test
  void threeWayEveryBuildGoesWhereItRunsWithWhatItNeeds() throws Exception {
    export("screwdriver", "--kernel-params", "--with-advice", "--runtime-class", "kata-qemu");

    Map<String, JsonNode> placed = route(threeWay);

    assertThat(executors(placed)).isEqualTo(threeWay);
    JsonNode centos = placed.get("centos:6.8");
    assertThat(centos.path("plugin").asString()).isEqualTo("k8s");
    assertThat(centos.path("kubernetes").path("annotations").path(ANNOTATION).asString())
        .isEqualTo(VSYSCALL);
    assertThat(centos.path("kubernetes").path("runtimeClass").asString()).isEqualTo("kata-qemu");
    assertThat(placed.get("c:1").path("kubernetes").path("annotations").path(ANNOTATION).asString())
        .isEqualTo(INIT);
    assertThat(placed.get("centos:7").path("kubernetes").has("annotations")).isFalse();
  }

  @Test
  void parametersMayComeByRuntimeClass() throws Exception {
    export("screwdriver", "--kernel-params", "--params-by", "runtime-class", "--with-advice");

    Map<String, JsonNode> placed = route(threeWay);

    assertThat(executors(placed)).isEqualTo(threeWay);
    assertThat(placed.get("centos:6.8").path("kubernetes").path("runtimeClass").asString())
        .isEqualTo("kata-vsyscall");
  }

  @Test
  void theBareListDoesInAConfigurationOfOnesOwnWhatOursDoes() throws Exception {
    export("exclusions");
    Path local = directory.resolve("config/local.yaml");
    String list = Files.readString(local);
    Files.writeString(
        local,
        "executor: { k8s: { weightage: 100, exclusions: %s }, k8s-vm: { weightage: 0 } }\n"
            .formatted(list));

    assertThat(executors(route(twoWay))).isEqualTo(twoWay);
  }

  @Test
  void otherNamesOfExecutorsAndADefaultRegistry() throws Exception {
    Map<String, String> expected = new LinkedHashMap<>();
    twoWay.forEach((container, executor) -> expected.put(container, executor));
    expected.put("mirror.example.com/centos:6.8", "k8s-vm");
    expected.put("mirror.example.com/library/centos:6.8", "k8s-vm");
    expected.put("mirror.example.com/centos:7", "k8s");

    export("screwdriver", "--default-registry", "mirror.example.com");

    assertThat(executors(route(expected))).isEqualTo(expected);
  }
}
