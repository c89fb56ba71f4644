package dev.imgcompat.core.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imgcompat.core.access.CredentialSource;
import dev.imgcompat.core.access.Credentials;
import dev.imgcompat.core.testing.Answers;
import dev.imgcompat.core.testing.FaultyRegistry;
import dev.imgcompat.core.testing.SettingsBuilder;
import dev.imgcompat.core.testing.TestPki;
import dev.imgcompat.core.verdict.Report.ImageReport;
import dev.imgcompat.core.verdict.Report.ScanError;
import java.nio.file.Path;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Certificates, theirs and ours, and what a registry that is named insecure may do without. */
@Timeout(120)
class TrustTest {
  @TempDir private Path directory;
  private final TestPki pki = TestPki.shared();
  private final Pulling pulling = new Pulling();
  private final SettingsBuilder settings = new SettingsBuilder();
  private @Nullable FaultyRegistry registry;

  @BeforeEach
  void write() {
    pki.write(directory);
  }

  @AfterEach
  void stop() {
    if (registry != null) {
      registry.close();
    }
  }

  private FaultyRegistry start(SSLContext context) {
    registry = pulling.into(FaultyRegistry.secure(context));
    return registry;
  }

  private Path ca() {
    return directory.resolve("ca.pem");
  }

  private void endsWell(FaultyRegistry at) {
    ImageReport report = pulling.scan(at, settings);
    assertThat(report.error()).isEmpty();
  }

  private void untrusted(FaultyRegistry at, String whoseMove, String... fragments) {
    ScanError error = Pulling.failure(pulling.scan(at, settings));
    assertThat(error.kind()).as(error.message()).isEqualTo("untrusted");
    assertThat(error.message()).contains(at.name()).contains(fragments).doesNotContain("\n");
    assertThat(error.whoseMove()).isEqualTo(whoseMove);
    assertThat(error.retryable()).isFalse();
    assertThat(pulling.waits()).as("that would not pass").isEmpty();
    assertThat(at.requests(pulling.manifestPath())).isEmpty();
  }

  @Test
  void anAuthorityOfOnesOwnIsTrustedIfItIsNamed() {
    FaultyRegistry https = start(pki.serverContext());
    untrusted(
        https,
        "user",
        "its certificate is not of an authority that is trusted here",
        "--ca-cert " + https.name() + "=FILE");

    settings.authority(ca());
    endsWell(https);
  }

  @Test
  void anotherAuthorityIsNotTrusted() {
    FaultyRegistry https = start(TestPki.stranger().serverContext());
    settings.authority(ca());

    untrusted(https, "user", "not of an authority that is trusted here");
  }

  @Test
  void anExpiredCertificateIsItsOwnersToRenew() {
    FaultyRegistry https = start(pki.context(pki.expiredServer()));
    settings.authority(ca());

    untrusted(https, "registry", "its certificate has expired", "whoever runs it must renew it");
  }

  @Test
  void aCertificateOfTheFutureMayBeAMatterOfTheClock() {
    FaultyRegistry https = start(pki.context(pki.serverOfTheFuture()));
    settings.authority(ca());

    untrusted(https, "user", "not valid yet", "check the clock of this machine");
  }

  @Test
  void aCertificateOfAnotherNameProvesNothing() {
    FaultyRegistry https = start(pki.context(pki.serverOfAnotherName()));
    settings.authority(ca());

    untrusted(https, "user", "does not prove its name", "use the name that the certificate is for");
  }

  @Test
  void aRegistryMayWantACertificateOfOurs() {
    registry = pulling.into(FaultyRegistry.secureForKnown(pki.serverContext()));
    settings.authority(ca());
    for (int i = 0; i < 10; i++) {
      // Which word of the server arrives before it hangs up is a matter of chance.
      ScanError error = Pulling.failure(pulling.scan(registry, settings));
      assertThat(error.message()).contains("--client-cert and --client-key");
    }

    settings.identity(directory.resolve("client.cert"), directory.resolve("client.key"));
    endsWell(registry);
  }

  /** As nginx does with those who speak plain http at its port of https. */
  @Test
  void aRegistryThatRedirectsToItsHttpsIsAskedThere() {
    settings.authority(ca());
    FaultyRegistry https = start(pki.serverContext());
    https.requireBasic("alice", "secret");
    try (PortOfBoth both = new PortOfBoth(https.port())) {
      ImageReport report =
          pulling.scan(
              both.name(),
              pulling.client(
                  settings,
                  (name, repository) -> new Credentials.Password("x", "alice", "secret")));

      assertThat(report.error()).isEmpty();
    }
  }

  /** Others do not get to know who we are, even if they want to. */
  @Test
  void ourCertificateIsForTheRegistryAlone() {
    settings
        .authority(ca())
        .identity(directory.resolve("client.cert"), directory.resolve("client.key"));
    try (FaultyRegistry store = pulling.into(FaultyRegistry.secureForKnown(pki.serverContext()))) {
      FaultyRegistry https = start(pki.serverContext());
      https.on(pulling.layerPath()).always(Answers.redirect(store.url() + pulling.layerPath()));

      ScanError error = Pulling.failure(pulling.scan(https, settings));

      assertThat(error.message()).contains("TLS failed");
      assertThat(store.requests()).isEmpty();
      while (store.failedHandshakes().isEmpty()) {
        Thread.onSpinWait(); // the server learns of it later than we do
      }
    }
  }

  @Test
  void anInsecureRegistryMayShowAnyCertificateWhichIsSaid() {
    settings.insecure();
    endsWell(start(pki.context(pki.expiredServer())));

    assertThat(pulling.warnings())
        .singleElement()
        .asString()
        .contains("the certificate of registry", "proves nothing", "named insecure");
  }

  @Test
  void anInsecureRegistryWhoseCertificateIsGoodIsVerified() {
    settings.insecure().authority(ca());
    endsWell(start(pki.serverContext()));

    assertThat(pulling.warnings()).isEmpty();
  }

  @Test
  void whereAnInsecureRegistrySendsUsIsVerified() {
    settings.insecure();
    try (FaultyRegistry store =
        pulling.into(FaultyRegistry.secure(TestPki.stranger().serverContext()))) {
      FaultyRegistry https = start(pki.serverContext());
      https.on(pulling.layerPath()).always(Answers.redirect(store.url() + pulling.layerPath()));

      ScanError error = Pulling.failure(pulling.scan(https, settings));

      assertThat(error.kind()).isEqualTo("untrusted");
      assertThat(store.requests()).isEmpty();
    }
  }

  @Test
  void whatIsNoNameOfAHostIsSaidNotToBe() {
    ScanError error =
        Pulling.failure(
            pulling.scan("registry.0x7f:80", pulling.client(settings, CredentialSource.ANONYMOUS)));

    assertThat(error.kind()).isEqualTo("invalid-reference");
    assertThat(error.message()).contains("registry.0x7f:80");
  }

  @Test
  void plainHttpOnTheLoopbackInterfaceNeedsNoPermission() {
    try (FaultyRegistry plain = pulling.into(new FaultyRegistry())) {
      endsWell(plain);
      assertThat(pulling.warnings()).isEmpty();
    }
  }
}
