/** Scans in the background: the durable queue and those who work it off. */
@NullMarked
package dev.imgcompat.service.scan;

import org.jspecify.annotations.NullMarked;
