/**
 * Settings of registries: what is said by flags, variables and the config file, what holds of it,
 * and where it was said.
 */
@NullMarked
package dev.imgcompat.core.config;

import org.jspecify.annotations.NullMarked;
