/**
 * What opens doors: users' credentials, certificates and keys, as the files of docker and others
 * hold them.
 */
@NullMarked
package dev.imgcompat.core.access;

import org.jspecify.annotations.NullMarked;
