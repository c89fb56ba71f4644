package dev.imgcompat.core.image;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An operating system and a CPU architecture, in Go's names as image manifests spell them.
 *
 * @param os such as {@code linux}
 * @param architecture such as {@code amd64}, {@code 386}, {@code arm64}
 * @param variant such as {@code v7}, for architectures that have one
 */
public record Platform(String os, String architecture, Optional<String> variant) {
  private static final Pattern PART = Pattern.compile("[a-z0-9_.-]{1,40}");
  private static final Map<String, String> ALIASES =
      Map.of(
          "x86_64", "amd64", "x86-64", "amd64", "i386", "386", "i486", "386", "i586", "386", "i686",
          "386", "aarch64", "arm64", "armhf", "arm");

  /** The variants that are known, from the most capable machine to the least. */
  private static final Map<String, List<String>> VARIANTS =
      Map.of("arm", List.of("v8", "v7", "v6", "v5"), "arm64", List.of("v8"));

  /** What a build cluster runs unless it is told otherwise. */
  public static final Platform LINUX_AMD64 = new Platform("linux", "amd64", Optional.empty());

  /**
   * Returns the platform that {@code os/architecture[/variant]} spells.
   *
   * @throws IllegalArgumentException if it does not
   */
  @JsonCreator
  public static Platform parse(String text) {
    String[] parts = text.toLowerCase(Locale.ROOT).split("/", -1);
    if (parts.length < 2 || parts.length > 3) {
      throw new IllegalArgumentException(notAPlatform(text));
    }
    for (String part : parts) {
      if (!PART.matcher(part).matches()) {
        throw new IllegalArgumentException(notAPlatform(text));
      }
    }
    return of(parts[0], parts[1], parts.length == 3 ? Optional.of(parts[2]) : Optional.empty());
  }

  private static String notAPlatform(String text) {
    return "'"
        + Printable.of(text)
        + "' is not a platform: write OS/ARCHITECTURE, such as linux/amd64";
  }

  /** Returns a platform, with the architecture's usual other names (x86_64, aarch64) translated. */
  public static Platform of(String os, String architecture, Optional<String> variant) {
    return new Platform(
        os.toLowerCase(Locale.ROOT),
        ALIASES.getOrDefault(
            architecture.toLowerCase(Locale.ROOT), architecture.toLowerCase(Locale.ROOT)),
        variant.filter(
            v ->
                !v.isEmpty()
                    // What every machine of it is.
                    && !(v.equals("v1") && architecture.equalsIgnoreCase("amd64"))));
  }

  /**
   * The platforms of images that serve a request for this one, the best first: where it names a
   * variant, those from this one down, and then an image that names none; otherwise that one first.
   * Skopeo and podman choose so ({@code WantedPlatforms} in containers/image).
   */
  public List<Platform> choices() {
    List<String> known = VARIANTS.getOrDefault(architecture, List.of());
    List<Platform> choices = new ArrayList<>();
    if (variant.isEmpty()) {
      choices.add(this);
      known.forEach(v -> choices.add(withVariant(Optional.of(v))));
    } else {
      int from = known.indexOf(variant.get());
      if (from < 0) {
        choices.add(this);
      } else {
        known.subList(from, known.size()).forEach(v -> choices.add(withVariant(Optional.of(v))));
      }
      choices.add(withVariant(Optional.empty()));
    }
    return choices;
  }

  /**
   * Whether an image for {@code other} serves a request for this platform: one of its {@link
   * #choices}, or any variant where this platform names none.
   */
  public boolean accepts(Platform other) {
    return choices().contains(other) || (variant.isEmpty() && isVariantOf(other));
  }

  /** Whether two platforms differ in nothing but their variants. */
  public boolean isVariantOf(Platform other) {
    return os.equals(other.os) && architecture.equals(other.architecture);
  }

  private Platform withVariant(Optional<String> other) {
    return new Platform(os, architecture, other);
  }

  @Override
  @JsonValue
  public String toString() {
    return os + "/" + architecture + variant.map(v -> "/" + v).orElse("");
  }
}
