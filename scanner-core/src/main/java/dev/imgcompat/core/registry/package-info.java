/** HTTP to registries: manifests and blobs, anonymous token authentication, limits, redirects. */
@NullMarked
package dev.imgcompat.core.registry;

import org.jspecify.annotations.NullMarked;
