package dev.imgcompat.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.imgcompat.core.image.Bytes;
import dev.imgcompat.core.testing.RealRegistry;
import dev.imgcompat.core.testing.SharedImages;
import dev.imgcompat.core.testing.Tool;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.testcontainers.DockerClientFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The real images say the same through every transport, and are called by the digests by which
 * skopeo calls them.
 */
class TransportsIT {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  /** The images by their platforms. */
  private static final Map<String, String> IMAGES =
      Map.of(
          "centos-6.8", "linux/amd64",
          "debian-6", "linux/amd64",
          "static-vsyscall", "linux/amd64",
          "busybox-386", "linux/386",
          "alpine-3.20-amd64", "linux/amd64",
          "alpine-3.20-386", "linux/386");

  @TempDir private static Path work;
  private static Path layout;
  private static RealRegistry registry;
  private static final Map<String, JsonNode> EXPECTED = new HashMap<>();

  /** The ways in which an image comes, with the argument after which skopeo knows it. */
  enum Transport {
    LAYOUT(true),
    REGISTRY_OCI(true),
    REGISTRY_V2S2(true),
    OCI_ARCHIVE(true),
    OCI_ARCHIVE_COMPRESSED(true),
    OCI_ARCHIVE_ON_STDIN(true),
    DOCKER_ARCHIVE(false),
    DOCKER_ARCHIVE_COMPRESSED(false),
    DOCKER_ARCHIVE_ON_STDIN(false),
    DOCKER_DAEMON(false),
    DOCKER_SAVE(false);

    private final boolean hasManifest;

    Transport(boolean hasManifest) {
      this.hasManifest = hasManifest;
    }
  }

  /**
   * An image that was brought to where a transport finds it.
   *
   * @param reference for us
   * @param stdin what to hand over, if anything
   * @param skopeo the reference for skopeo
   */
  private record Brought(String reference, Path stdin, String skopeo) {}

  @BeforeAll
  static void prepare() {
    layout = SharedImages.layout();
    Tool.assumeInstalled("skopeo", "skopeo");
  }

  @AfterAll
  static void stop() {
    if (registry != null) {
      registry.close();
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyImageIsTheSame(Transport transport) throws Exception {
    for (String tag : IMAGES.keySet()) {
      Brought image = bring(tag, transport);

      JsonNode report = scan(image, IMAGES.get(tag));

      assertThat(comparable(report)).as(tag).isEqualTo(comparable(expected(tag)));
      if (transport.hasManifest) {
        compareManifest(report, image.skopeo, tag);
      } else {
        compareConfig(report, image.skopeo, tag);
      }
    }
  }

  private static JsonNode expected(String tag) throws IOException {
    JsonNode known = EXPECTED.get(tag);
    if (known == null) {
      known = scan(new Brought("oci:" + layout + ":" + tag, null, ""), IMAGES.get(tag));
      EXPECTED.put(tag, known);
    }
    return known;
  }

  private static JsonNode scan(Brought image, String platform) throws IOException {
    // A cache of its own: nothing that another transport left may help.
    Path cache = Files.createTempDirectory(work, "cache");
    Run run;
    try (InputStream stdin =
        image.stdin == null ? InputStream.nullInputStream() : Files.newInputStream(image.stdin)) {
      run =
          Run.of(
              cache,
              stdin,
              false,
              environment(),
              "scan",
              "-o",
              "json",
              "--list-elf",
              "--platform",
              platform,
              image.reference);
    }
    assertThat(run.image().path("error").isNull()).as(run.err()).isTrue();
    return run.image();
  }

  private static Map<String, String> environment() {
    String engine = System.getenv("DOCKER_HOST");
    // Where there is none, the engine is that of the user's context.
    return engine == null
        ? Map.of("DOCKER_CONFIG", System.getProperty("user.home") + "/.docker")
        : Map.of("DOCKER_HOST", engine);
  }

  /** What does not depend on the transport; layers are called by their position. */
  private static JsonNode comparable(JsonNode image) {
    String text = image.toString();
    JsonNode layers = image.at("/facts/layers");
    for (int i = 0; i < layers.size(); i++) {
      text = text.replace(layers.get(i).path("digest").asString(), "layer-" + i);
    }
    ObjectNode comparable = (ObjectNode) MAPPER.readTree(text);
    ((ObjectNode) comparable.path("facts")).remove("layers");
    comparable.remove(List.of("reference", "canonical", "digest", "scannedAt"));
    return comparable;
  }

  private static void compareManifest(JsonNode report, String skopeo, String tag) throws Exception {
    Path manifest = Files.createTempFile(work, "manifest", "");
    Files.write(manifest, skopeo(skopeo, "--raw"));
    JsonNode inspected = MAPPER.readTree(skopeo(skopeo, "--no-tags"));

    assertThat(report.path("digest").asString())
        .as(tag)
        .isEqualTo(
            new String(Tool.run("skopeo", "manifest-digest", manifest.toString()), UTF_8).strip());
    assertThat(report.path("platform").asString())
        .as(tag)
        .isEqualTo(
            inspected.path("Os").asString() + "/" + inspected.path("Architecture").asString());
    assertThat(strings(report.at("/facts/layers"), "digest"))
        .as(tag)
        .isEqualTo(inspected.path("Layers").valueStream().map(JsonNode::asString).toList());
  }

  private static void compareConfig(JsonNode report, String skopeo, String tag) throws Exception {
    byte[] config = skopeo(skopeo, "--config", "--raw");
    JsonNode inspected = MAPPER.readTree(config);

    assertThat(report.has("digest")).as(tag).isFalse();
    assertThat(report.path("configDigest").asString())
        .as(tag)
        .isEqualTo(Bytes.digest(config).value());
    assertThat(report.path("platform").asString())
        .as(tag)
        .isEqualTo(
            inspected.path("os").asString() + "/" + inspected.path("architecture").asString());
    assertThat(strings(report.at("/facts/layers"), "diffId"))
        .as(tag)
        .isEqualTo(inspected.at("/rootfs/diff_ids").valueStream().map(JsonNode::asString).toList());
  }

  private static List<String> strings(JsonNode list, String member) {
    return list.valueStream().map(item -> item.path(member).asString()).toList();
  }

  private static byte[] skopeo(String reference, String... options) throws Exception {
    List<String> command = new ArrayList<>(List.of("skopeo", "inspect"));
    command.addAll(List.of(options));
    if (reference.startsWith("docker://")) {
      command.add("--tls-verify=false");
    }
    if (reference.startsWith("docker-daemon:") && environment().containsKey("DOCKER_HOST")) {
      command.addAll(List.of("--daemon-host", environment().get("DOCKER_HOST")));
    }
    command.add(reference);
    return Tool.run(command.toArray(String[]::new));
  }

  private static Brought bring(String tag, Transport transport) throws Exception {
    String oci = "oci:" + layout + ":" + tag;
    return switch (transport) {
      case LAYOUT -> new Brought(oci, null, oci);
      case REGISTRY_OCI -> push(oci, "oci/" + tag, "oci");
      case REGISTRY_V2S2 -> push(oci, "v2s2/" + tag, "v2s2");
      case OCI_ARCHIVE -> archive("oci-archive:", tag, false);
      case OCI_ARCHIVE_COMPRESSED -> archive("oci-archive:", tag, true);
      case OCI_ARCHIVE_ON_STDIN -> onStdin(archive("oci-archive:", tag, false));
      case DOCKER_ARCHIVE -> archive("docker-archive:", tag, false);
      case DOCKER_ARCHIVE_COMPRESSED -> archive("docker-archive:", tag, true);
      case DOCKER_ARCHIVE_ON_STDIN -> onStdin(archive("docker-archive:", tag, false));
      case DOCKER_DAEMON -> {
        load(tag);
        String name = "docker-daemon:it/" + tag + ":1";
        yield new Brought(name, null, name);
      }
      case DOCKER_SAVE -> {
        load(tag);
        Path saved = work.resolve(tag + ".saved.tar");
        Tool.run("docker", "save", "-o", saved.toString(), "it/" + tag + ":1");
        String name = "docker-archive:" + saved + ":it/" + tag + ":1";
        yield new Brought(name, null, name);
      }
    };
  }

  private static Brought push(String oci, String repository, String format) throws Exception {
    if (registry == null) {
      registry = new RealRegistry();
    }
    String image = registry.name() + "/" + repository + ":1";
    copy(oci, "docker://" + image, "--dest-tls-verify=false", "--format", format);
    return new Brought(image, null, "docker://" + image);
  }

  private static Brought archive(String transport, String tag, boolean compressed)
      throws Exception {
    Path file = work.resolve(transport.replace(':', '-') + tag + ".tar");
    if (!Files.exists(file)) {
      copy("oci:" + layout + ":" + tag, transport + file + ":it/" + tag + ":1");
    }
    Path given = compressed ? Path.of(file + ".gz") : file;
    if (compressed) {
      try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(given))) {
        Files.copy(file, out);
      }
    }
    return new Brought(transport + given + ":it/" + tag + ":1", null, transport + file);
  }

  private static Brought onStdin(Brought archive) {
    int colon = archive.reference.indexOf(':') + 1;
    int name = archive.reference.indexOf(':', colon);
    return new Brought(
        archive.reference.substring(0, colon) + "-" + archive.reference.substring(name),
        Path.of(archive.reference.substring(colon, name)),
        archive.skopeo);
  }

  /** Loads an image into the Docker engine, by its own client. */
  private static void load(String tag) throws Exception {
    assumeTrue(DockerClientFactory.instance().isDockerAvailable(), "no Docker engine");
    Tool.assumeInstalled("docker", "docker.io");
    String reference = archive("docker-archive:", tag, false).skopeo;
    Tool.run("docker", "load", "-i", reference.substring("docker-archive:".length()));
  }

  private static void copy(String from, String to, String... options) throws Exception {
    List<String> command = new ArrayList<>(List.of("skopeo", "--insecure-policy", "copy", "-q"));
    command.addAll(List.of(options));
    command.addAll(List.of(from, to));
    Tool.run(command.toArray(String[]::new));
  }
}
