package dev.imgcompat.core.facts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imgcompat.core.layer.LayerFacts;
import dev.imgcompat.core.testing.LayerBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileFactStoreTest extends FactStoreContract {
  @TempDir private Path directory;
  private final List<String> warnings = new ArrayList<>();

  @Override
  protected FileFactStore store() {
    return new FileFactStore(directory, warnings::add);
  }

  private Path onlyFile() throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files
          .filter(Files::isRegularFile)
          .reduce(
              (a, b) -> {
                throw new AssertionError("more than one file: " + a + ", " + b);
              })
          .orElseThrow();
    }
  }

  @Test
  void anotherProcessFindsWhatWasKept() {
    store().putFacts(KEY, FACTS);

    assertThat(store().facts(KEY)).contains(FACTS);
  }

  @Test
  void nothingIsKeptOnceItIsClosed() throws Exception {
    FileFactStore store = store();
    store.close(Duration.ofSeconds(10));

    store.putFacts(KEY, FACTS);

    assertThat(store().facts(KEY)).isEmpty();
    assertThat(warnings).isEmpty();
  }

  @Test
  void aFileThatIsCutShortIsForgotten() throws IOException {
    store().putFacts(KEY, FACTS);
    byte[] whole = Files.readAllBytes(onlyFile());
    Files.write(onlyFile(), java.util.Arrays.copyOf(whole, whole.length / 2));

    assertThat(store().facts(KEY)).isEmpty();
    assertThat(store().usage().layers()).isZero();
  }

  @Test
  void aFileThatIsWellFormedButWrongIsForgotten() throws IOException {
    store().putFacts(KEY, FACTS);
    String json =
        "{\"digest\":\""
            + KEY.layer()
            + "\",\"bytes\":1,\"entries\":1,\"unread\":[],\"items\":[{\"item\":\"dir\",\"path\":null}]}";
    Files.write(
        onlyFile(),
        dev.imgcompat.core.testing.LayerBuilder.gzip(json.getBytes(StandardCharsets.UTF_8)));

    assertThat(store().facts(KEY)).isEmpty();
    assertThat(store().usage().layers()).isZero();
  }

  @Test
  void factsOfAnotherLayerAreNotBelieved() throws IOException {
    store().putFacts(KEY, FACTS);
    FactKey other =
        new FactKey(dev.imgcompat.core.image.Bytes.digest(new byte[3]), KEY.analyzers());
    Path file = onlyFile();
    String name = file.getFileName().toString().replace(KEY.layer().hex(), other.layer().hex());
    Path forged =
        directory.resolve("v1/layers").resolve(other.layer().hex().substring(0, 2)).resolve(name);
    Files.createDirectories(forged.getParent());
    Files.copy(file, forged);

    assertThat(store().facts(other)).isEmpty();
  }

  /** A newer or older program beside this one may have written them, and still read them. */
  @Test
  void whatOthersWroteAndCannotBeReadIsPassedOverAndLeft() throws IOException {
    store().putFacts(KEY, FACTS);
    Path readable = onlyFile();
    Path other = readable.resolveSibling(KEY.layer().hex() + "-000000000000.json.gz");
    Files.write(
        other,
        dev.imgcompat.core.testing.LayerBuilder.gzip(
            "{\"form\":\"another\"}".getBytes(StandardCharsets.UTF_8)));
    Files.setLastModifiedTime(other, FileTime.from(Instant.now().plus(Duration.ofDays(1))));

    assertThat(store().facts(KEY.layer(), facts -> true)).contains(FACTS);
    assertThat(other).exists();
  }

  @Test
  void theFilesThatWereUsedLastAreLookedAtFirst() throws IOException {
    store().putFacts(KEY, FACTS);
    Files.setLastModifiedTime(onlyFile(), FileTime.from(Instant.now().minus(Duration.ofDays(1))));
    LayerFacts later =
        dev.imgcompat.core.testing.Layers.facts(List.of(), new LayerBuilder().text("x", "x"));
    LayerFacts laterOfSameLayer =
        new LayerFacts(
            FACTS.digest(),
            later.bytes(),
            later.compression(),
            later.unpacked(),
            later.entries(),
            later.items(),
            later.unread(),
            later.readBy());
    store().putFacts(new FactKey(KEY.layer(), "later"), laterOfSameLayer);

    assertThat(store().facts(KEY.layer(), facts -> true)).contains(laterOfSameLayer);
  }

  @Test
  void aDocumentThatChangedIsForgotten() throws IOException {
    byte[] document = "{}".getBytes(StandardCharsets.UTF_8);
    var digest = dev.imgcompat.core.image.Bytes.digest(document);
    store().putDocument(digest, document);
    Files.writeString(onlyFile(), "{ }");

    assertThat(store().document(digest)).isEmpty();
  }

  @Test
  void aCacheThatCannotBeWrittenIsSaidOnceAndNoFailure() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "in the way");
    FileFactStore store = new FileFactStore(file, warnings::add);

    store.putFacts(KEY, FACTS);
    store.putFacts(KEY, FACTS);

    assertThat(warnings).singleElement().asString().contains("cannot be written");
  }

  @Test
  void pruningRemovesWhatWasNotUsed() throws IOException {
    store().putFacts(KEY, FACTS);
    assertThat(store().prune(Duration.ofDays(1)).layers()).isZero();
    Files.setLastModifiedTime(onlyFile(), FileTime.from(Instant.now().minus(Duration.ofDays(2))));

    assertThat(store().prune(Duration.ofDays(1)).layers()).isEqualTo(1);
    assertThat(store().facts(KEY)).isEmpty();
  }

  @Test
  void usingKeepsFromPruning() throws IOException {
    store().putFacts(KEY, FACTS);
    Files.setLastModifiedTime(onlyFile(), FileTime.from(Instant.now().minus(Duration.ofDays(2))));

    store().facts(KEY);

    assertThat(store().prune(Duration.ofDays(1)).layers()).isZero();
  }

  @Test
  void nothingTemporaryIsLeft() throws IOException {
    store().putFacts(KEY, FACTS);

    assertThat(onlyFile().toString()).endsWith(".json.gz");
  }
}
