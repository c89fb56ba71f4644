package dev.imgcompat.core.image;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * One layer of an image, as its manifest lists it.
 *
 * @param digest of the blob as it is transferred; or, where its source names it by nothing else, of
 *     the uncompressed tar, hence the diff id
 * @param diffId of the uncompressed tar, from the config; absent where the config lists none
 * @param size of the blob in bytes as it is transferred; absent where nothing states it
 * @param mediaType as the manifest states it
 */
public record Layer(Digest digest, Optional<Digest> diffId, OptionalLong size, String mediaType) {}
