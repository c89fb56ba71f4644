package dev.imgcompat.core.verdict;

/** Whether an image runs on a target. The first three are ordered by how bad they are. */
public enum Decision {
  /** It runs as it is. */
  COMPATIBLE,
  /** It runs if the guest kernel gets the listed parameters. */
  NEEDS_KERNEL_PARAMS,
  /** Something in it cannot run there, and no parameter helps. */
  EXCLUDED,
  /** It was not scanned, or not whole. */
  UNKNOWN
}
