/** Stores of layer facts and of small documents, keyed by digest. */
@NullMarked
package dev.imgcompat.core.facts;

import org.jspecify.annotations.NullMarked;
