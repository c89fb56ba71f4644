/** A streaming ELF reader that needs no seek. */
@NullMarked
package dev.imgcompat.core.elf;

import org.jspecify.annotations.NullMarked;
