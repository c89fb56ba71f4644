/** Sweeps: a pass over many references, and what comes of it. */
@NullMarked
package dev.imgcompat.core.sweep;

import org.jspecify.annotations.NullMarked;
