/** What HTTP has words for. */
@NullMarked
package dev.imgcompat.service.http;

import org.jspecify.annotations.NullMarked;
