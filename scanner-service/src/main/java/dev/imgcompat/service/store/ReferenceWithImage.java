package dev.imgcompat.service.store;

import java.util.Optional;

/**
 * A reference and the image it names.
 *
 * @param reference as it is kept
 * @param image absent where it was never scanned whole
 */
public record ReferenceWithImage(StoredReference reference, Optional<StoredImage> image) {}
