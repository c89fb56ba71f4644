package dev.imgcompat.core.source;

import dev.imgcompat.core.image.Descriptor;
import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.image.Layer;
import dev.imgcompat.core.image.LayerContent;
import dev.imgcompat.core.image.ScanException;
import java.util.List;

/** Where the manifests, configs and layers of one repository are. */
interface ManifestStore {
  /** The bytes of a manifest or an index, which have the digest of the descriptor. */
  byte[] manifest(Descriptor descriptor) throws ScanException, InterruptedException;

  /** The bytes of a config, which have this digest. */
  byte[] config(Digest digest) throws ScanException, InterruptedException;

  /**
   * The content of a layer, not yet opened.
   *
   * @param urls from which the manifest says that it may be had, too
   */
  LayerContent layer(Layer layer, List<String> urls) throws ScanException;
}
