package dev.imgcompat.cli;

import dev.imgcompat.core.sweep.SweepSummary;
import dev.imgcompat.core.sweep.state.TagRecord;
import java.io.Closeable;
import java.io.IOException;

/** One form of what a sweep finds, as it comes. For one thread at a time. */
interface SweepOutput extends Closeable {
  /** A tag was dealt with in this sweep, before it was interrupted or after. */
  default void done(TagRecord tag) throws IOException {}

  /** Everything was dealt with, and this tag is one of all; in the order of their references. */
  default void known(TagRecord tag) throws IOException {}

  /** All tags of a repository were given. */
  default void repository(RepositoryTally repository) throws IOException {}

  /** That is all. */
  void end(SweepSummary summary) throws IOException;

  /** Leaves nothing behind where there was no end. */
  @Override
  default void close() throws IOException {}
}
