/** What runs in Kubernetes clusters, as a source of references. */
@NullMarked
package dev.imgcompat.service.kubernetes;

import org.jspecify.annotations.NullMarked;
