package dev.imgcompat.service.settings;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.util.unit.DataSize;

/** Checks of single settings. */
final class Check {
  private static final int MAX_PORT = 65_535;

  private Check() {}

  static void port(String name, int port) {
    range(name, port, 0, MAX_PORT);
  }

  static void range(String name, int value, int least, int most) {
    if (value < least || value > most) {
      throw new InvalidSettingException(name, value + " is not between " + least + " and " + most);
    }
  }

  static void size(String name, DataSize value, DataSize least, DataSize most) {
    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
      throw new InvalidSettingException(name, value + " is not between " + least + " and " + most);
    }
  }

  static void duration(String name, Duration value, Duration least, Duration most) {
    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
      throw new InvalidSettingException(
          name, print(value) + " is not between " + print(least) + " and " + print(most));
    }
  }

  static void together(String one, @Nullable Object first, String other, @Nullable Object second) {
    if ((first == null) != (second == null)) {
      throw new InvalidSettingException(
          first == null ? one : other, "is missing: it goes with " + (first == null ? other : one));
    }
  }

  private static String print(Duration value) {
    return DurationStyle.SIMPLE.print(value);
  }
}
