/** The rule pack and the runtime profiles: from signals to findings. */
@NullMarked
package dev.imgcompat.core.rules;

import org.jspecify.annotations.NullMarked;
