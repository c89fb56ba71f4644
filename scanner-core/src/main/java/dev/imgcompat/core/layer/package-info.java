/** Reading one layer in one pass: decompression, tar walk, analyzers, and the facts that result. */
@NullMarked
package dev.imgcompat.core.layer;

import org.jspecify.annotations.NullMarked;
