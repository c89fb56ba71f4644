package dev.imgcompat.core.source;

import dev.imgcompat.core.image.Descriptor;
import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.image.DocumentStore;
import dev.imgcompat.core.image.Image;
import dev.imgcompat.core.image.ImageReference;
import dev.imgcompat.core.image.ImageSource;
import dev.imgcompat.core.image.Layer;
import dev.imgcompat.core.image.LayerContent;
import dev.imgcompat.core.image.ManifestParser;
import dev.imgcompat.core.image.PassingLayers;
import dev.imgcompat.core.image.PlatformRequest;
import dev.imgcompat.core.image.ScanException;
import dev.imgcompat.core.registry.ForeignLayers;
import dev.imgcompat.core.registry.RegistryClient;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/**
 * {@code docker://} and bare references. A tag costs one request for its manifest; what has a
 * digest is fetched once and then comes from the store.
 */
public final class RegistryImageSource implements ImageSource {
  private final RegistryClient client;
  private final DocumentStore documents;
  private final ForeignLayers foreignLayers;

  /** Creates a source that takes layers from nowhere but the registry. */
  public RegistryImageSource(RegistryClient client, DocumentStore documents) {
    this(client, documents, ForeignLayers.NOT_ALLOWED);
  }

  /**
   * Creates a source.
   *
   * @param client to be closed with it
   * @param documents keeps manifests and configs
   * @param foreignLayers gets the layers that the registry lacks and the manifest has urls for
   */
  public RegistryImageSource(
      RegistryClient client, DocumentStore documents, ForeignLayers foreignLayers) {
    this.client = client;
    this.documents = documents;
    this.foreignLayers = foreignLayers;
  }

  @Override
  public boolean serves(ImageReference reference) {
    return reference instanceof ImageReference.InRegistry;
  }

  @Override
  public List<Image> resolve(
      ImageReference reference, PlatformRequest platforms, PassingLayers passing)
      throws ScanException, InterruptedException {
    ImageReference.InRegistry image = (ImageReference.InRegistry) reference;
    Repository repository = new Repository(image);
    ManifestResolver resolver = new ManifestResolver(image, repository, platforms);
    if (image.digest().isPresent()) {
      Digest digest = image.digest().get();
      return resolver.resolve(repository.manifest(digest), digest);
    }
    RegistryClient.FetchedManifest fetched = client.manifest(image, image.qualifier());
    return resolver.resolve(fetched.bytes(), fetched.digest());
  }

  /** A digest is what it is, without a request. */
  @Override
  public Optional<Digest> digest(ImageReference reference)
      throws ScanException, InterruptedException {
    ImageReference.InRegistry image = (ImageReference.InRegistry) reference;
    return image.digest().isPresent() ? image.digest() : client.digest(image, image.qualifier());
  }

  @Override
  public void close() {
    client.close();
    foreignLayers.close();
  }

  private final class Repository implements ManifestStore {
    private final ImageReference.InRegistry image;

    Repository(ImageReference.InRegistry image) {
      this.image = image;
    }

    byte[] manifest(Digest digest) throws ScanException, InterruptedException {
      Optional<byte[]> kept = documents.document(digest);
      if (kept.isPresent()) {
        return kept.get();
      }
      byte[] bytes = client.manifest(image, digest.value()).bytes();
      documents.putDocument(digest, bytes);
      return bytes;
    }

    @Override
    public byte[] manifest(Descriptor descriptor) throws ScanException, InterruptedException {
      return manifest(descriptor.digest());
    }

    @Override
    public byte[] config(Digest digest) throws ScanException, InterruptedException {
      Optional<byte[]> kept = documents.document(digest);
      if (kept.isPresent()) {
        return kept.get();
      }
      byte[] bytes = client.document(image, digest, ManifestParser.MAX_CONFIG_BYTES);
      documents.putDocument(digest, bytes);
      return bytes;
    }

    @Override
    public LayerContent layer(Layer layer, List<String> urls) {
      LayerContent.Opener here = client.blob(image, layer);
      return new LayerContent.Blob(
          layer, true, urls.isEmpty() ? here : new HereOrElsewhere(here, layer, urls));
    }
  }

  /** A layer that the registry may lack, since the manifest says where else it is. */
  private final class HereOrElsewhere implements LayerContent.Opener {
    private final LayerContent.Opener here;
    private final Layer layer;
    private final List<String> urls;

    HereOrElsewhere(LayerContent.Opener here, Layer layer, List<String> urls) {
      this.here = here;
      this.layer = layer;
      this.urls = urls;
    }

    @Override
    public InputStream open() throws IOException, ScanException, InterruptedException {
      try {
        return here.open();
      } catch (ScanException.NotFound e) {
        return foreignLayers.open(layer, urls);
      }
    }

    @Override
    public boolean isWorthAnother(ScanException failure) {
      return here.isWorthAnother(failure);
    }
  }
}
