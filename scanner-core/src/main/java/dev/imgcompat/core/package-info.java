/** The facade of the scanner. */
@NullMarked
package dev.imgcompat.core;

import org.jspecify.annotations.NullMarked;
