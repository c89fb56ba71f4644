package dev.imgcompat.core.facts;

import dev.imgcompat.core.image.Digest;

/**
 * Under which the facts of a layer are kept.
 *
 * @param layer digest of its blob
 * @param analyzers their names and versions, {@link
 *     dev.imgcompat.core.layer.LayerReader#factsKey()}
 */
public record FactKey(Digest layer, String analyzers) {}
