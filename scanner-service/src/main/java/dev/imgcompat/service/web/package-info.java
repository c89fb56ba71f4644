/** The HTTP API. */
@NullMarked
package dev.imgcompat.service.web;

import org.jspecify.annotations.NullMarked;
