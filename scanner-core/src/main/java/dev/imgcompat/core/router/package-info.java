/** What a router makes of a container's name: patterns, and the engine that reads them. */
@NullMarked
package dev.imgcompat.core.router;

import org.jspecify.annotations.NullMarked;
