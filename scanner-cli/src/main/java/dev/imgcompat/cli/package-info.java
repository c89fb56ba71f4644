/** The commands. */
@NullMarked
package dev.imgcompat.cli;

import org.jspecify.annotations.NullMarked;
