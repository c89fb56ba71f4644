/** One class per transport that an image can come through. */
@NullMarked
package dev.imgcompat.core.source;

import org.jspecify.annotations.NullMarked;
