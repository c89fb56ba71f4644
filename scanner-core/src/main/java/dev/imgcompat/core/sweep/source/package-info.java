/** Where the references of a sweep come from. */
@NullMarked
package dev.imgcompat.core.sweep.source;

import org.jspecify.annotations.NullMarked;
