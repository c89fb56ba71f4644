/** What the service keeps: the SPI, and what it is made of. */
@NullMarked
package dev.imgcompat.service.store;

import org.jspecify.annotations.NullMarked;
