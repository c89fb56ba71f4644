package dev.imgcompat.core.rootfs;

/**
 * Why a program cannot be started, wherever the image runs.
 *
 * @param kind what is wrong
 * @param path where
 * @param text in words, with the error that the kernel or the runtime gives
 */
public record StartProblem(Kind kind, String path, String text) {
  /** What is wrong. */
  public enum Kind {
    /** There is no such file. */
    NOT_FOUND,
    /** It is there, but not to be executed. */
    NOT_EXECUTABLE,
    /** The loader of a program or the interpreter of a script is not there. */
    NO_INTERPRETER
  }
}
