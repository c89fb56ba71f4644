package dev.imgcompat.cli;

import java.util.function.Consumer;

/**
 * Something that may happen on the way.
 *
 * @param name of it
 * @param exit what a command has to end with then
 * @param said a part of the line that it has to say
 * @param preparation makes it happen
 */
record Hunt(String name, int exit, String said, Consumer<HuntingGround> preparation) {
  /** A scan that fails. */
  static Hunt failing(String name, String said, Consumer<HuntingGround> preparation) {
    return new Hunt(name, ExitCode.NOT_SCANNED, said, preparation);
  }

  /** A command that does what it is meant to. */
  static Hunt fine(String name, Consumer<HuntingGround> preparation) {
    return new Hunt(name, ExitCode.OK, "", preparation);
  }

  /** A command that is refused. */
  static Hunt refused(String name, String said, Consumer<HuntingGround> preparation) {
    return new Hunt(name, ExitCode.USAGE, said, preparation);
  }

  @Override
  public String toString() {
    return name;
  }
}
