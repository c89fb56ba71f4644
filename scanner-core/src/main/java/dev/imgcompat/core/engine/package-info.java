/** HTTP to a Docker engine, over TCP or a Unix domain socket: what it says of an image, exports. */
@NullMarked
package dev.imgcompat.core.engine;

import org.jspecify.annotations.NullMarked;
