/** Lists for routers, made from saved reports. */
@NullMarked
package dev.imgcompat.core.export;

import org.jspecify.annotations.NullMarked;
