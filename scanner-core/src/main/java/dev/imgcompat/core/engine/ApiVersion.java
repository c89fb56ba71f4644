package dev.imgcompat.core.engine;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A version of the engine's API, such as 1.41. */
record ApiVersion(int major, int minor) {
  /** From this one on, exports take a platform. */
  static final ApiVersion EXPORT_PLATFORM = new ApiVersion(1, 48);

  /** From this one on, inspection takes a platform. */
  static final ApiVersion INSPECT_PLATFORM = new ApiVersion(1, 49);

  private static final Pattern FORM = Pattern.compile("([0-9]{1,4})\\.([0-9]{1,4})");

  /** The version that a text spells; empty if it spells none. */
  static Optional<ApiVersion> parse(String text) {
    Matcher matcher = FORM.matcher(text.strip());
    return matcher.matches()
        ? Optional.of(
            new ApiVersion(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2))))
        : Optional.empty();
  }

  boolean isAtLeast(ApiVersion other) {
    return major > other.major || (major == other.major && minor >= other.minor);
  }

  @Override
  public String toString() {
    return major + "." + minor;
  }
}
