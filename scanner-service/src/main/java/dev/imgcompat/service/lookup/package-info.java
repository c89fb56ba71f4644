/** Answers at build start, from memory. */
@NullMarked
package dev.imgcompat.service.lookup;

import org.jspecify.annotations.NullMarked;
