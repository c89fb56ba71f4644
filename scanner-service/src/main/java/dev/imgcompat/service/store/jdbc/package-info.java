/** The store in a database: embedded H2, or PostgreSQL. */
@NullMarked
package dev.imgcompat.service.store.jdbc;

import org.jspecify.annotations.NullMarked;
