package dev.imgcompat.core.image;

import java.util.Optional;

/**
 * Which of an index's images are wanted.
 *
 * @param wanted the one platform, or empty for all of them
 * @param explicit whether somebody asked for it, or it is the default
 */
public record PlatformRequest(Optional<Platform> wanted, boolean explicit) {
  /** linux/amd64, unasked. */
  public static final PlatformRequest DEFAULT =
      new PlatformRequest(Optional.of(Platform.LINUX_AMD64), false);

  /** Every image of an index. */
  public static final PlatformRequest ALL = new PlatformRequest(Optional.empty(), true);

  /** Returns a request for one platform. */
  public static PlatformRequest only(Platform platform) {
    return new PlatformRequest(Optional.of(platform), true);
  }

  /**
   * Returns the request that {@code --platform} spells: {@code all} or a platform.
   *
   * @throws IllegalArgumentException if it is neither
   */
  public static PlatformRequest parse(String text) {
    return text.equals("all") ? ALL : only(Platform.parse(text));
  }
}
