/** What questions are about, and how much is known of it. */
@NullMarked
package dev.imgcompat.service.subject;

import org.jspecify.annotations.NullMarked;
