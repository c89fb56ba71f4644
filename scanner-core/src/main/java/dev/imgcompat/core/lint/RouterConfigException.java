package dev.imgcompat.core.lint;

/** A configuration that the worker cannot read, either; the message names no value of it. */
public final class RouterConfigException extends Exception {
  private static final long serialVersionUID = 1L;

  RouterConfigException(ConfigValue.Place place, String problem) {
    super(place.file() + ":" + place.line() + ": " + problem);
  }
}
