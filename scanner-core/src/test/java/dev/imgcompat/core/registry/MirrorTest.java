package dev.imgcompat.core.registry;

import static dev.imgcompat.core.testing.Answers.flipped;
import static dev.imgcompat.core.testing.Answers.ok;
import static dev.imgcompat.core.testing.Answers.status;
import static org.assertj.core.api.Assertions.assertThat;

import dev.imgcompat.core.Scanner;
import dev.imgcompat.core.access.CredentialSource;
import dev.imgcompat.core.access.Credentials;
import dev.imgcompat.core.registry.RegistrySettings.Mirror;
import dev.imgcompat.core.testing.Faults;
import dev.imgcompat.core.testing.FaultyRegistry;
import dev.imgcompat.core.testing.SettingsBuilder;
import dev.imgcompat.core.verdict.Report.ImageReport;
import dev.imgcompat.core.verdict.Report.ScanError;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Registries with mirrors, which are asked first, and need not be of any use. */
@Timeout(120)
class MirrorTest {
  private final Pulling pulling = new Pulling();
  private final FaultyRegistry origin = pulling.into(new FaultyRegistry());
  private final FaultyRegistry mirror = pulling.into(new FaultyRegistry());

  @AfterEach
  void stop() {
    origin.close();
    mirror.close();
  }

  private RegistrySettings settings(String registry, String prefix) {
    SettingsBuilder settings = new SettingsBuilder();
    return registry.equals(origin.name())
        ? settings.mirrors(new Mirror(mirror.name(), prefix)).build()
        : settings.build();
  }

  private HttpRegistryClient client(CredentialSource credentials) {
    return pulling.client(registry -> settings(registry, ""), credentials);
  }

  private ImageReport scan() {
    return pulling.scan(origin.name(), client(CredentialSource.ANONYMOUS));
  }

  private static List<String> asked(FaultyRegistry registry) {
    return registry.lines().stream().filter(l -> !l.endsWith(" /v2/")).toList();
  }

  @Test
  void aMirrorIsAskedInThePlaceOfTheRegistry() {
    ImageReport report = scan();

    assertThat(report.error()).isEmpty();
    assertThat(report.canonical()).isEqualTo(origin.name() + "/team/it:1");
    assertThat(asked(mirror)).hasSize(3);
    assertThat(origin.requests()).isEmpty();
    assertThat(pulling.warnings()).isEmpty();
  }

  @Test
  void aMirrorMayHaveItsOwnNames() {
    pulling.into(mirror, "cache/of/hub/team/it");
    HttpRegistryClient client =
        pulling.client(registry -> settings(registry, "cache/of/hub"), CredentialSource.ANONYMOUS);

    assertThat(pulling.scan(origin.name(), client).error()).isEmpty();

    assertThat(asked(mirror)).allMatch(line -> line.contains("/v2/cache/of/hub/team/it/"));
    assertThat(origin.requests()).isEmpty();
  }

  @Test
  void aMirrorThatIsDownIsLeftAlone() {
    mirror.unplug();

    assertThat(scan().error()).isEmpty();

    assertThat(pulling.warnings())
        .singleElement()
        .asString()
        .contains("mirror " + mirror.name() + " was of no use", "connection refused")
        .contains(origin.name() + " itself is asked");
    mirror.plugIn();
  }

  @Test
  void aMirrorThatLacksSomethingIsPassedOver() {
    mirror.on(pulling.manifestPath()).always(status(404));
    mirror.on(pulling.layerPath()).always(status(404));

    assertThat(scan().error()).isEmpty();

    assertThat(asked(origin)).anyMatch(line -> line.endsWith(pulling.manifestPath()));
    assertThat(asked(origin)).anyMatch(line -> line.endsWith(pulling.layerPath()));
    assertThat(pulling.warnings()).as("that is nothing unusual").isEmpty();
  }

  /** In a closed network the mirror's answer is the one that tells. */
  @Test
  void whatAMirrorLacksIsSaidIfTheRegistryCannotBeAsked() {
    mirror.on(pulling.manifestPath()).always(status(404));
    origin.unplug();

    ScanError error = Pulling.failure(scan());

    assertThat(error.message()).contains(origin.name(), "connection refused");
    assertThat(pulling.warnings())
        .singleElement()
        .asString()
        .contains("mirror " + mirror.name() + " was asked first", "has no repository team/it");
    origin.plugIn();
  }

  @Test
  void aMirrorThatIsBusyIsNotWaitedFor() {
    mirror.on(pulling.manifestPath()).always(status(429));

    assertThat(scan().error()).isEmpty();

    assertThat(asked(mirror).size()).isLessThanOrEqualTo(2);
    assertThat(pulling.warnings()).singleElement().asString().contains("429");
  }

  @Test
  void aMirrorThatLetsUsNotInIsPassedOver() {
    mirror.requireBasic("someone", "else");

    assertThat(scan().error()).isEmpty();
    assertThat(pulling.warnings()).isNotEmpty().first().asString().contains("docker login");
  }

  @Test
  void aMirrorWithoutANameIsPassedOver() {
    HttpRegistryClient client =
        pulling.client(
            registry ->
                registry.equals(origin.name())
                    ? new SettingsBuilder().mirrors(new Mirror("[:::]:5", "")).build()
                    : new SettingsBuilder().build(),
            CredentialSource.ANONYMOUS);

    assertThat(pulling.scan(origin.name(), client).error()).isEmpty();
    assertThat(pulling.warnings()).singleElement().asString().contains("[:::]:5");
  }

  @Test
  void aMirrorThatBreaksOffIsReplaced() {
    mirror.on(pulling.layerPath()).always(Faults.closeAfter(1_000_000));

    assertThat(scan().error()).isEmpty();

    assertThat(asked(origin)).containsExactly("GET " + pulling.layerPath());
  }

  @Test
  void aMirrorWithWrongBytesIsReplaced() {
    mirror.on(pulling.layerPath()).always(flipped(1_000_000));

    assertThat(scan().error()).isEmpty();

    assertThat(asked(origin)).containsExactly("GET " + pulling.layerPath());
  }

  @Test
  void whatTheRegistryItselfSaysCounts() {
    mirror.unplug();
    origin.on(pulling.manifestPath()).always(status(404));

    ScanError error = Pulling.failure(scan());

    assertThat(error.kind()).isEqualTo("not-found");
    assertThat(error.message()).contains(origin.name()).doesNotContain(mirror.name());
    mirror.plugIn();
  }

  @Test
  void eachIsShownItsOwnCredentials() {
    List<String> lookedFor = new CopyOnWriteArrayList<>();
    mirror.requireBasic("m", "of the mirror");
    origin.requireBasic("o", "of the origin");
    mirror.on(pulling.layerPath()).always(status(404));
    CredentialSource credentials =
        (registry, repository) -> {
          lookedFor.add(registry);
          return registry.equals(mirror.name())
              ? new Credentials.Password("x", "m", "of the mirror")
              : new Credentials.Password("x", "o", "of the origin");
        };
    HttpRegistryClient client =
        pulling.client(
            registry ->
                new SettingsBuilder()
                    .insecure()
                    .mirrors(
                        registry.equals(origin.name())
                            ? new Mirror[] {new Mirror(mirror.name(), "")}
                            : new Mirror[0])
                    .build(),
            credentials);

    assertThat(pulling.scan(origin.name(), client).error()).isEmpty();

    assertThat(lookedFor).contains(mirror.name(), origin.name());
    assertThat(mirror.requests().stream().flatMap(r -> r.authorization().stream()).distinct())
        .isNotEqualTo(
            origin.requests().stream().flatMap(r -> r.authorization().stream()).distinct())
        .hasSize(1);
  }

  @Test
  void aMirrorThatRefusesOneRepositoryIsAskedForOthers() {
    pulling.into(origin, "team/other");
    pulling.into(mirror, "team/other");
    mirror.on(pulling.manifestPath()).always(status(403));
    mirror.on(pulling.layerPath()).always(status(403));
    try (Scanner scanner =
        Scanner.builder().registries(client(CredentialSource.ANONYMOUS)).build()) {
      Pulling.scan(origin.name(), scanner);
      Pulling.scanReference(origin.name() + "/team/other:1", scanner);
    }

    assertThat(asked(mirror)).contains("GET /v2/team/other/manifests/1");
    assertThat(pulling.warnings()).as("it is left alone with the one").hasSize(1);
  }

  @Test
  void aMirrorThatFailedIsNotAskedAgainAtOnce() {
    mirror.on(pulling.manifestPath()).times(2, status(500)).always(ok());
    try (Scanner scanner =
        Scanner.builder().registries(client(CredentialSource.ANONYMOUS)).build()) {
      Pulling.scan(origin.name(), scanner);
      int asked = mirror.requests().size();

      assertThat(Pulling.scan(origin.name(), scanner).error()).isEmpty();

      assertThat(mirror.requests()).hasSize(asked);
      assertThat(pulling.warnings()).hasSize(1);
    }
  }
}
