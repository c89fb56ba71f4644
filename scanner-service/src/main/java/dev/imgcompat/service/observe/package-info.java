/** What can be seen from outside: health, metrics, logs, traces. */
@NullMarked
package dev.imgcompat.service.observe;

import org.jspecify.annotations.NullMarked;
