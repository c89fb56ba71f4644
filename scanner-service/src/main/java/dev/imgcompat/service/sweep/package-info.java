/** Sweeps of registries: whose turn it is, and what becomes of what they find. */
@NullMarked
package dev.imgcompat.service.sweep;

import org.jspecify.annotations.NullMarked;
