package dev.imgcompat.core.registry;

import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.image.ImageReference;
import dev.imgcompat.core.image.Layer;
import dev.imgcompat.core.image.LayerContent;
import dev.imgcompat.core.image.ScanException;
import java.util.Optional;

/**
 * What a scan needs of a registry: the OCI distribution specification's pulling half. Safe for use
 * by several threads; one serves a whole process.
 */
public interface RegistryClient extends AutoCloseable {
  /**
   * Fetches a manifest or an index.
   *
   * @param image names the registry and the repository
   * @param qualifier a tag or a digest
   * @return its bytes, which have the digest where one was asked for
   */
  FetchedManifest manifest(ImageReference.InRegistry image, String qualifier)
      throws ScanException, InterruptedException;

  /**
   * Asks which manifest or index a tag names now, without fetching it.
   *
   * @param image names the registry and the repository
   * @return its digest as the registry states it, or empty where it does not: then only {@link
   *     #manifest} tells
   */
  Optional<Digest> digest(ImageReference.InRegistry image, String tag)
      throws ScanException, InterruptedException;

  /**
   * Fetches a small blob, such as a config, whole.
   *
   * @param most bytes that it may have
   * @return its bytes, which have the digest
   */
  byte[] document(ImageReference.InRegistry image, Digest digest, int most)
      throws ScanException, InterruptedException;

  /**
   * Returns what opens a layer's blob, any number of times; the caller verifies and closes it.
   * Closing early drops the connection.
   */
  LayerContent.Opener blob(ImageReference.InRegistry image, Layer layer);

  /** Closes all connections. */
  @Override
  void close();

  /**
   * A manifest as it was received.
   *
   * @param bytes exactly as received, but of a signed one of Docker's schema 1 the payload
   * @param digest of these bytes
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record FetchedManifest(byte[] bytes, Digest digest) {}
}
