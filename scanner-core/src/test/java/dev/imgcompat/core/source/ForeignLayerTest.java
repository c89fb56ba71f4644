package dev.imgcompat.core.source;

import static dev.imgcompat.core.testing.FakeRegistry.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.image.DocumentStore;
import dev.imgcompat.core.image.ImageReference;
import dev.imgcompat.core.image.ImageSource;
import dev.imgcompat.core.image.LayerContent;
import dev.imgcompat.core.image.PlatformRequest;
import dev.imgcompat.core.image.ScanException;
import dev.imgcompat.core.image.ScanException.WhoseMove;
import dev.imgcompat.core.layer.LayerFacts;
import dev.imgcompat.core.registry.ForeignLayers;
import dev.imgcompat.core.registry.HttpRegistryClient;
import dev.imgcompat.core.testing.Clients;
import dev.imgcompat.core.testing.ElfBuilder;
import dev.imgcompat.core.testing.FakeRegistry;
import dev.imgcompat.core.testing.LayerBuilder;
import dev.imgcompat.core.testing.LayoutBuilder;
import dev.imgcompat.core.testing.ManifestBuilder;
import dev.imgcompat.core.testing.SettingsBuilder;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ForeignLayerTest {
  private final FakeRegistry registry = new FakeRegistry();
  private final FakeRegistry elsewhere = new FakeRegistry();
  private final HttpRegistryClient client = Clients.with(new SettingsBuilder().build());
  private final ForeignLayers allowed =
      ForeignLayers.allowed("imgcompat/test", new SettingsBuilder().build());
  private final LayoutBuilder layout = new LayoutBuilder();
  private final byte[] layer = new LayerBuilder().program("bin/x", ElfBuilder.x86_64()).gzip();
  @TempDir private Path directory;

  @AfterEach
  void stop() {
    client.close();
    allowed.close();
    registry.close();
    elsewhere.close();
  }

  private String at(String path) {
    return "http://" + elsewhere.name() + path;
  }

  private void serveAt(String path, byte[] body) {
    elsewhere.answer(path, exchange -> FakeRegistry.send(exchange, 200, body));
  }

  private LayerFacts read(ImageSource source, String reference) throws Exception {
    PassedLayers layers = new PassedLayers();
    LayerContent content =
        source
            .resolve(ImageReference.parse(reference), PlatformRequest.DEFAULT, layers)
            .get(0)
            .contents()
            .get(0);
    return layers.facts(content);
  }

  private LayerFacts pull(ForeignLayers foreign, String... urls) throws Exception {
    Digest image = ManifestBuilder.docker().foreign(layer, urls).into(layout, "it");
    registry.serve("team/it", "1", layout, image);
    return read(
        new RegistryImageSource(client, DocumentStore.NONE, foreign),
        registry.name() + "/team/it:1");
  }

  private void pullFails(Class<? extends ScanException> type, String url, String... fragments) {
    assertThatThrownBy(() -> pull(allowed, url))
        .isInstanceOf(type)
        .hasMessageContainingAll(fragments)
        .hasMessageNotContaining("secret")
        .hasMessageNotContaining("\n");
  }

  @Test
  void aForeignLayerIsNotFetchedUnlessThatIsAllowed() {
    serveAt("/layer", layer);

    assertThatThrownBy(() -> pull(ForeignLayers.NOT_ALLOWED, at("/layer?key=secret")))
        .isInstanceOfSatisfying(
            ScanException.ForeignLayer.class,
            e -> {
              assertThat(e.kind()).isEqualTo("foreign-layer");
              assertThat(e.whoseMove()).isEqualTo(WhoseMove.USER);
            })
        .hasMessageContainingAll("on 127.0.0.1", "--allow-foreign-layers")
        .hasMessageNotContaining("secret");
  }

  @Test
  void theRegistryIsAskedFirst() throws Exception {
    layout.blob(layer);

    assertThat(pull(ForeignLayers.NOT_ALLOWED, "https://nowhere.invalid/layer").bytes())
        .isEqualTo(layer.length);
  }

  @Test
  void aForeignLayerIsFetchedFromTheFirstAddressThatHasIt() throws Exception {
    List<String> credentials = new CopyOnWriteArrayList<>();
    elsewhere.answer(
        "/layer",
        exchange -> {
          credentials.add(String.valueOf(FakeRegistry.headers(exchange).get("authorization")));
          FakeRegistry.send(exchange, 200, layer);
        });

    assertThat(pull(allowed, "ftp://a/b", at("/none"), at("/layer")).bytes())
        .isEqualTo(layer.length);
    assertThat(credentials).containsExactly("null");
  }

  @Test
  void redirectsAreFollowedWithinTheSameRules() throws Exception {
    serveAt("/layer", layer);
    elsewhere.answer("/there", status(307, "", Map.of("Location", "/layer")));
    assertThat(pull(allowed, at("/there")).bytes()).isEqualTo(layer.length);

    elsewhere.answer("/plain", status(307, "", Map.of("Location", "http://example.com/secret")));
    pullFails(ScanException.Unavailable.class, at("/plain"), "not an address of https");
    elsewhere.answer("/file", status(307, "", Map.of("Location", "file:///etc/passwd")));
    pullFails(ScanException.Unavailable.class, at("/file"), "a redirect from http to file");
    elsewhere.answer("/ever", status(307, "", Map.of("Location", "/ever")));
    pullFails(ScanException.Unavailable.class, at("/ever"), "more than 5 redirects");
  }

  @Test
  void anAddressThatIsNoneOfHttpsIsNotAsked() {
    pullFails(ScanException.ForeignLayer.class, "http://example.com/secret", "example.com: not an");
    pullFails(ScanException.ForeignLayer.class, "https://me:secret@127.0.0.1/", "credentials");
    pullFails(ScanException.ForeignLayer.class, "secret", "no address");
    pullFails(ScanException.ForeignLayer.class, "https:secret", "no address");
    pullFails(ScanException.ForeignLayer.class, "http://[", "no address");
    pullFails(ScanException.ForeignLayer.class, "//127.0.0.1/x", "not an address of https");
    assertThat(elsewhere.requests()).isEmpty();
  }

  @Test
  void whatIsThereMustBeTheLayer() {
    serveAt("/short", new byte[] {1});
    pullFails(ScanException.Unavailable.class, at("/short"), "1 bytes, where the manifest states");

    serveAt("/other", new byte[layer.length]);
    pullFails(ScanException.DigestMismatch.class, at("/other"), "digest");
  }

  @Test
  void anAnswerWithoutEndIsCutOff() {
    elsewhere.answer(
        "/endless",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          for (int i = 0; i < 10_000; i++) {
            exchange.getResponseBody().write(new byte[1 << 16]);
          }
        });

    pullFails(ScanException.DigestMismatch.class, at("/endless"), "states");
  }

  @Test
  void aLayoutThatLacksTheLayerGetsItTheSameWay() throws Exception {
    serveAt("/layer", layer);
    ManifestBuilder.docker().foreign(layer, at("/layer")).into(layout, "it");
    String reference = "oci:" + layout.write(directory) + ":it";

    assertThat(read(new OciLayoutSource(allowed), reference).bytes()).isEqualTo(layer.length);
    assertThatThrownBy(() -> read(new OciLayoutSource(ForeignLayers.NOT_ALLOWED), reference))
        .isInstanceOf(ScanException.ForeignLayer.class);
  }

  @Test
  void aListOfHundredsOfAddressesIsRefused() {
    String[] many = Collections.nCopies(17, at("/")).toArray(String[]::new);

    assertThatThrownBy(() -> pull(allowed, many)).isInstanceOf(ScanException.LimitExceeded.class);
    assertThatThrownBy(() -> pull(allowed, at("/" + "x".repeat(4096))))
        .isInstanceOf(ScanException.LimitExceeded.class);
  }
}
