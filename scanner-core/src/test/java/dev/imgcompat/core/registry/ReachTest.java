package dev.imgcompat.core.registry;

import static dev.imgcompat.core.testing.Answers.challenge;
import static dev.imgcompat.core.testing.Answers.redirect;
import static dev.imgcompat.core.testing.Answers.status;
import static org.assertj.core.api.Assertions.assertThat;

import dev.imgcompat.core.Scanner;
import dev.imgcompat.core.registry.RegistrySettings.Mirror;
import dev.imgcompat.core.testing.FaultyRegistry;
import dev.imgcompat.core.testing.SettingsBuilder;
import dev.imgcompat.core.testing.TestPki;
import dev.imgcompat.core.testing.TokenServer;
import dev.imgcompat.core.testing.TunnelProxy;
import dev.imgcompat.core.verdict.Report.ImageReport;
import dev.imgcompat.core.verdict.Report.ScanError;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whoever is contacted was judged before: each host, and each address that is connected to. */
@Timeout(120)
class ReachTest {
  private static final String NAME = "registry.test";

  @TempDir private Path directory;
  private final Pulling pulling = new Pulling();
  private final FaultyRegistry registry = pulling.into(new FaultyRegistry());
  private final FaultyRegistry other = pulling.into(new FaultyRegistry());
  private final FaultyRegistry secure =
      pulling.into(FaultyRegistry.secure(TestPki.shared().serverContext()));
  private final RecordingReach reach = new RecordingReach();
  private final SettingsBuilder settings = new SettingsBuilder();

  @AfterEach
  void stop() {
    registry.close();
    other.close();
    secure.close();
  }

  private ImageReport scan() {
    return scan(registry.name(), NameLookup.SYSTEM);
  }

  private ImageReport scan(String name, NameLookup lookup) {
    return pulling.scan(name, pulling.client(registry -> settings.build(), reach, lookup));
  }

  private String refusal(ImageReport report) {
    ScanError error = Pulling.failure(report);
    assertThat(error.kind()).as(error.message()).isEqualTo("not-allowed");
    assertThat(error.retryable()).isFalse();
    assertThat(error.whoseMove()).isEqualTo("operator");
    assertThat(pulling.waits()).as("it is not tried again").isEmpty();
    return error.message();
  }

  /** A registry of https that is known by its name. */
  private String named() {
    settings.authority(TestPki.shared().write(directory).resolve("ca.pem"));
    return NAME + ":" + secure.port();
  }

  @Test
  void hostOfEachRequestIsJudged() {
    registry.on(pulling.layerPath()).always(redirect(other.url() + pulling.layerPath()));

    assertThat(scan().error()).isEmpty();

    String itself = registry.name() + " " + registry.name();
    assertThat(reach.hosts())
        .as("the probe, the manifest, the config, the layer and where it is")
        .containsExactly(itself, itself, itself, itself, registry.name() + " " + other.name());
    assertThat(reach.addresses()).containsOnly(registry.name() + " 127.0.0.1 127.0.0.1");
  }

  @Test
  void registryThatIsRefusedIsNotConnectedTo() {
    reach.refuse(registry.name());

    assertThat(refusal(scan()))
        .isEqualTo(
            "registry "
                + registry.name()
                + " is not asked for manifest 1: host 127.0.0.1 is off"
                + " limits");

    assertThat(registry.connections()).isZero();
    assertThat(reach.hosts()).hasSize(1);
  }

  @Test
  void blobStoreThatIsRefusedIsNotConnectedTo() {
    registry.on(pulling.layerPath()).always(redirect(other.url() + "/blob?signature=secret"));
    reach.refuse(other.name());

    assertThat(refusal(scan()))
        .startsWith("registry " + registry.name() + " is not asked for layer " + pulling.layer())
        .doesNotContain("secret");

    assertThat(other.connections()).isZero();
  }

  @Test
  void hopThatIsRefusedInTheMiddleEndsTheRedirects() {
    registry.on(pulling.layerPath()).then(redirect(other.url() + "/there"));
    other.on("/there").always(redirect(registry.url() + "/back"));
    registry.on("/back").always(redirect(secure.url() + "/away"));
    reach.refuse(secure.name());

    refusal(scan());

    assertThat(registry.requests("/back")).hasSize(1);
    assertThat(secure.connections()).isZero();
  }

  @Test
  void tokenServerThatIsRefusedIsNotConnectedTo() {
    try (TokenServer tokens = new TokenServer()) {
      registry.requireToken(tokens);
      String realm = "127.0.0.1:" + tokens.port();
      assertThat(scan().error()).isEmpty();
      assertThat(reach.hosts()).contains(registry.name() + " " + realm);
      int before = tokens.connections();
      reach.refuse(realm);

      refusal(scan());

      assertThat(tokens.connections()).isEqualTo(before);
    }
  }

  @Test
  void whereATokenServerRedirectsIsJudged() {
    registry
        .on(pulling.manifestPath())
        .always(challenge("Bearer realm=\"" + other.url() + "/token\",service=\"x\""));
    other.on("/token").always(redirect(secure.url() + "/token"));
    reach.refuse(secure.name());

    refusal(scan());

    assertThat(other.requests("/token")).hasSize(1);
    assertThat(secure.connections()).isZero();
  }

  @Test
  void mirrorIsJudgedByItsOwnName() {
    HttpRegistryClient client = pulling.client(this::mirrored, reach, NameLookup.SYSTEM);

    assertThat(pulling.scan(registry.name(), client).error()).isEmpty();

    assertThat(reach.hosts()).containsOnly(other.name() + " " + other.name());
  }

  @Test
  void mirrorThatIsRefusedIsPassedOverWithAWarning() {
    reach.refuse(other.name());
    HttpRegistryClient client = pulling.client(this::mirrored, reach, NameLookup.SYSTEM);

    assertThat(pulling.scan(registry.name(), client).error()).isEmpty();

    assertThat(other.connections()).isZero();
    assertThat(pulling.warnings())
        .first()
        .asString()
        .startsWith("mirror " + other.name() + " was of no use, " + registry.name() + " itself")
        .contains("is off limits");
  }

  @Test
  void whatAMirrorLacksIsSaidIfTheRegistryIsRefused() {
    other.on(pulling.manifestPath()).always(status(404));
    reach.refuse(registry.name());

    refusal(
        pulling.scan(registry.name(), pulling.client(this::mirrored, reach, NameLookup.SYSTEM)));

    assertThat(pulling.warnings())
        .singleElement()
        .asString()
        .startsWith("mirror " + other.name() + " was asked first");
  }

  private RegistrySettings mirrored(String name) {
    return name.equals(registry.name())
        ? new SettingsBuilder().mirrors(new Mirror(other.name(), "")).build()
        : settings.build();
  }

  @Test
  void registryThatIsNamedInsecureIsJudgedInBothItsForms() {
    settings.insecure();
    reach.refuse("127.0.0.1");

    assertThat(refusal(scan(NAME + ":" + registry.port(), lookups("127.0.0.1"))))
        .contains("address 127.0.0.1 is off limits");

    assertThat(registry.connections()).isZero();
  }

  @Test
  void addressThatWasJudgedIsTheOneThatIsConnectedTo() {
    String name = named();

    assertThat(scan(name, lookups("127.0.0.1")).error()).isEmpty();

    assertThat(reach.addresses())
        .as("each connection is to what was looked up for it, and nothing is looked up again")
        .containsOnly(name + " " + NAME + " 127.0.0.1");
    assertThat(secure.connections()).isEqualTo(reach.addresses().size());
  }

  /** The first answer is for whoever judges, the next ones for whoever connects. */
  @Test
  void nameThatTurnsToAnotherAddressIsRefused() {
    String name = named();
    reach.refuse("127.0.0.1");
    settings.retries(5);
    // Nobody listens at the first address, which is allowed; so it is looked up again.
    ImageReport report = scan(name, lookups("127.0.0.2", "127.0.0.1"));

    ScanError error = Pulling.failure(report);

    assertThat(error.kind()).isEqualTo("not-allowed");
    assertThat(error.message()).contains(name, "address 127.0.0.1 is off limits");
    assertThat(reach.addresses())
        .containsExactly(name + " " + NAME + " 127.0.0.2", name + " " + NAME + " 127.0.0.1");
    assertThat(secure.connections()).isZero();
  }

  @Test
  void ofSeveralAddressesThoseThatAreRefusedAreLeftOut() {
    String name = named();
    reach.refuse("127.0.0.3");
    NameLookup lookup = host -> List.of(address("127.0.0.3"), address("127.0.0.1"));

    assertThat(scan(name, lookup).error()).isEmpty();
  }

  @Test
  void nameWithoutAddressesIsNotConnectedTo() {
    ScanError error = Pulling.failure(scan(named(), host -> List.of()));

    assertThat(error.kind()).isEqualTo("registry-unavailable");
    assertThat(error.message()).contains("there is no host of that name");
  }

  @Test
  void whoeverIsAskedThroughAProxyIsJudgedByName() {
    try (TunnelProxy proxy = new TunnelProxy().route(NAME + ":443", secure.port())) {
      named();
      settings.proxy("http://" + proxy.name());
      reach.refuse("127.0.0.1");

      assertThat(scan(NAME, NameLookup.SYSTEM).error()).isEmpty();

      assertThat(reach.hosts()).isNotEmpty().containsOnly(NAME + " " + NAME);
      assertThat(reach.addresses()).as("the proxy is the operator's choice").isEmpty();
    }
  }

  @Test
  void whoeverIsRefusedIsNotAskedThroughAProxy() {
    try (TunnelProxy proxy = new TunnelProxy().route(NAME + ":443", secure.port())) {
      named();
      settings.proxy("http://" + proxy.name());
      reach.refuse(NAME);

      refusal(scan(NAME, NameLookup.SYSTEM));

      assertThat(proxy.asked()).isEmpty();
    }
  }

  /** Even a server that is where the proxy is. */
  @Test
  void whoeverIsAskedPastTheProxyIsJudgedByAddress() {
    try (TunnelProxy proxy = new TunnelProxy()) {
      settings.proxy("http://" + proxy.name(), NAME);
      String name = named();
      reach.refuse("127.0.0.1");

      refusal(scan(name, lookups("127.0.0.1")));

      assertThat(secure.connections()).isZero();
    }
  }

  @Test
  void scannerPassesItOn() {
    reach.refuse(registry.name());
    try (Scanner scanner = Scanner.builder().reach(reach).build()) {
      refusal(Pulling.scan(registry.name(), scanner));
    }
    assertThat(registry.connections()).isZero();
  }

  /** These answers, one after the other, and then the last one. */
  private static NameLookup lookups(String... addresses) {
    Deque<String> next = new ArrayDeque<>(List.of(addresses));
    return host -> {
      assertThat(host).isEqualTo(NAME);
      synchronized (next) {
        String address = next.size() > 1 ? next.remove() : next.element();
        return List.of(address(address));
      }
    };
  }

  private static InetAddress address(String text) throws UnknownHostException {
    return InetAddress.getByName(text);
  }
}
