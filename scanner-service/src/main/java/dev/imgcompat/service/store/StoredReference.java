package dev.imgcompat.service.store;

import static java.util.Objects.requireNonNull;

import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.verdict.Report.ScanError;
import java.time.Instant;
import java.util.Optional;

/**
 * What a reference was found to name. All times are whole milliseconds.
 *
 * @param key the reference
 * @param digest of the manifest of the image for the platform; absent if none was ever found
 * @param indexDigest of the index that led to it
 * @param checkedAt when the registry was asked last, and answered, be it that there is no such
 *     image; the epoch if it never did
 * @param failure why the last attempt to resolve or scan it failed; absent if it did not
 * @param failedAt when that was
 */
public record StoredReference(
    ReferenceKey key,
    Optional<Digest> digest,
    Optional<Digest> indexDigest,
    Instant checkedAt,
    Optional<ScanError> failure,
    Optional<Instant> failedAt) {
  public StoredReference {
    requireNonNull(key, "key is null");
    requireNonNull(checkedAt, "checkedAt is null");
  }
}
