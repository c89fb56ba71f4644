/** Traps in the configuration of a router, which make it heed a list not at all, or too much. */
@NullMarked
package dev.imgcompat.core.lint;

import org.jspecify.annotations.NullMarked;
