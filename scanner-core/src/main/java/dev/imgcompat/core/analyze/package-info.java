/** The analyzers that turn the bytes of an entry into facts. */
@NullMarked
package dev.imgcompat.core.analyze;

import org.jspecify.annotations.NullMarked;
