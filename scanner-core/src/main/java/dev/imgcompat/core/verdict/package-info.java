/** Decisions, verdicts, and the report. */
@NullMarked
package dev.imgcompat.core.verdict;

import org.jspecify.annotations.NullMarked;
