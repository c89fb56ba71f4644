package dev.imgcompat.core.image;

import java.util.regex.Pattern;

/**
 * What may stand in a reference to a registry, as the distribution specification has it. Whatever
 * passes is short, printable, and has no meaning in an address.
 *
 * @see <a
 *     href="https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-manifests">
 *     Distribution specification</a>
 */
public final class ReferenceParts {
  private static final int LONGEST_REPOSITORY = 255;
  private static final Pattern REPOSITORY =
      Pattern.compile(
          "[a-z0-9]++(?:(?:\\.|__|_|-++)[a-z0-9]++)*+(?:/[a-z0-9]++(?:(?:\\.|__|_|-++)[a-z0-9]++)*+)*+");
  private static final Pattern TAG = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}");

  private ReferenceParts() {}

  /** Whether a text can be the name of a repository, without its registry. */
  public static boolean isRepository(String text) {
    return text.length() <= LONGEST_REPOSITORY && REPOSITORY.matcher(text).matches();
  }

  /** Whether a text can be a tag. */
  public static boolean isTag(String text) {
    return TAG.matcher(text).matches();
  }
}
