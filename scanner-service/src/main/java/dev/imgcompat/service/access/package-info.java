/** Who may ask for what: tokens and roles. */
@NullMarked
package dev.imgcompat.service.access;

import org.jspecify.annotations.NullMarked;
