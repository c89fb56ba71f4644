/** Lists of images for routers, each with a revision. */
@NullMarked
package dev.imgcompat.service.lists;

import org.jspecify.annotations.NullMarked;
