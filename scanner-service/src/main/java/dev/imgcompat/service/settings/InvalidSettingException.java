package dev.imgcompat.service.settings;

import java.nio.file.Path;

/** A setting is none. The message is one line, names the setting and holds no secret. */
public final class InvalidSettingException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes one.
   *
   * @param name without {@code imgcompat.}
   * @param what is wrong, to be read after the name
   */
  public InvalidSettingException(String name, String what) {
    super("imgcompat." + name + ": " + what);
  }

  /**
   * Makes one of a file.
   *
   * @param file with settings
   * @param what is wrong, to be read after its name
   */
  public InvalidSettingException(Path file, String what) {
    super(file + " " + what);
  }
}
