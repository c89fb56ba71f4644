package dev.imgcompat.core.sweep;

import dev.imgcompat.core.sweep.state.TagRecord;

/** Is told how a sweep goes; by several threads. Must not block or throw. */
public interface SweepListener {
  /** Listens to nothing. */
  SweepListener NONE = new SweepListener() {};

  /** A tag was dealt with, and that is kept. */
  default void done(TagRecord record) {}

  /** Something that whoever runs it should know, in one line without secrets. */
  default void warning(String what) {}
}
