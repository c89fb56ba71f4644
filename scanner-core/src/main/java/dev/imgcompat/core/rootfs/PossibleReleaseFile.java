package dev.imgcompat.core.rootfs;

import java.util.regex.Pattern;

/** Where a file that names the distribution may be: nowhere but in these two directories. */
final class PossibleReleaseFile {
  private static final Pattern PATH =
      Pattern.compile("/(?:etc|usr/lib)/[^/]*(?:release|version)[^/]*");

  private PossibleReleaseFile() {}

  static boolean matches(String path) {
    return PATH.matcher(path).matches();
  }
}
