/** What sweeps keep between and during themselves. */
@NullMarked
package dev.imgcompat.core.sweep.state;

import org.jspecify.annotations.NullMarked;
