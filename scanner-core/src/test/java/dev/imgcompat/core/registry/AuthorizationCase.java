package dev.imgcompat.core.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imgcompat.core.access.CredentialSource;
import dev.imgcompat.core.access.Credentials;
import dev.imgcompat.core.testing.FaultyRegistry;
import dev.imgcompat.core.testing.RecordedRequest;
import dev.imgcompat.core.testing.SettingsBuilder;
import dev.imgcompat.core.testing.TestPki;
import dev.imgcompat.core.testing.TokenServer;
import dev.imgcompat.core.verdict.Report.ImageReport;
import dev.imgcompat.core.verdict.Report.ScanError;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A registry and a token server that want to know who asks; and whoever does. */
@Timeout(120)
abstract class AuthorizationCase {
  static final String PASSWORD = "correct horse battery";
  static final Credentials ALICE = new Credentials.Password("a file of tests", "alice", PASSWORD);

  @TempDir Path directory;
  final Pulling pulling = new Pulling();
  final FaultyRegistry registry =
      pulling.into(FaultyRegistry.secure(TestPki.shared().serverContext()));
  final TokenServer tokens =
      TokenServer.secure(TestPki.shared().serverContext()).user("alice", PASSWORD);
  final SettingsBuilder settings = new SettingsBuilder();

  @BeforeEach
  void trust() {
    settings.authority(TestPki.shared().write(directory).resolve("ca.pem"));
  }

  @AfterEach
  void stop() {
    registry.close();
    tokens.close();
  }

  static CredentialSource always(Credentials credentials) {
    return (name, repository) -> credentials;
  }

  ImageReport scan(FaultyRegistry at, Credentials credentials) {
    return pulling.scan(at.name(), pulling.client(settings, always(credentials)));
  }

  void endsWell(Credentials credentials) {
    assertThat(scan(registry, credentials).error()).isEmpty();
  }

  String denied(Credentials credentials) {
    ScanError error = Pulling.failure(scan(registry, credentials));
    assertThat(error.kind()).as(error.message()).isEqualTo("access-denied");
    assertThat(error.message()).contains(registry.name()).doesNotContain(PASSWORD, "\n");
    return error.message();
  }

  static Credentials none() {
    return new Credentials.None("nowhere", Optional.empty());
  }

  static List<String> authorizations(List<RecordedRequest> requests) {
    return requests.stream().flatMap(r -> r.authorization().stream()).toList();
  }
}
