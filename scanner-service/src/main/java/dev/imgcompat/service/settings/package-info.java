/** The settings of the service: typed, validated, documented. */
@NullMarked
package dev.imgcompat.service.settings;

import org.jspecify.annotations.NullMarked;
