package dev.imgcompat.core.rootfs;

/** How much an image depends on a file, most first. */
public enum Scope {
  /** The start command, {@code /bin/sh} or {@code bash}: CI launchers start through these. */
  START,
  /** An executable on the PATH of the image. */
  PATH,
  /** Any other executable file. */
  ANY,
  /** Shared objects. */
  LIBRARY,
  /** What no kernel would be asked to run: relocatables, files without an execute bit, firmware. */
  INERT
}
