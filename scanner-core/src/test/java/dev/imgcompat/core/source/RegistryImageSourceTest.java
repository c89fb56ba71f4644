package dev.imgcompat.core.source;

import static dev.imgcompat.core.testing.FakeRegistry.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imgcompat.core.facts.MemoryFactStore;
import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.image.DocumentStore;
import dev.imgcompat.core.image.Image;
import dev.imgcompat.core.image.ImageReference;
import dev.imgcompat.core.image.ImageSource;
import dev.imgcompat.core.image.LayerContent;
import dev.imgcompat.core.image.PlatformRequest;
import dev.imgcompat.core.image.ScanException;
import dev.imgcompat.core.registry.HttpRegistryClient;
import dev.imgcompat.core.testing.Clients;
import dev.imgcompat.core.testing.FakeRegistry;
import dev.imgcompat.core.testing.LayoutBuilder;
import dev.imgcompat.core.testing.SettingsBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RegistryImageSourceTest extends ImageSourceContract {
  private static final String MANIFEST = "/v2/team/it/manifests/1";

  private final FakeRegistry registry = new FakeRegistry();
  private final HttpRegistryClient client = Clients.with(new SettingsBuilder().build());
  private final LayoutBuilder layout = new LayoutBuilder();
  private Digest image;

  @BeforeEach
  void serve() {
    image = layout.image("it", spec());
    registry.serve("team/it", "1", layout, image);
  }

  @AfterEach
  void stop() {
    client.close();
    registry.close();
  }

  @Override
  ImageSource source() {
    return new RegistryImageSource(client, DocumentStore.NONE);
  }

  @Override
  String present() {
    return registry.name() + "/team/it:1";
  }

  @Override
  String absent() {
    return registry.name() + "/team/it:2";
  }

  private Image resolve(ImageSource source) throws Exception {
    return source.resolve(ImageReference.parse(present()), PlatformRequest.DEFAULT, passing).get(0);
  }

  private void resolveFails(Class<? extends ScanException> type, String... fragments) {
    assertThatThrownBy(() -> resolve(source()))
        .isInstanceOf(type)
        .hasMessageContainingAll(fragments)
        .hasMessageNotContaining("\n");
  }

  @Test
  void aTagCostsOneRequestOnceTheConfigIsKnown() throws Exception {
    ImageSource source = new RegistryImageSource(client, new MemoryFactStore(1 << 20));
    resolve(source);
    registry.forgetRequests();

    resolve(source);

    assertThat(registry.requests()).containsExactly("GET " + MANIFEST);
  }

  @Test
  void aKnownDigestCostsNone() throws Exception {
    ImageSource source = new RegistryImageSource(client, new MemoryFactStore(1 << 20));
    ImageReference reference = ImageReference.parse(registry.name() + "/team/it@" + image);
    source.resolve(reference, PlatformRequest.DEFAULT, passing);
    registry.forgetRequests();

    source.resolve(reference, PlatformRequest.DEFAULT, passing);

    assertThat(registry.requests()).isEmpty();
  }

  /** Answers what is there to whoever has a token, and with a challenge to all others. */
  private FakeRegistry.Answer onlyWith(String token, FakeRegistry.Answer answer) {
    return exchange -> {
      if (("Bearer " + token).equals(FakeRegistry.headers(exchange).get("authorization"))) {
        answer.to(exchange);
      } else {
        String realm = "http://" + registry.name() + "/token";
        exchange
            .getResponseHeaders()
            .add("WWW-Authenticate", "Bearer realm=\"" + realm + "\",service=\"the registry\"");
        FakeRegistry.send(exchange, 401, new byte[0]);
      }
    };
  }

  @Test
  void anAnonymousTokenIsFetchedSentAndRenewed() throws Exception {
    ImageSource source = source();
    for (String token : List.of("first", "second")) {
      registry.answer(
          "/token",
          exchange -> {
            String query = exchange.getRequestURI().getQuery();
            boolean asked =
                query.contains("scope=repository:team/it:pull")
                    && query.contains("service=the registry");
            String body = asked ? "{\"token\":\"" + token + "\"}" : "{}";
            FakeRegistry.send(exchange, 200, body.getBytes(StandardCharsets.UTF_8));
          });
      registry.answer(MANIFEST, onlyWith(token, registry::ok));

      assertThat(resolve(source).manifest().digest()).contains(image);
    }
  }

  @Test
  void aTokenStaysBehindWhenTheBlobIsElsewhere() throws Exception {
    try (FakeRegistry store = new FakeRegistry()) {
      List<String> authorizations = new CopyOnWriteArrayList<>();
      Image resolved = resolve(source());
      LayerContent.Blob layer = (LayerContent.Blob) resolved.contents().get(0);
      byte[] stored = layout.files().get("blobs/sha256/" + layer.layer().digest().hex());
      store.answer(
          "/blob",
          exchange -> {
            authorizations.add(String.valueOf(FakeRegistry.headers(exchange).get("authorization")));
            FakeRegistry.send(exchange, 200, stored);
          });
      registry.answer("/token", status(200, "{\"access_token\":\"secret\"}", Map.of()));
      registry.answer(
          "/v2/team/it/blobs/" + layer.layer().digest(),
          onlyWith(
              "secret", status(307, "", Map.of("Location", "http://" + store.name() + "/blob"))));

      try (var in = layer.opener().open()) {
        assertThat(in.readAllBytes()).isEqualTo(stored);
      }
      assertThat(authorizations).containsExactly("null");
    }
  }

  @Test
  void theTokenServerMayRefuse() {
    registry.answer(
        MANIFEST,
        status(
            401,
            "",
            Map.of("WWW-Authenticate", "Bearer realm=\"http://" + registry.name() + "/token\"")));
    registry.answer("/token", status(403, "", Map.of()));

    resolveFails(ScanException.AccessDenied.class, registry.name(), "team/it");
  }

  @Test
  void credentialsAreWanted() {
    registry.answer(MANIFEST, status(401, "", Map.of("WWW-Authenticate", "Basic realm=\"x\"")));

    resolveFails(ScanException.AccessDenied.class, registry.name(), "team/it", "credentials");
  }

  @Test
  void aRepositoryOrATagIsUnknown() {
    registry.answer(MANIFEST, status(404, "<html>", Map.of()));
    resolveFails(ScanException.NotFound.class, "no repository team/it");

    registry.answer("/v2/team/it/tags/list", status(200, "{\"tags\":[\"3\",\"4\"]}", Map.of()));
    resolveFails(ScanException.NotFound.class, "no tag '1'", "team/it", "3, 4");

    registry.answer("/v2/team/it/tags/list", status(403, "", Map.of()));
    resolveFails(ScanException.NotFound.class, "no tag '1'", "check the spelling");
  }

  @Test
  void theRegistryHasTroubleOfItsOwn() {
    registry.answer(MANIFEST, status(500, "oops", Map.of()));
    resolveFails(ScanException.Unavailable.class, "500");

    registry.answer(MANIFEST, status(429, "", Map.of("Retry-After", "0")));
    resolveFails(ScanException.Unavailable.class, "429");
  }

  @Test
  void htmlIsNoManifest() {
    registry.answer(MANIFEST, status(200, "<html>log in</html>", Map.of()));

    resolveFails(ScanException.Unavailable.class, "web page");
  }

  @Test
  void aManifestOfManyMegabytesIsNotRead() {
    registry.answer(MANIFEST, status(200, " ".repeat(5 << 20), Map.of()));

    resolveFails(ScanException.LimitExceeded.class, "manifest");
  }

  /** Whoever sends without end is hung up on, rather than listened to. */
  @Test
  void anAnswerWithoutEndIsNotReadToItsEnd() throws Exception {
    CountDownLatch hungUp = new CountDownLatch(2);
    FakeRegistry.Answer endless =
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          byte[] spaces = " ".repeat(1 << 16).getBytes(StandardCharsets.UTF_8);
          try {
            while (true) {
              exchange.getResponseBody().write(spaces);
            }
          } catch (IOException e) {
            hungUp.countDown();
          }
        };
    LayerContent.Blob layer = (LayerContent.Blob) resolve(source()).contents().get(0);
    registry.answer("/v2/team/it/blobs/" + layer.layer().digest(), endless);
    registry.answer(MANIFEST, endless);

    resolveFails(ScanException.LimitExceeded.class, "manifest");
    try (InputStream in = layer.opener().open()) {
      assertThat(in.readNBytes(10)).hasSize(10);
    }

    assertThat(hungUp.await(1, TimeUnit.MINUTES)).isTrue();
  }

  @Test
  void anotherManifestThanTheDigestSaysIsRefused() {
    registry.answer("/v2/team/it/manifests/" + image, status(200, "{}", Map.of()));

    assertThatThrownBy(
            () ->
                source()
                    .resolve(
                        ImageReference.parse(registry.name() + "/team/it@" + image),
                        PlatformRequest.DEFAULT,
                        passing))
        .isInstanceOf(ScanException.DigestMismatch.class);
  }

  @Test
  void redirectsEnd() {
    registry.answer(MANIFEST, status(302, "", Map.of("Location", MANIFEST)));
    resolveFails(ScanException.Unavailable.class, "more than 5 redirects");

    registry.answer(MANIFEST, status(302, "", Map.of("Location", "file:///etc/passwd")));
    resolveFails(ScanException.Unavailable.class, "redirect");
  }

  @Test
  void aRegistryThatIsDownIsSaidToBeDown() {
    registry.close();

    resolveFails(ScanException.Unavailable.class, registry.name(), "connection refused");
  }

  @Test
  void aHostThatIsNotThereIsSaidNotToBe() {
    assertThatThrownBy(
            () ->
                source()
                    .resolve(
                        ImageReference.parse("registry.invalid/a:1"),
                        PlatformRequest.DEFAULT,
                        passing))
        .isInstanceOf(ScanException.Unavailable.class)
        .hasMessageContaining("registry.invalid")
        .hasMessageContaining("no host of that name");
  }
}
