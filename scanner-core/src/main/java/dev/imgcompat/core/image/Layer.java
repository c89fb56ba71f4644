package dev.imgcompat.core.image;

import java.util.Optional;

/**
 * One layer of an image, as its manifest lists it.
 *
 * @param digest of the blob as it is transferred
 * @param diffId of the uncompressed tar, from the config; absent where the config lists none
 * @param size of the blob in bytes
 * @param mediaType as the manifest states it
 */
public record Layer(Digest digest, Optional<Digest> diffId, long size, String mediaType) {}
