/** What goes on beside requests. */
@NullMarked
package dev.imgcompat.service.background;

import org.jspecify.annotations.NullMarked;
