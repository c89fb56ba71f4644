/**
 * Images as their sources present them: references, platforms, manifests, layers, and the {@code
 * ImageSource} SPI.
 */
@NullMarked
package dev.imgcompat.core.image;

import org.jspecify.annotations.NullMarked;
