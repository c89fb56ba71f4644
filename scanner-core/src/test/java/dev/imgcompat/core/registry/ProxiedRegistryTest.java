package dev.imgcompat.core.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imgcompat.core.access.CredentialSource;
import dev.imgcompat.core.testing.Answers;
import dev.imgcompat.core.testing.FaultyRegistry;
import dev.imgcompat.core.testing.FaultyServer.Welcome;
import dev.imgcompat.core.testing.SettingsBuilder;
import dev.imgcompat.core.testing.TestPki;
import dev.imgcompat.core.testing.TunnelProxy;
import dev.imgcompat.core.verdict.Report.ImageReport;
import dev.imgcompat.core.verdict.Report.ScanError;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Registries that only a proxy can reach. Its name, too, is known to the proxy alone. */
@Timeout(120)
class ProxiedRegistryTest {
  private static final String NAME = "registry.test";

  @TempDir private Path directory;
  private final Pulling pulling = new Pulling();
  private final FaultyRegistry registry =
      pulling.into(FaultyRegistry.secure(TestPki.shared().serverContext()));
  private final TunnelProxy proxy = new TunnelProxy().route(NAME + ":443", registry.port());
  private final SettingsBuilder settings = new SettingsBuilder();

  @BeforeEach
  void trust() {
    settings.authority(TestPki.shared().write(directory).resolve("ca.pem"));
  }

  @AfterEach
  void stop() {
    registry.close();
    proxy.close();
  }

  private ImageReport scan() {
    return pulling.scan(NAME, pulling.client(settings, CredentialSource.ANONYMOUS));
  }

  private String failure() {
    ScanError error = Pulling.failure(scan());
    assertThat(error.message()).contains(NAME).doesNotContain("secret", "\n");
    return error.message();
  }

  @Test
  void aRegistryIsAskedThroughTheProxy() {
    settings.proxy("http://" + proxy.name());

    assertThat(scan().error()).isEmpty();

    assertThat(proxy.asked()).isNotEmpty().containsOnly(NAME + ":443");
  }

  @Test
  void aProxyMayWantAPassword() {
    proxy.requireBasic("me", "secret word");
    settings.proxy("http://" + proxy.name());
    assertThat(failure()).contains("the proxy " + proxy.name() + " answered status 407");

    settings.proxy("http://me:wrong-secret@" + proxy.name());
    assertThat(failure()).contains("status 407");

    settings.proxy("http://me:secret%20word@" + proxy.name());
    assertThat(scan().error()).isEmpty();
    assertThat(registry.requests())
        .as("the proxy's password is for the proxy")
        .allMatch(r -> r.header("Proxy-Authorization").isEmpty());
  }

  @Test
  void aProxyMayLetUsNotThrough() {
    settings.proxy("http://" + proxy.name());
    proxy.refuse(403);
    assertThat(failure()).contains("the proxy " + proxy.name() + " answered status 403");
    assertThat(pulling.waits()).isEmpty();

    proxy.refuse(503);
    assertThat(failure()).contains("answered status 503", "4 tries");
  }

  @Test
  void aProxyThatIsNotThereIsNamed() {
    settings.proxy("http://" + proxy.name());
    proxy.close();

    assertThat(failure()).contains("connection refused (through the proxy " + proxy.name() + ")");
  }

  @Test
  void theLoopbackInterfaceIsAskedDirectly() {
    settings.proxy("http://" + proxy.name());

    assertThat(pulling.scan(registry, settings).error()).isEmpty();

    assertThat(proxy.asked()).isEmpty();
  }

  /** The proxy stands for a network: of its names none is one of the loopback interface. */
  @Test
  void plainHttpElsewhereNeedsPermission() {
    try (FaultyRegistry plain = pulling.into(new FaultyRegistry())) {
      proxy.route(NAME + ":443", plain.port()).route(NAME + ":80", plain.port());
      settings.proxy("http://" + proxy.name());
      assertThat(failure()).contains("plain http", "--insecure " + NAME);
      assertThat(proxy.asked()).doesNotContain(NAME + ":80");

      settings.insecure();
      assertThat(scan().error()).isEmpty();
      assertThat(pulling.warnings()).singleElement().asString().contains("plain http");
    }
  }

  @Test
  void anInsecureRegistryWithoutHttpsAtAllIsFoundToo() {
    try (FaultyRegistry plain = pulling.into(new FaultyRegistry())) {
      TunnelProxy other = new TunnelProxy().route(NAME + ":80", plain.port());
      settings.insecure().proxy("http://" + other.name());

      assertThat(scan().error()).isEmpty();

      assertThat(other.asked()).contains(NAME + ":443", NAME + ":80");
      other.close();
    }
  }

  /** That tells nothing of whether there is https, and must not be the end of it. */
  @Test
  void oneBrokenConnectionDoesNotTurnAnInsecureRegistryPlain() {
    try (FaultyRegistry plain = pulling.into(new FaultyRegistry())) {
      proxy.route(NAME + ":80", plain.port());
      settings.insecure().proxy("http://" + proxy.name());
      registry.welcome(Welcome.RESET);

      assertThat(scan().error()).isEmpty();

      assertThat(plain.requests()).isEmpty();
      assertThat(pulling.warnings()).isEmpty();
    }
  }

  @Test
  void whatIsNoRegistryOverPlainHttpIsNotTakenForOne() {
    try (FaultyRegistry plain = pulling.into(new FaultyRegistry())) {
      TunnelProxy other = new TunnelProxy().route(NAME + ":80", plain.port());
      plain.on("/v2/").always(Answers.redirect("https://elsewhere.test/"));
      settings.insecure().proxy("http://" + other.name());

      assertThat(failure()).contains("it does not speak https, and answers status 307");
      other.close();
    }
  }
}
