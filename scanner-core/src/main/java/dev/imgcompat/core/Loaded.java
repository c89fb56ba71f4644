package dev.imgcompat.core;

import dev.imgcompat.core.layer.LayerFacts;

/**
 * Facts, and where they came from.
 *
 * @param facts of the layer
 * @param fromCache whether nothing was read for them, or not for this image
 */
record Loaded(LayerFacts facts, boolean fromCache) {}
