package dev.imgcompat.core.image;

import java.util.Optional;

/**
 * Keeps manifests and configs by their digests, so that they are fetched once. Implementations are
 * safe for use by several threads, and a failure to store is not a failure of the scan.
 */
public interface DocumentStore {
  /** Keeps nothing. */
  DocumentStore NONE =
      new DocumentStore() {
        @Override
        public Optional<byte[]> document(Digest digest) {
          return Optional.empty();
        }

        @Override
        public void putDocument(Digest digest, byte[] bytes) {}
      };

  /** The bytes with this digest, if they are kept. */
  Optional<byte[]> document(Digest digest);

  /** Keeps bytes that have this digest. */
  void putDocument(Digest digest, byte[] bytes);
}
