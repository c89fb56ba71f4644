package dev.imgcompat.core.registry;

import dev.imgcompat.core.image.ImageReference.InRegistry;
import dev.imgcompat.core.image.Layer;
import dev.imgcompat.core.image.LayerContent;
import dev.imgcompat.core.image.ScanException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A layer's blob. What it was put together of, or a mirror's copy, may turn out to be wrong. */
final class RegistryBlob implements LayerContent.Opener {
  private final Places places;
  private final InRegistry image;
  private final Layer layer;
  private volatile boolean ranges = true;
  private volatile boolean mirrors = true;
  private volatile boolean spliced;
  private volatile boolean mirrored;

  RegistryBlob(Places places, InRegistry image, Layer layer) {
    this.places = places;
    this.image = image;
    this.layer = layer;
  }

  @Override
  public InputStream open() throws ScanException, InterruptedException {
    return mirrors ? places.anywhere(image, this::open) : open(places.origin(image));
  }

  private InputStream open(Place place) throws ScanException, InterruptedException {
    mirrored = place.isMirror();
    Question question =
        Question.ofBlob(place.repository(), layer.digest(), "layer " + layer.digest());
    return new Watched(BlobStream.open(place.host(), question, place::tries, layer.size(), ranges));
  }

  @Override
  public boolean isWorthAnother(ScanException failure) {
    if (mirrored && mirrors) {
      mirrors = false;
      return true;
    }
    boolean wrong =
        failure instanceof ScanException.DigestMismatch || failure instanceof ScanException.Damaged;
    if (spliced && ranges && wrong) {
      ranges = false;
      return true;
    }
    return false;
  }

  /** Remembers, when it is closed, how the stream came to be. */
  private final class Watched extends FilterInputStream {
    private final BlobStream blob;

    Watched(BlobStream blob) {
      super(blob);
      this.blob = blob;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      return blob.read(buffer, offset, length);
    }

    @Override
    public void close() {
      spliced = blob.isSpliced();
      blob.close();
    }
  }
}
