/** Reading tar streams and what they are compressed with: bounded, and as runtimes read them. */
@NullMarked
package dev.imgcompat.core.tar;

import org.jspecify.annotations.NullMarked;
