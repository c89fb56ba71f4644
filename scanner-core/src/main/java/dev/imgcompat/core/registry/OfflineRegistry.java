package dev.imgcompat.core.registry;

import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.image.ImageReference;
import dev.imgcompat.core.image.Layer;
import dev.imgcompat.core.image.LayerContent;
import dev.imgcompat.core.image.ScanException;
import dev.imgcompat.core.image.ScanException.WhoseMove;
import java.io.IOException;
import java.util.Optional;

/**
 * Asks no registry for anything: what is kept of an image is all that there is, and the rest is a
 * failure. Safe for use by several threads.
 */
public final class OfflineRegistry implements RegistryClient {
  @Override
  public FetchedManifest manifest(ImageReference.InRegistry image, String qualifier)
      throws ScanException {
    throw notKept("manifest " + qualifier);
  }

  @Override
  public Optional<Digest> digest(ImageReference.InRegistry image, String tag) throws ScanException {
    throw notKept("the digest of " + tag);
  }

  @Override
  public byte[] document(ImageReference.InRegistry image, Digest digest, int most)
      throws ScanException {
    throw notKept("document " + digest);
  }

  @Override
  public LayerContent.Opener blob(ImageReference.InRegistry image, Layer layer) {
    return () -> {
      throw notKept("layer " + layer.digest());
    };
  }

  @Override
  public void close() {}

  private static ScanException notKept(String what) {
    return ScanException.Unavailable.forGood(
        WhoseMove.OPERATOR,
        what + " is not kept, and no registry is asked for it",
        new IOException("offline"));
  }
}
