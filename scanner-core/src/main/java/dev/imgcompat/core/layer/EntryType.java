package dev.imgcompat.core.layer;

/** What an entry of a layer is, as far as merging cares. */
public enum EntryType {
  FILE,
  DIRECTORY,
  SYMBOLIC_LINK,
  HARD_LINK,
  /** A device, FIFO or socket: it takes a place, and nothing reads it. */
  OTHER
}
