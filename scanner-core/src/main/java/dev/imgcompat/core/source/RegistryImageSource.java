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
import dev.imgcompat.core.registry.RegistryClient.FetchedManifest;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
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
    FetchedManifest fetched = repository.manifest();
    List<Image> images =
        new ManifestResolver(image, repository, platforms)
            .resolve(fetched.bytes(), fetched.digest());
    // Whoever judges the image anew asks for it by its digest. Not kept is what may be anything,
    // such as what the registry was shown.
    documents.putDocument(fetched.digest(), fetched.bytes());
    return images;
  }

  /** A digest is what it is, without a request. */
  @Override
  public Optional<Digest> digest(ImageReference reference)
      throws ScanException, InterruptedException {
    ImageReference.InRegistry image = (ImageReference.InRegistry) reference;
    return image.digest().isPresent() ? image.digest() : client.digest(image, image.qualifier());
  }

  @Override
  public Optional<Instant> created(ImageReference reference)
      throws ScanException, InterruptedException {
    ImageReference.InRegistry image = (ImageReference.InRegistry) reference;
    Repository repository = new Repository(image);
    FetchedManifest fetched = repository.manifest();
    return new ManifestResolver(image, repository, PlatformRequest.DEFAULT)
        .resolveAny(fetched.bytes(), fetched.digest())
        .manifest()
        .config()
        .created();
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

    FetchedManifest manifest() throws ScanException, InterruptedException {
      if (image.digest().isPresent()) {
        return new FetchedManifest(manifest(image.digest().get()), image.digest().get());
      }
      return client.manifest(image, image.qualifier());
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
