/** What to sweep, and how. */
@NullMarked
package dev.imgcompat.core.sweep.plan;

import org.jspecify.annotations.NullMarked;
