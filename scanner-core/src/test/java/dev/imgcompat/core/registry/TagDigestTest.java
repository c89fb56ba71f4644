package dev.imgcompat.core.registry;

import static dev.imgcompat.core.testing.Answers.ok;
import static dev.imgcompat.core.testing.Answers.redirect;
import static dev.imgcompat.core.testing.Answers.reply;
import static dev.imgcompat.core.testing.Answers.retryAfter;
import static dev.imgcompat.core.testing.Answers.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imgcompat.core.Scanner;
import dev.imgcompat.core.access.CredentialSource;
import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.image.ImageReference;
import dev.imgcompat.core.image.ScanException;
import dev.imgcompat.core.registry.RegistrySettings.Mirror;
import dev.imgcompat.core.testing.FakeRegistry;
import dev.imgcompat.core.testing.FaultyRegistry;
import dev.imgcompat.core.testing.LayoutBuilder;
import dev.imgcompat.core.testing.LayoutBuilder.ImageSpec;
import dev.imgcompat.core.testing.RecordedRequest;
import dev.imgcompat.core.testing.Reply;
import dev.imgcompat.core.testing.Samples;
import dev.imgcompat.core.testing.SettingsBuilder;
import dev.imgcompat.core.testing.TokenServer;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a tag names now is asked for with HEAD, and no manifest is fetched. */
@Timeout(120)
class TagDigestTest {
  private final Pulling pulling = new Pulling();
  private final FaultyRegistry registry = pulling.into(new FaultyRegistry());
  private final FaultyRegistry other = pulling.into(new FaultyRegistry());
  private SettingsBuilder settings = new SettingsBuilder();

  @AfterEach
  void stop() {
    registry.close();
    other.close();
  }

  private Optional<Digest> digest() throws Exception {
    return digest(registry.name() + "/team/it:1");
  }

  private Optional<Digest> digest(String reference) throws Exception {
    try (Scanner scanner =
        Scanner.builder()
            .registries(pulling.client(this::settings, CredentialSource.ANONYMOUS))
            .build()) {
      return scanner.digest(ImageReference.parse(reference));
    }
  }

  private RegistrySettings settings(String name) {
    return name.equals(registry.name()) ? settings.build() : new SettingsBuilder().build();
  }

  @Test
  void oneHeadTellsTheDigestOfATag() throws Exception {
    assertThat(digest()).contains(pulling.image());

    assertThat(registry.lines()).containsExactly("GET /v2/", "HEAD " + pulling.manifestPath());
    RecordedRequest head = registry.requests(pulling.manifestPath()).get(0);
    assertThat(head.header("Accept").orElseThrow())
        .contains("application/vnd.oci.image.index.v1+json")
        .contains("application/vnd.docker.distribution.manifest.v1+prettyjws");
  }

  @Test
  void connectionIsUsedAgain() throws Exception {
    try (HttpRegistryClient client = pulling.client(settings, CredentialSource.ANONYMOUS)) {
      ImageReference.InRegistry image =
          (ImageReference.InRegistry) ImageReference.parse(registry.name() + "/team/it:1");
      for (int i = 0; i < 20; i++) {
        assertThat(client.digest(image, "1")).isPresent();
      }
    }
    assertThat(registry.connections()).isEqualTo(1);
  }

  @Test
  void referenceWithADigestIsNotAskedAbout() throws Exception {
    String digest = Digest.ofText("any").value();

    assertThat(digest(registry.name() + "/team/it@" + digest)).contains(Digest.of(digest));
    assertThat(digest(registry.name() + "/team/it:1@" + digest)).contains(Digest.of(digest));

    assertThat(registry.connections()).isZero();
  }

  @Test
  void elsewhereThanInARegistryOnlyAScanTells(@TempDir Path directory) throws Exception {
    Samples.layout().write(directory);

    assertThat(digest("oci:" + directory + ":clean")).isEmpty();
  }

  @Test
  void tagThatIsNotThereIsNotFound() {
    assertThatThrownBy(() -> digest(registry.name() + "/team/it:2"))
        .isInstanceOf(ScanException.NotFound.class)
        .hasMessageContaining(registry.name());

    assertThat(registry.lines()).contains("HEAD /v2/team/it/manifests/2");
  }

  @ParameterizedTest
  @ValueSource(ints = {405, 501})
  void registryThatDoesNotKnowHeadSaysNothing(int status) throws Exception {
    registry.on("HEAD " + pulling.manifestPath()).always(status(status));

    assertThat(digest()).isEmpty();

    assertThat(registry.requests(pulling.manifestPath())).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "''",
    "sha256:abc",
    "latest",
    "sha512:ee26b0dd4af7e749aa1a8ee3c10ae9923f618980772e473f8819a5d4940e0db2",
    "sha256:E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855",
    "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b8550",
  })
  void whatIsNoDigestSaysNothing(String stated) throws Exception {
    registry
        .on("HEAD " + pulling.manifestPath())
        .always(reply(Reply.status(200).with("Docker-Content-Digest", stated)));

    assertThat(digest()).isEmpty();
  }

  @Test
  void noHeaderOrTwoSayNothing() throws Exception {
    registry
        .on("HEAD " + pulling.manifestPath())
        .then(reply(Reply.status(200)))
        .then(
            reply(
                Reply.status(200)
                    .with("Docker-Content-Digest", Digest.ofText("one").value())
                    .with("Docker-Content-Digest", Digest.ofText("two").value())));

    assertThat(digest()).isEmpty();
    assertThat(digest()).isEmpty();
  }

  @Test
  void whatMayPassIsTriedAgain() throws Exception {
    registry
        .on("HEAD " + pulling.manifestPath())
        .then(status(503))
        .then(retryAfter(429, 0))
        .then(exchange -> exchange.reset());

    assertThat(digest()).contains(pulling.image());

    assertThat(pulling.waits()).hasSize(3);
    assertThat(pulling.limits()).containsExactly(registry.name());
  }

  @Test
  void registryThatIsDownIsSaidToBe() {
    registry.on("HEAD " + pulling.manifestPath()).always(status(500));

    assertThatThrownBy(this::digest)
        .isInstanceOf(ScanException.Unavailable.class)
        .hasMessageContaining("could not be asked for the digest of 1")
        .hasMessageContaining("4 tries");
  }

  @Test
  void tokenIsHadForIt() throws Exception {
    try (TokenServer tokens = new TokenServer()) {
      registry.requireToken(tokens);

      assertThat(digest()).contains(pulling.image());

      assertThat(tokens.requests("/token")).hasSize(1);
    }
  }

  @Test
  void refusalIsToldAsForAManifest() {
    registry.on("HEAD " + pulling.manifestPath()).always(status(403));

    assertThatThrownBy(this::digest)
        .isInstanceOf(ScanException.AccessDenied.class)
        .hasMessageContaining("status 403");
  }

  @Test
  void redirectsAreFollowedWithHead() throws Exception {
    registry
        .on("HEAD " + pulling.manifestPath())
        .always(redirect(other.url() + pulling.manifestPath()));

    assertThat(digest()).contains(pulling.image());

    assertThat(other.lines()).containsExactly("HEAD " + pulling.manifestPath());
  }

  @Test
  void storeWithAddressesThatAreSignedForGetSaysNothing() throws Exception {
    registry.on("HEAD " + pulling.manifestPath()).always(redirect(other.url() + "/signed"));
    other.on("/signed").always(status(403));

    assertThat(digest()).isEmpty();
  }

  @Test
  void mirrorIsAskedFirst() throws Exception {
    settings = settings.mirrors(new Mirror(other.name(), ""));

    assertThat(digest()).contains(pulling.image());
    assertThat(registry.connections()).isZero();

    other.on("HEAD " + pulling.manifestPath()).always(status(404));
    assertThat(digest()).contains(pulling.image());
    assertThat(registry.lines()).contains("HEAD " + pulling.manifestPath());
  }

  @Test
  void fakeForOtherTestsAnswersToo() throws Exception {
    LayoutBuilder layout = new LayoutBuilder();
    Digest image = layout.image("it", new ImageSpec());
    try (FakeRegistry fake = new FakeRegistry()) {
      fake.serve("team/it", "1", layout, image);

      assertThat(digest(fake.name() + "/team/it:1")).contains(image);
      assertThatThrownBy(() -> digest(fake.name() + "/team/it:2"))
          .isInstanceOf(ScanException.NotFound.class);
    }
  }

  @Test
  void answersHoldNoConnection() throws Exception {
    registry.on("HEAD " + pulling.manifestPath()).times(5, ok()).then(status(405));
    try (HttpRegistryClient client =
        pulling.client(settings.connections(1), CredentialSource.ANONYMOUS)) {
      ImageReference.InRegistry image =
          (ImageReference.InRegistry) ImageReference.parse(registry.name() + "/team/it:1");
      for (int i = 0; i < 50; i++) {
        client.digest(image, "1");
      }
    }
    assertThat(registry.requests(pulling.manifestPath())).hasSize(50);
  }
}
