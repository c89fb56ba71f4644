/** Which registries may be contacted, and at which addresses. */
@NullMarked
package dev.imgcompat.service.reach;

import org.jspecify.annotations.NullMarked;
