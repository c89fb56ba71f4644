package dev.imgcompat.service.reach;

import static dev.imgcompat.core.testing.Answers.redirect;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imgcompat.core.access.CredentialSource;
import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.image.ImageReference;
import dev.imgcompat.core.image.RegistryListener;
import dev.imgcompat.core.image.ScanException;
import dev.imgcompat.core.registry.HttpRegistryClient;
import dev.imgcompat.core.registry.NameLookup;
import dev.imgcompat.core.registry.RegistrySettings.Mirror;
import dev.imgcompat.core.testing.FakeRegistry;
import dev.imgcompat.core.testing.FaultyRegistry;
import dev.imgcompat.core.testing.LayoutBuilder;
import dev.imgcompat.core.testing.LayoutBuilder.ImageSpec;
import dev.imgcompat.core.testing.SettingsBuilder;
import dev.imgcompat.core.testing.TestPki;
import dev.imgcompat.core.testing.TokenServer;
import dev.imgcompat.core.testing.TunnelProxy;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The real client with a list, and servers that would notice being contacted. */
@Timeout(120)
class AllowedRegistriesTest {
  private static final String REPOSITORY = "team/it";
  private static final String NAME = "registry.test";

  @TempDir private Path directory;
  private final LayoutBuilder layout = new LayoutBuilder();
  private final Digest image = layout.image("it", new ImageSpec());
  private final FaultyRegistry registry = serving(new FaultyRegistry());
  private final FaultyRegistry store = serving(new FaultyRegistry());
  private final FaultyRegistry stranger = serving(new FaultyRegistry());
  private final FaultyRegistry secure =
      serving(FaultyRegistry.secure(TestPki.shared().serverContext()));
  private final SettingsBuilder settings = new SettingsBuilder();
  private final List<String> warnings = new CopyOnWriteArrayList<>();

  private FaultyRegistry serving(FaultyRegistry server) {
    return server.serve(REPOSITORY, "1", layout, image);
  }

  @BeforeEach
  void trust() {
    settings.authority(TestPki.shared().write(directory).resolve("ca.pem"));
  }

  @AfterEach
  void stop() {
    registry.close();
    store.close();
    stranger.close();
    secure.close();
  }

  private HttpRegistryClient client(AllowList list, NameLookup lookup, Mirror... mirrors) {
    RegistryListener listener =
        new RegistryListener() {
          @Override
          public void warning(String what) {
            warnings.add(what);
          }
        };
    return new HttpRegistryClient(
        "imgcompat/test",
        name ->
            mirrors.length > 0 && name.equals(registry.name())
                ? new SettingsBuilder().mirrors(mirrors).build()
                : settings.build(),
        CredentialSource.ANONYMOUS,
        listener,
        list,
        lookup);
  }

  private Digest pull(String at, AllowList list, NameLookup lookup, Mirror... mirrors)
      throws Exception {
    ImageReference.InRegistry reference =
        (ImageReference.InRegistry) ImageReference.parse(at + "/" + REPOSITORY + ":1");
    try (HttpRegistryClient client = client(list, lookup, mirrors)) {
      return client.manifest(reference, "1").digest();
    }
  }

  private Digest pull(String at, String... entries) throws Exception {
    return pull(at, allowed(entries), NameLookup.SYSTEM);
  }

  private static AllowList allowed(String... entries) {
    return new AllowList(List.of(entries), List.of());
  }

  private void isRefused(String at, String why, String... entries) {
    assertThatThrownBy(() -> pull(at, entries))
        .isInstanceOf(ScanException.NotAllowed.class)
        .hasMessageStartingWith("registry " + at + " is not asked for manifest 1: ")
        .hasMessageContaining(why);
  }

  private static String manifest() {
    return FaultyRegistry.manifest(REPOSITORY, "1");
  }

  @Test
  void registryThatIsNotListedIsNotContacted() {
    isRefused(registry.name(), "it is not listed in imgcompat.registries.allowed");
    isRefused(registry.name(), "it is not listed", store.name() + " " + registry.name());

    assertThat(registry.connections()).isZero();
  }

  @Test
  void fakeRegistryThatIsNotListedIsNotContacted() throws Exception {
    try (FakeRegistry fake = new FakeRegistry().serve(REPOSITORY, "1", layout, image)) {
      isRefused(fake.name(), "it is not listed", "localhost:5000");
      assertThat(fake.allRequests()).isEmpty();

      assertThat(pull(fake.name(), fake.name())).isEqualTo(image);
      assertThat(fake.requests()).hasSize(1);
    }
  }

  @Test
  void listedRegistryIsAsked() throws Exception {
    assertThat(pull(registry.name(), registry.name())).isEqualTo(image);
    assertThat(pull(registry.name("localhost"), registry.name("localhost"))).isEqualTo(image);
  }

  @Test
  void otherPortOfAListedHostIsNotContacted() {
    isRefused(stranger.name(), "it is not listed", registry.name(), "127.0.0.1");

    assertThat(stranger.connections()).isZero();
  }

  @Test
  void nameThatHidesThisMachineIsNotContacted() {
    String name = NAME + ":" + secure.port();

    assertThatThrownBy(() -> pull(name, allowed(name), host -> addresses("127.0.0.1")))
        .isInstanceOf(ScanException.NotAllowed.class)
        .hasMessageContaining("host registry.test has the address 127.0.0.1, which is of this")
        .hasMessageContaining("loopback");

    assertThat(secure.connections()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"::1", "::ffff:127.0.0.1", "0.0.0.0", "::", "2002:7f00:1::"})
  void nameThatHidesThisMachineInAnotherFormIsNotContacted(String address) {
    String name = NAME + ":" + secure.port();

    assertThatThrownBy(() -> pull(name, allowed(name), host -> addresses(address)))
        .isInstanceOf(ScanException.NotAllowed.class);

    assertThat(secure.connections()).isZero();
  }

  @Test
  void redirectToAStrangerIsNotFollowed() {
    registry.on(manifest()).always(redirect(stranger.url() + manifest()));

    isRefused(
        registry.name(),
        "host 127.0.0.1, port " + stranger.port() + ", is not listed with it",
        registry.name() + " " + store.name(),
        stranger.name());

    assertThat(stranger.connections()).isZero();
  }

  @Test
  void redirectToAListedHostIsFollowed() throws Exception {
    registry.on(manifest()).always(redirect(store.url() + manifest()));

    assertThat(pull(registry.name(), registry.name() + " " + store.name())).isEqualTo(image);

    assertThat(store.requests()).hasSize(1);
  }

  @Test
  void eachHopIsJudgedAgain() {
    registry.on(manifest()).always(redirect(store.url() + "/there"));
    store.on("/there").always(redirect(registry.url() + "/back"));
    registry.on("/back").always(redirect(store.url() + "/again"));
    store.on("/again").always(redirect(stranger.url() + manifest()));

    isRefused(
        registry.name(),
        "port " + stranger.port() + ", is not listed",
        registry.name() + " " + store.name());

    assertThat(store.requests("/again")).hasSize(1);
    assertThat(stranger.connections()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "LOCALHOST",
        "localhost.",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::127.0.0.1]",
        "0.0.0.0",
        "2130706433",
        "0x7f000001",
        "0x7f.1",
        "0177.0.0.1",
        "127.1",
        "127.0.0.1.",
        "x@127.0.0.1"
      })
  void redirectToThisMachineInAnySpellingIsNotFollowed(String host) {
    registry.on(manifest()).always(redirect("http://" + host + ":" + stranger.port() + "/"));

    assertThatThrownBy(() -> pull(registry.name(), registry.name()))
        .isInstanceOfAny(ScanException.NotAllowed.class, ScanException.Unavailable.class)
        .extracting(e -> ((ScanException) e).retryable())
        .isEqualTo(false);

    assertThat(stranger.connections()).isZero();
  }

  @Test
  void tokenServerThatIsNotListedIsNotContacted() throws Exception {
    try (TokenServer tokens = new TokenServer()) {
      registry.requireToken(tokens);

      isRefused(
          registry.name(),
          "port " + tokens.port() + ", is not listed",
          registry.name() + " " + store.name());
      assertThat(tokens.connections()).isZero();

      assertThat(pull(registry.name(), registry.name() + " 127.0.0.1:" + tokens.port()))
          .isEqualTo(image);
      assertThat(tokens.requests("/token")).hasSize(1);
    }
  }

  /** Nobody is at the first address, so the name is looked up for another try. */
  @Test
  void nameThatTurnsToThisMachineIsRefused() {
    String name = NAME + ":" + secure.port();
    AllowList list = new AllowList(List.of(name), List.of("127.0.0.2/32"));
    Deque<String> answers = new ArrayDeque<>(List.of("127.0.0.2", "127.0.0.1"));

    assertThatThrownBy(() -> pull(name, list, host -> addresses(answers.remove())))
        .isInstanceOf(ScanException.NotAllowed.class)
        .hasMessageContaining("has the address 127.0.0.1");

    assertThat(answers).isEmpty();
    assertThat(secure.connections()).isZero();
  }

  @Test
  void nameIsLookedUpOnceForAConnection() throws Exception {
    String name = NAME + ":" + secure.port();
    AllowList list = new AllowList(List.of(name), List.of("127.0.0.1/32"));
    AtomicInteger lookups = new AtomicInteger();
    NameLookup turning =
        host -> addresses(lookups.incrementAndGet() == 1 ? "127.0.0.1" : "169.254.169.254");

    assertThat(pull(name, list, turning)).isEqualTo(image);

    assertThat(lookups).hasValue(1);
    assertThat(secure.connections()).isEqualTo(1);
  }

  @Test
  void addressesThatAreRefusedAreLeftOut() throws Exception {
    String name = NAME + ":" + secure.port();
    AllowList list = new AllowList(List.of(name), List.of("127.0.0.1/32"));

    assertThat(pull(name, list, host -> addresses("169.254.169.254", "127.0.0.1")))
        .isEqualTo(image);
  }

  @Test
  void mirrorNeedsAnEntryOfItsOwn() throws Exception {
    Mirror mirror = new Mirror(store.name(), "");
    AllowList without = allowed(registry.name() + " " + store.name());

    assertThat(pull(registry.name(), without, NameLookup.SYSTEM, mirror)).isEqualTo(image);
    assertThat(store.connections()).isZero();
    assertThat(warnings)
        .singleElement()
        .asString()
        .contains("mirror " + store.name() + " was of no use", "it is not listed");

    registry.forgetRequests();
    AllowList with = allowed(registry.name(), store.name());
    assertThat(pull(registry.name(), with, NameLookup.SYSTEM, mirror)).isEqualTo(image);
    assertThat(store.requests(manifest())).hasSize(1);
    assertThat(registry.requests()).isEmpty();
  }

  @Test
  void behindAProxyNamesCount() throws Exception {
    try (TunnelProxy proxy = new TunnelProxy().route(NAME + ":443", secure.port())) {
      settings.proxy("http://" + proxy.name());
      NameLookup system = NameLookup.SYSTEM;

      assertThatThrownBy(() -> pull(NAME, allowed("other.test"), system))
          .isInstanceOf(ScanException.NotAllowed.class);
      assertThat(proxy.asked()).isEmpty();

      assertThat(pull(NAME, allowed(NAME), system))
          .as("the address of the proxy, 127.0.0.1, is the choice of whoever set it")
          .isEqualTo(image);
    }
  }

  private static List<InetAddress> addresses(String... texts) throws UnknownHostException {
    List<InetAddress> addresses = new ArrayList<>();
    for (String text : texts) {
      addresses.add(InetAddress.getByName(text));
    }
    return addresses;
  }
}
