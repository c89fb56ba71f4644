package dev.imgcompat.core.source;

import static dev.imgcompat.core.testing.FakeRegistry.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imgcompat.core.facts.MemoryFactStore;
import dev.imgcompat.core.image.Bytes;
import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.image.DocumentStore;
import dev.imgcompat.core.image.Image;
import dev.imgcompat.core.image.ImageReference;
import dev.imgcompat.core.image.ImageSource;
import dev.imgcompat.core.image.Layer;
import dev.imgcompat.core.image.ManifestDocument.MediaTypes;
import dev.imgcompat.core.image.PlatformRequest;
import dev.imgcompat.core.image.ScanException;
import dev.imgcompat.core.registry.ForeignLayers;
import dev.imgcompat.core.registry.HttpRegistryClient;
import dev.imgcompat.core.testing.Clients;
import dev.imgcompat.core.testing.ElfBuilder;
import dev.imgcompat.core.testing.FakeRegistry;
import dev.imgcompat.core.testing.LayerBuilder;
import dev.imgcompat.core.testing.LayoutBuilder;
import dev.imgcompat.core.testing.Schema1Builder;
import dev.imgcompat.core.testing.SettingsBuilder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract, and more, for an image that is known by a signed manifest of schema 1 only. */
class Schema1SourceTest extends ImageSourceContract {
  private static final String MANIFEST = "/v2/team/it/manifests/1";

  @TempDir private Path directory;
  private final FakeRegistry registry = new FakeRegistry();
  private final HttpRegistryClient client = Clients.with(new SettingsBuilder().build());
  private final LayoutBuilder layout = new LayoutBuilder();
  private final Schema1Builder image =
      new Schema1Builder()
          .layer(
              new LayerBuilder()
                  .program("bin/x", ElfBuilder.i386())
                  .program("bin/y", ElfBuilder.i386())
                  .gzip())
          .throwaway()
          .layer(new LayerBuilder().program("bin/x", ElfBuilder.x86_64()).gzip())
          .command("/bin/x");

  @BeforeEach
  void serve() {
    image.into(layout);
    registry.serve("team/it", "none", layout, image.digest());
    registry.manifest("team/it", "1", image.digest(), image.signed());
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

  private Image resolve(ImageSource source, String reference) throws Exception {
    return source.resolve(ImageReference.parse(reference), PlatformRequest.DEFAULT, passing).get(0);
  }

  private String byDigest(Digest digest) {
    return registry.name() + "/team/it@" + digest;
  }

  @Test
  void theDigestIsThatOfThePayloadAndTheRestIsUnknown() throws Exception {
    Image found = resolve(source(), present());

    assertThat(found.manifest().digest()).contains(image.digest());
    assertThat(found.manifest().configDigest()).isEmpty();
    assertThat(found.manifest().layers()).hasSize(2);
    assertThat(found.manifest().layers())
        .allSatisfy(
            layer -> {
              assertThat(layer.size()).isEmpty();
              assertThat(layer.diffId()).isEmpty();
              assertThat(layer.mediaType()).isEmpty();
            });
    assertThat(found.notes()).isEmpty();
  }

  @Test
  void signedOrNotItIsFoundByTheSameDigest() throws Exception {
    List<Layer> layers = resolve(source(), byDigest(image.digest())).manifest().layers();

    registry.manifest("team/it", "1", image.digest(), image.unsigned());

    assertThat(resolve(source(), byDigest(image.digest())).manifest().layers()).isEqualTo(layers);
  }

  @Test
  void theDigestOfTheSignedBytesIsNotItsDigest() {
    byte[] signed = image.signed();
    registry.manifest("team/it", "1", Bytes.digest(signed), signed);

    assertThatThrownBy(() -> resolve(source(), byDigest(Bytes.digest(signed))))
        .isInstanceOf(ScanException.DigestMismatch.class);
  }

  @Test
  void onceFetchedByItsDigestItIsKnown() throws Exception {
    ImageSource source = new RegistryImageSource(client, new MemoryFactStore(1 << 20));
    Image first = resolve(source, byDigest(image.digest()));
    registry.forgetRequests();

    assertThat(resolve(source, byDigest(image.digest())).manifest()).isEqualTo(first.manifest());
    assertThat(registry.requests()).isEmpty();
  }

  @Test
  void theRegistryMayStateTheDigestOfThePayloadAndNoOther() throws Exception {
    String signed = new String(image.signed(), StandardCharsets.UTF_8);
    String header = "Docker-Content-Digest";
    registry.answer(MANIFEST, status(200, signed, Map.of(header, image.digest().value())));
    assertThat(resolve(source(), present()).manifest().digest()).contains(image.digest());

    String other = Bytes.digest(new byte[0]).value();
    registry.answer(MANIFEST, status(200, signed, Map.of(header, other)));
    assertThatThrownBy(() -> resolve(source(), present()))
        .isInstanceOf(ScanException.DigestMismatch.class)
        .hasMessageContaining(other);
  }

  @Test
  void itIsAskedForLast() throws Exception {
    List<String> accepted = new CopyOnWriteArrayList<>();
    registry.answer(
        MANIFEST,
        exchange -> {
          accepted.add(FakeRegistry.headers(exchange).get("accept"));
          registry.ok(exchange);
        });

    resolve(source(), present());

    assertThat(accepted)
        .singleElement()
        .asString()
        .startsWith(MediaTypes.OCI_MANIFEST)
        .endsWith(MediaTypes.SCHEMA1_SIGNED + ", " + MediaTypes.SCHEMA1);
  }

  @Test
  void aLayoutMayHoldItUnderTheDigestOfItsBytes() throws Exception {
    String signed = new String(image.signed(), StandardCharsets.UTF_8);
    layout.manifest("old", MediaTypes.SCHEMA1_SIGNED, signed).write(directory);

    Image found =
        resolve(new OciLayoutSource(ForeignLayers.NOT_ALLOWED), "oci:" + directory + ":old");

    assertThat(found.manifest().digest()).contains(image.digest());
    assertThat(found.contents()).hasSize(2);
  }

  @Test
  void anIndexMayListIt() throws Exception {
    Digest manifest = layout.blob(image.unsigned());
    String index =
        "{\"schemaVersion\":2,\"manifests\":[{\"mediaType\":\""
            + MediaTypes.SCHEMA1
            + "\",\"digest\":\""
            + manifest
            + "\",\"size\":1,\"platform\":{\"os\":\"linux\",\"architecture\":\"amd64\"}}]}";
    layout.manifest("index", MediaTypes.OCI_INDEX, index).write(directory);

    Image found =
        resolve(new OciLayoutSource(ForeignLayers.NOT_ALLOWED), "oci:" + directory + ":index");

    assertThat(found.manifest().digest()).contains(image.digest());
    assertThat(found.manifest().indexDigest()).isPresent();
  }
}
