/** The service that answers at build start. */
@NullMarked
package dev.imgcompat.service;

import org.jspecify.annotations.NullMarked;
