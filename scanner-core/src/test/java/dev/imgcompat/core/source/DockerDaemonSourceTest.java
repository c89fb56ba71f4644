package dev.imgcompat.core.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imgcompat.core.engine.EngineFinder;
import dev.imgcompat.core.engine.HttpEngineClient;
import dev.imgcompat.core.facts.MemoryFactStore;
import dev.imgcompat.core.image.Bytes;
import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.image.DocumentStore;
import dev.imgcompat.core.image.Image;
import dev.imgcompat.core.image.ImageReference;
import dev.imgcompat.core.image.ImageSource;
import dev.imgcompat.core.image.LayerContent;
import dev.imgcompat.core.image.PlatformRequest;
import dev.imgcompat.core.image.ScanException;
import dev.imgcompat.core.testing.DockerArchiveBuilder;
import dev.imgcompat.core.testing.ElfBuilder;
import dev.imgcompat.core.testing.FakeEngine;
import dev.imgcompat.core.testing.LayerBuilder;
import dev.imgcompat.core.testing.LayoutBuilder;
import dev.imgcompat.core.testing.LayoutBuilder.ImageSpec;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DockerDaemonSourceTest extends ImageSourceContract {
  @TempDir private Path home;
  private final FakeEngine engine = new FakeEngine();
  private final DocumentStore documents = new MemoryFactStore(1 << 20);
  private ImageSource source;

  @BeforeEach
  void start() {
    has("team/it:1", spec(), new DockerArchiveBuilder().image(spec(), "team/it:1").save());
    source =
        new DockerDaemonSource(
            new HttpEngineClient(
                new EngineFinder(Map.of("DOCKER_HOST", engine.host()), home), "test"),
            documents);
  }

  @AfterEach
  void stop() {
    source.close();
    engine.close();
  }

  private void has(String name, ImageSpec image, byte[] export) {
    engine.image(name, inspect(image), export);
  }

  /** What an engine says of an image, with the config's members under its own names. */
  private static String inspect(ImageSpec image) {
    String config = LayoutBuilder.config(image);
    return config
        .replace("\"architecture\"", "\"Architecture\"")
        .replace("\"os\"", "\"Os\"")
        .replace("\"config\"", "\"Config\"")
        .replace("\"rootfs\"", "\"RootFS\"")
        .replace("\"diff_ids\"", "\"Layers\"")
        .replaceFirst("\\{", "{\"Id\":\"" + id(image) + "\",");
  }

  private static Digest id(ImageSpec image) {
    return Bytes.digest(LayoutBuilder.config(image).getBytes(StandardCharsets.UTF_8));
  }

  @Override
  ImageSource source() {
    return source;
  }

  @Override
  String present() {
    return "docker-daemon:team/it:1";
  }

  @Override
  String absent() {
    return "docker-daemon:team/it:2";
  }

  private List<Image> resolve(String name, String platform) throws Exception {
    return source.resolve(
        ImageReference.parse("docker-daemon:" + name),
        platform.isEmpty() ? PlatformRequest.DEFAULT : PlatformRequest.parse(platform),
        passing);
  }

  private long exports() {
    return engine.requests().stream().filter(r -> r.contains("/get")).count();
  }

  @Test
  void theConfigIsTheImageId() throws Exception {
    Image image = resolve("team/it:1", "").get(0);

    assertThat(image.manifest().digest()).isEmpty();
    assertThat(image.manifest().configDigest()).contains(id(spec()));
    assertThat(image.contents()).hasOnlyElementsOfType(LayerContent.Known.class);
  }

  @Test
  void whatIsKnownIsNotExportedAgain() throws Exception {
    Image first = resolve("team/it:1", "").get(0);
    assertThat(exports()).isEqualTo(1);

    Image second = resolve("team/it:1", "").get(0);

    assertThat(exports()).isEqualTo(1);
    assertThat(second.manifest().config()).isEqualTo(first.manifest().config());
    assertThat(second.manifest().configDigest()).isEqualTo(first.manifest().configDigest());
    assertThat(second.contents()).hasSameSizeAs(first.contents());
  }

  @Test
  void anImageThatMovedIsExportedAgain() throws Exception {
    resolve("team/it:1", "");
    ImageSpec other = spec().command("/bin/y");
    has("team/it:1", other, new DockerArchiveBuilder().image(other, "team/it:1").save());

    Image moved = resolve("team/it:1", "").get(0);

    assertThat(moved.manifest().config().cmd()).containsExactly("/bin/y");
    assertThat(exports()).isEqualTo(2);
  }

  /** As with engines that keep images in containerd. */
  @Test
  void anIdThatIsNotOfTheConfigLeadsNowhereElse() throws Exception {
    String otherId = inspect(spec()).replace(id(spec()).value(), "sha256:" + "cd".repeat(32));
    engine.image("it:2", otherId, new DockerArchiveBuilder().image(spec(), "it:2").saveBlobs());

    for (int i = 1; i <= 2; i++) {
      assertThat(resolve("it:2", "").get(0).manifest().configDigest()).contains(id(spec()));
      assertThat(exports()).isEqualTo(i);
    }
  }

  @Test
  void ofSeveralImagesInAnExportThatOfWhichTheEngineToldIsMeant() throws Exception {
    ImageSpec other = spec().env("A=b");
    has(
        "it:3",
        spec(),
        new DockerArchiveBuilder().image(other, "it:3").image(spec(), "it:3").saveBlobs());

    assertThat(resolve("it:3", "").get(0).manifest().configDigest()).contains(id(spec()));
  }

  /** A name may move between the two requests. */
  @Test
  void anExportOfAnotherImageThanTheEngineToldOfIsRefused() {
    ImageSpec other = new ImageSpec().layer(new LayerBuilder().program("x", ElfBuilder.i386()));
    engine.image("it:6", inspect(spec()), new DockerArchiveBuilder().image(other, "it:6").save());

    assertThatThrownBy(() -> resolve("it:6", ""))
        .isInstanceOf(ScanException.EngineUnavailable.class)
        .hasMessageContaining("another image");
  }

  @Test
  void aPlatformIsAskedForOnlyIfSomebodyWantsIt() throws Exception {
    ImageSpec arm = spec().architecture("arm64");
    has("arm:1", arm, new DockerArchiveBuilder().image(arm, "arm:1").save());

    assertThat(resolve("arm:1", "").get(0).notes())
        .singleElement()
        .asString()
        .contains("for linux/arm64, not for linux/amd64");
    assertThat(engine.requests()).noneMatch(r -> r.contains("platform"));
    assertThat(resolve("arm:1", "linux/arm64").get(0).notes()).isEmpty();
    assertThat(resolve("arm:1", "all")).hasSize(1);
  }

  @Test
  void anExportThatBreaksOffIsTheEnginesFault() {
    byte[] export = new DockerArchiveBuilder().image(spec(), "team/it:1").save();
    engine.answer(
        "/images/team/it:1/get", FakeEngine.cutOff(Arrays.copyOf(export, export.length / 2)));

    assertThatThrownBy(() -> resolve("team/it:1", ""))
        .isInstanceOf(ScanException.EngineUnavailable.class)
        .hasMessageContaining("the export of 'team/it:1'")
        .satisfies(e -> assertThat(((ScanException) e).retryable()).isTrue());
  }

  /** An engine that fails in the midst of an export says so where the tar should go on. */
  @Test
  void theEnginesLastWordsAreHeard() {
    byte[] export = new DockerArchiveBuilder().image(spec(), "team/it:1").save();
    byte[] part = Arrays.copyOf(export, export.length / 2);
    byte[] words =
        "{\"errorDetail\":{\"message\":\"disk full\"},\"error\":\"disk full\"}\r\n"
            .getBytes(StandardCharsets.UTF_8);
    byte[] failed = Arrays.copyOf(part, part.length + words.length);
    System.arraycopy(words, 0, failed, part.length, words.length);
    has("it:5", spec(), failed);

    assertThatThrownBy(() -> resolve("it:5", ""))
        .isInstanceOf(ScanException.EngineUnavailable.class)
        .hasMessageContaining("disk full");
  }

  @Test
  void anExportThatIsNoneIsSaidToBeDamaged() {
    has("it:4", spec(), "no tar".repeat(200).getBytes(StandardCharsets.UTF_8));

    assertThatThrownBy(() -> resolve("it:4", ""))
        .isInstanceOf(ScanException.Damaged.class)
        .hasMessageContaining("the export of it:4");
  }
}
