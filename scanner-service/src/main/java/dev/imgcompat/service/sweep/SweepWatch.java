package dev.imgcompat.service.sweep;

import dev.imgcompat.core.sweep.state.TagRecord;

/** Is told of sweeps in this process. Called by several threads; must not block or throw. */
public interface SweepWatch {
  /** A sweep goes on in this process. */
  default void begun(String plan) {}

  /** And no longer. */
  default void ended(String plan) {}

  /** A tag was dealt with. */
  default void done(String plan, TagRecord tag) {}
}
