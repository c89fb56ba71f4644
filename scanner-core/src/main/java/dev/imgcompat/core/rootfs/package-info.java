/** Merging the layers of an image into what the running container would see. */
@NullMarked
package dev.imgcompat.core.rootfs;

import org.jspecify.annotations.NullMarked;
