package dev.imgcompat.core.testing;

import dev.imgcompat.core.image.Bytes;
import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.image.ManifestDocument.MediaTypes;
import dev.imgcompat.core.testing.GeneratedLayer.Kind;
import dev.imgcompat.core.verdict.Decision;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The content of a company's registry: many tags over few layers, some of them broken, and what a
 * scan of each must say. The same seed gives the same bytes.
 */
public final class GeneratedImages {
  private static final Instant FIRST_MADE = Instant.parse("2024-01-01T00:00:00Z");
  private static final String ARTIFACT = "application/vnd.example.notes.v1+json";

  /** Of so many images there is one of each kind that is none, or broken. */
  private static final int ROUND = 50;

  private final List<GeneratedLayer> layers;
  private final int builds;
  private final List<Tag> tags = new ArrayList<>();
  private final List<Manifest> manifests = new ArrayList<>();
  private final Map<String, Set<Digest>> layersOf = new TreeMap<>();
  private final Map<String, Map<String, byte[]>> configsOf = new TreeMap<>();

  /**
   * A tag, and what a scan of it for linux/amd64 and Kata must say.
   *
   * @param repository without registry
   * @param name of the tag
   * @param digest of the manifest or index that it names
   * @param decision for Kata; {@code UNKNOWN} where there is a failure
   * @param failure its kind
   * @param layers that the image for linux/amd64 has; none where there is no such image
   */
  public record Tag(
      String repository,
      String name,
      Digest digest,
      Decision decision,
      Optional<String> failure,
      List<Digest> layers) {
    /** The reference in full. */
    public String reference(String registry) {
      return registry + "/" + repository + ":" + name;
    }
  }

  /**
   * A manifest or an index in a repository.
   *
   * @param references by which to push it: tags, or its digest
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Manifest(String repository, List<String> references, String mediaType, byte[] bytes) {}

  /** What is pushed under tags. */
  private record Pushed(
      String repository,
      Manifest manifest,
      Decision decision,
      Optional<String> failure,
      List<Digest> layers) {
    Tag tag(String name) {
      manifest.references().add(name);
      return new Tag(repository, name, Bytes.digest(manifest.bytes()), decision, failure, layers);
    }
  }

  /** Makes some with layers of a few hundred bytes. */
  public GeneratedImages(long seed, int repositories, int tags, int layers) {
    this(seed, repositories, tags, layers, 0);
  }

  /**
   * Makes some.
   *
   * @param repositories how many
   * @param tags how many, four fifths of them with an image of their own
   * @param layers how many distinct ones
   * @param padding of each layer, in bytes
   */
  public GeneratedImages(long seed, int repositories, int tags, int layers, int padding) {
    Random random = new Random(seed);
    this.layers = GeneratedLayer.all(random, layers, padding);
    // Each in one repository.
    this.builds = (2 * layers + repositories - 1) / repositories * repositories;
    List<List<GeneratedLayer>> layersOfBuilds = new ArrayList<>();
    for (int i = 0; i < builds; i++) {
      layersOfBuilds.add(layersOfBuild(i, i / repositories, random));
    }
    List<Pushed> pushed = new ArrayList<>();
    int images = tags * 4 / 5;
    for (int i = 0; i < images; i++) {
      int team = i % repositories % 3;
      String repository = "team-" + team + "/app-" + i % repositories;
      Pushed image = image(i, repository, layersOfBuilds.get(i % builds));
      pushed.add(image);
      this.tags.add(image.tag("1." + i / repositories + ".0"));
    }
    for (int i = images; i < tags; i++) {
      this.tags.add(pushed.get(random.nextInt(images)).tag("release-" + i));
    }
    Set<Digest> used =
        this.tags.stream()
            .filter(t -> t.failure().isEmpty())
            .flatMap(t -> t.layers().stream())
            .collect(Collectors.toSet());
    if (!used.containsAll(readable())) {
      throw new IllegalArgumentException(tags + " tags are too few for " + layers + " layers");
    }
  }

  /** All tags. */
  public List<Tag> tags() {
    return List.copyOf(tags);
  }

  /** The layers that can be read; each is in some image that can be scanned. */
  public Set<Digest> readable() {
    return digests(Kind::isReadable);
  }

  /** The layers that can be pulled, but not read. */
  public Set<Digest> damaged() {
    return digests(kind -> kind == Kind.DAMAGED);
  }

  /** The layers that cannot be pulled. */
  public Set<Digest> lost() {
    return digests(kind -> kind == Kind.LOST);
  }

  private Set<Digest> digests(Predicate<Kind> wanted) {
    return of(wanted).stream()
        .map(GeneratedLayer::digest)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private List<GeneratedLayer> of(Predicate<Kind> wanted) {
    return layers.stream().filter(layer -> wanted.test(layer.kind())).toList();
  }

  /** Every layer, also those to be lost. */
  List<GeneratedLayer> layers() {
    return layers;
  }

  /** The repositories that have a layer. */
  List<String> repositoriesWith(GeneratedLayer layer) {
    return layersOf.entrySet().stream()
        .filter(e -> e.getValue().contains(layer.digest()))
        .map(Map.Entry::getKey)
        .toList();
  }

  /** The small blobs of each repository, by their digests. */
  Map<String, Map<String, byte[]>> configsOf() {
    return configsOf;
  }

  /** All manifests, those of an index before it. */
  List<Manifest> manifests() {
    return manifests;
  }

  /** Pushes everything to an empty registry that lets everyone in, and can delete blobs. */
  public void pushTo(String registry) throws InterruptedException {
    new GeneratedPush(this, registry).run();
  }

  /** Serves everything. */
  public void serveAt(FakeRegistry registry) {
    for (GeneratedLayer layer : of(kind -> kind != Kind.LOST)) {
      repositoriesWith(layer).forEach(repository -> registry.blob(repository, layer.blob()));
    }
    configsOf.forEach(
        (repository, configs) ->
            configs.values().forEach(config -> registry.blob(repository, config)));
    for (Manifest manifest : manifests) {
      Digest digest = Bytes.digest(manifest.bytes());
      manifest
          .references()
          .forEach(r -> registry.manifest(manifest.repository(), r, digest, manifest.bytes()));
    }
  }

  /** What images are made of: several have the same layers and the same config. */
  private List<GeneratedLayer> layersOfBuild(int number, int shift, Random random) {
    List<GeneratedLayer> bases = of(Kind::isBase);
    List<GeneratedLayer> applications = of(kind -> kind.isReadable() && !kind.isBase());
    List<GeneratedLayer> own = new ArrayList<>();
    own.add(bases.get((number + shift) % bases.size()));
    own.add(applications.get(number % applications.size()));
    if (random.nextBoolean()) {
      own.add(applications.get(random.nextInt(applications.size())));
    }
    return own.stream().distinct().toList();
  }

  private Pushed image(int number, String repository, List<GeneratedLayer> distinct) {
    return switch (number % ROUND) {
      case 7 -> broken(number, repository, distinct, Kind.DAMAGED, "damaged");
      case 17 -> broken(number, repository, distinct, Kind.LOST, "not-found");
      case 27 -> failing(repository, artifact(number, repository), "not-an-image");
      case 37 ->
          failing(
              repository,
              index(repository, List.of(single(number, repository, "arm64", distinct)), "arm64"),
              "platform-missing");
      case 5, 15, 25, 35, 45 ->
          new Pushed(
              repository,
              index(
                  repository,
                  List.of(
                      single(number, repository, "arm64", distinct),
                      single(number, repository, "amd64", distinct)),
                  "arm64",
                  "amd64"),
              decision(distinct),
              Optional.empty(),
              digests(distinct));
      default ->
          new Pushed(
              repository,
              single(number, repository, "amd64", distinct),
              decision(distinct),
              Optional.empty(),
              digests(distinct));
    };
  }

  private Pushed broken(
      int number, String repository, List<GeneratedLayer> below, Kind kind, String failure) {
    List<GeneratedLayer> some = of(k -> k == kind);
    List<GeneratedLayer> all =
        Stream.concat(below.stream(), Stream.of(some.get(number / ROUND % some.size()))).toList();
    return new Pushed(
        repository,
        single(number, repository, "amd64", all),
        Decision.UNKNOWN,
        Optional.of(failure),
        digests(all));
  }

  private static Pushed failing(String repository, Manifest manifest, String failure) {
    return new Pushed(repository, manifest, Decision.UNKNOWN, Optional.of(failure), List.of());
  }

  private static List<Digest> digests(List<GeneratedLayer> layers) {
    return layers.stream().map(GeneratedLayer::digest).toList();
  }

  private static Decision decision(List<GeneratedLayer> layers) {
    Set<Kind> kinds =
        layers.stream().map(GeneratedLayer::kind).collect(Collectors.toCollection(TreeSet::new));
    if (kinds.contains(Kind.BASE_OF_32_BIT) || kinds.contains(Kind.APPLICATION_OF_32_BIT)) {
      return Decision.EXCLUDED;
    }
    return kinds.contains(Kind.OLD_BASE) ? Decision.NEEDS_KERNEL_PARAMS : Decision.COMPATIBLE;
  }

  private Manifest single(
      int number, String repository, String architecture, List<GeneratedLayer> layers) {
    digests(layers)
        .forEach(d -> layersOf.computeIfAbsent(repository, r -> new LinkedHashSet<>()).add(d));
    byte[] config =
        config(
            repository,
            "{\"created\":\"%s\",\"architecture\":\"%s\",\"os\":\"linux\",\"config\":{\"Env\":[\"PATH=/usr/bin:/bin\"],\"Cmd\":[\"/bin/sh\"]},\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[%s]}}"
                .formatted(
                    FIRST_MADE.plus(Duration.ofHours(number % builds)),
                    architecture,
                    layers.stream()
                        .map(l -> "\"" + l.diffId() + "\"")
                        .collect(Collectors.joining(","))));
    return manifest(
        repository,
        MediaTypes.OCI_MANIFEST,
        "\"annotations\":{\"org.opencontainers.image.version\":\"%d\"},\"config\":%s,\"layers\":[%s]"
            .formatted(
                number,
                descriptor("application/vnd.oci.image.config.v1+json", config, ""),
                layers.stream()
                    .map(l -> descriptor(l.mediaType(), l.blob(), ""))
                    .collect(Collectors.joining(","))));
  }

  private Manifest artifact(int number, String repository) {
    byte[] notes = config(repository, "{\"notes\":" + number + "}");
    String descriptor = descriptor(ARTIFACT, notes, "");
    return manifest(
        repository,
        MediaTypes.OCI_MANIFEST,
        "\"config\":" + descriptor + ",\"layers\":[" + descriptor + "]");
  }

  private Manifest index(String repository, List<Manifest> images, String... architectures) {
    List<String> entries = new ArrayList<>();
    for (int i = 0; i < architectures.length; i++) {
      Manifest image = images.get(i);
      image.references().add(Bytes.digest(image.bytes()).value());
      entries.add(
          descriptor(
              image.mediaType(),
              image.bytes(),
              ",\"platform\":{\"os\":\"linux\",\"architecture\":\"" + architectures[i] + "\"}"));
    }
    return manifest(
        repository, MediaTypes.OCI_INDEX, "\"manifests\":[" + String.join(",", entries) + "]");
  }

  private byte[] config(String repository, String json) {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    configsOf
        .computeIfAbsent(repository, r -> new TreeMap<>())
        .put(Bytes.digest(bytes).value(), bytes);
    return bytes;
  }

  private Manifest manifest(String repository, String mediaType, String members) {
    String json = "{\"schemaVersion\":2,\"mediaType\":\"" + mediaType + "\"," + members + "}";
    Manifest manifest =
        new Manifest(
            repository, new ArrayList<>(), mediaType, json.getBytes(StandardCharsets.UTF_8));
    manifests.add(manifest);
    return manifest;
  }

  private static String descriptor(String mediaType, byte[] content, String more) {
    return "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%d%s}"
        .formatted(mediaType, Bytes.digest(content), content.length, more);
  }
}
