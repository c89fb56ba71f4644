package dev.imgcompat.core.sweep.source;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.image.ScanException;
import dev.imgcompat.core.registry.RegistryListings;
import dev.imgcompat.core.sweep.plan.SourceSpec;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReferencesSourceTest extends ReferenceSourceContract {
  private static final Path STDIN = Path.of("-");

  @TempDir private Path directory;
  private final List<String> lines =
      new ArrayList<>(
          List.of(
              "# what runs in production",
              "",
              "registry.example/a:1",
              "  registry.example/a:2\t",
              "centos\r",
              "docker://registry.example:5000/b/c:x",
              "#registry.example/d:1",
              "registry.example/d@sha256:" + "0".repeat(64)));
  private int reads;

  /** Standard input that comes line by line, and once. */
  private InputStream lineByLine() {
    List<String> rest = new ArrayList<>(lines);
    return new InputStream() {
      @Override
      public int read() {
        throw new AssertionError("byte by byte");
      }

      @Override
      public int read(byte[] buffer, int offset, int length) {
        reads++;
        if (rest.isEmpty()) {
          return -1;
        }
        byte[] line = (rest.remove(0) + "\n").getBytes(UTF_8);
        System.arraycopy(line, 0, buffer, offset, line.length);
        return line.length;
      }

      @Override
      public void close() {
        throw new AssertionError("it is not the source's");
      }
    };
  }

  private static ReferenceSource source(
      Optional<Path> file, List<String> named, InputStream standardInput) throws ScanException {
    return ReferenceSources.of(
        new SourceSpec.References(file, named), RegistryListings.NONE, standardInput);
  }

  private static RecordedListing listed(byte[] text, String... named) throws Exception {
    RecordedListing listing = new RecordedListing();
    try (ReferenceSource source =
        source(Optional.of(STDIN), List.of(named), new ByteArrayInputStream(text))) {
      source.list(listing);
    }
    return listing;
  }

  @Override
  protected ReferenceSource source() throws ScanException {
    return source(Optional.of(STDIN), List.of("registry.example/named:1"), lineByLine());
  }

  @Override
  protected List<String> expected() {
    return List.of(
        "registry.example/a:1",
        "registry.example/a:2",
        "docker.io/library/centos:latest",
        "registry.example:5000/b/c:x",
        "registry.example/d@sha256:" + "0".repeat(64),
        "registry.example/named:1");
  }

  @Override
  protected int asked() {
    return reads;
  }

  @Override
  protected void breakSomething() {
    lines.add(3, "Not A Reference");
  }

  @Override
  protected List<String> broken() {
    return List.of();
  }

  @Override
  protected boolean isAskedFor(String repository) {
    return false; // nobody is asked
  }

  @Test
  void digestThatIsWrittenIsKnown() throws Exception {
    String digest = Digest.ofText("x").value();
    RecordedListing listing =
        listed(
            ("r.example/a@" + digest + "\nr.example/a:1@" + digest + "\nr.example/a")
                .getBytes(UTF_8));

    assertThat(listing.found().stream().map(ListedReference::digest))
        .containsExactly(
            Optional.of(Digest.of(digest)), Optional.of(Digest.of(digest)), Optional.empty());
  }

  @Test
  void sameReferenceIsPassedOnAsOftenAsItIsWritten() throws Exception {
    assertThat(listed("a:1\na:1\n".getBytes(UTF_8), "a:1").names()).hasSize(3);
  }

  @Test
  void badLinesAreToldByTheirNumbers() throws Exception {
    RecordedListing listing =
        listed("\na:1\r\noci:/tmp/x\n\n# x\nrootfs:/\nA\nb:2".getBytes(UTF_8), "c:3", "scratch");

    assertThat(listing.names())
        .containsExactly("docker.io/library/a:1", "docker.io/library/b:2", "docker.io/library/c:3");
    assertThat(listing.unlisted())
        .containsOnlyKeys(
            "line 3 of standard input",
            "line 6 of standard input",
            "line 7 of standard input",
            "reference 2 of those that are named")
        .allSatisfy(
            (what, why) -> assertThat(why).isInstanceOf(ScanException.InvalidReference.class));
    assertThat(listing.unlisted().get("line 3 of standard input"))
        .hasMessageContaining("a sweep reads only what is in one");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "alice:hunter2@r.example/a:1",
        "https://alice:hunter2@r.example/a",
        "docker://hunter2@r.example/a"
      })
  void credentialsAreRefusedAndNotSaidBack(String reference) throws Exception {
    RecordedListing listing = listed((reference + "\nb:1").getBytes(UTF_8), reference);

    assertThat(listing.names()).containsExactly("docker.io/library/b:1");
    assertThat(listing.unlisted()).hasSize(2);
    assertThat(listing.unlisted().toString()).doesNotContain("hunter2");
    assertThat(listing.unlisted().values())
        .allSatisfy(why -> assertThat(why).hasMessageContaining("credentials do not belong"));
  }

  @Test
  void linesAreBounded() throws Exception {
    String longest = "r.example/" + "a".repeat(200) + ":1" + " ".repeat(1024 - 212);
    RecordedListing listing =
        listed((longest + "\n" + longest + " \nb:1\n" + "x".repeat(100_000)).getBytes(UTF_8));

    assertThat(listing.found()).hasSize(2);
    assertThat(listing.unlisted())
        .containsOnlyKeys("line 2 of standard input", "line 4 of standard input")
        .allSatisfy((what, why) -> assertThat(why).hasMessageContaining("longer than 1024 bytes"));
  }

  @Test
  void textIsUtf8() throws Exception {
    RecordedListing listing = listed("\u00ef\u00bb\u00bfa:1\n\u00e4:1\nb:1".getBytes(ISO_8859_1));

    assertThat(listing.names()).containsExactly("docker.io/library/a:1", "docker.io/library/b:1");
    assertThat(listing.unlisted())
        .containsOnlyKeys("line 2 of standard input")
        .allSatisfy((what, why) -> assertThat(why).hasMessageContaining("UTF-8"));
  }

  @Test
  void whatSteersTerminalsIsNotSaidBack() throws Exception {
    RecordedListing listing = listed("a\u001b[2J\u0000:1".getBytes(UTF_8));

    assertThat(listing.unlisted().values())
        .allSatisfy(why -> assertThat(why.getMessage()).doesNotContain("\u001b", "\u0000"))
        .hasSize(1);
  }

  @Test
  void fileIsReadAgainAndAgain() throws Exception {
    Path file = Files.writeString(directory.resolve("list.txt"), "a:1\nb:1\n");
    try (ReferenceSource source =
        source(Optional.of(file), List.of("c:1", "d:1"), InputStream.nullInputStream())) {
      assertThat(source.name()).isEqualTo("the references in " + file + " and 2 references");
      for (int i = 0; i < 2; i++) {
        RecordedListing listing = new RecordedListing();
        source.list(listing);
        assertThat(listing.names())
            .containsExactly(
                "docker.io/library/a:1",
                "docker.io/library/b:1",
                "docker.io/library/c:1",
                "docker.io/library/d:1");
      }
      Files.delete(file);
      assertThatThrownBy(() -> source.list(new RecordedListing()))
          .isInstanceOf(ScanException.Unreadable.class)
          .hasMessageContaining(file.toString());
    }
  }

  @Test
  void standardInputIsReadOnlyAsFarAsItIsWanted() throws Exception {
    InputStream endless =
        new InputStream() {
          @Override
          public int read() {
            throw new AssertionError("byte by byte");
          }

          @Override
          public int read(byte[] buffer, int offset, int length) {
            byte[] line = "a:1\n".getBytes(UTF_8);
            System.arraycopy(line, 0, buffer, offset, line.length);
            return line.length;
          }
        };
    List<ListedReference> found = new ArrayList<>();
    try (ReferenceSource source = source(Optional.of(STDIN), List.of(), endless)) {
      Listing five =
          new Listing() {
            @Override
            public boolean wants(String registry, String repository) {
              return true;
            }

            @Override
            public void found(ListedReference reference) throws InterruptedException {
              found.add(reference);
              if (found.size() == 5) {
                throw new InterruptedException();
              }
            }

            @Override
            public void unlisted(String what, ScanException why) {}
          };
      assertThatThrownBy(() -> source.list(five)).isInstanceOf(InterruptedException.class);
    }
    assertThat(found).hasSize(5);
  }

  @Test
  void standardInputThatBreaksIsAFailure() throws Exception {
    InputStream broken =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("it broke");
          }

          @Override
          public int read(byte[] buffer, int offset, int length) throws IOException {
            return read();
          }
        };
    try (ReferenceSource source = source(Optional.of(STDIN), List.of(), broken)) {
      assertThatThrownBy(() -> source.list(new RecordedListing()))
          .isInstanceOf(ScanException.Unreadable.class)
          .hasMessageContaining("it broke");
    }
  }

  @Test
  void somethingIsToBeNamed() {
    assertThatThrownBy(() -> source(Optional.empty(), List.of(), InputStream.nullInputStream()))
        .isInstanceOf(ScanException.InvalidReference.class)
        .hasMessageContaining("no references are named");
  }

  @Test
  void fileIsToBeThere() {
    Path none = directory.resolve("none");
    assertThatThrownBy(() -> source(Optional.of(none), List.of(), InputStream.nullInputStream()))
        .isInstanceOf(ScanException.NotFound.class)
        .hasMessageContaining(none.toString());
    assertThatThrownBy(
            () -> source(Optional.of(directory), List.of(), InputStream.nullInputStream()))
        .isInstanceOf(ScanException.Unreadable.class)
        .hasMessageContaining("is a directory");
  }
}
