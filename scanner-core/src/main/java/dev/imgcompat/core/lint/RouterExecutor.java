package dev.imgcompat.core.lint;

import dev.imgcompat.core.lint.ConfigValue.Items;
import dev.imgcompat.core.lint.ConfigValue.Member;
import dev.imgcompat.core.lint.ConfigValue.Members;
import dev.imgcompat.core.lint.ConfigValue.Place;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An executor as the worker hands it to the router: the key is its name, unless it says another.
 *
 * @param place of the key
 * @param value what the key has
 * @param members of the value; none if it is no map
 */
record RouterExecutor(String key, Place place, ConfigValue value, Members members) {
  /** Keys that JavaScript has first, and in their order. */
  private static final Pattern INDEX = Pattern.compile("0|[1-9]\\d{0,8}");

  static final String EXCLUSIONS = "exclusions";
  static final String WEIGHTAGE = "weightage";
  static final String PLUGIN_NAME = "pluginName";

  /** All under the key {@code executor}, in the order in which JavaScript has them. */
  static List<RouterExecutor> all(Optional<Member> executor) {
    List<RouterExecutor> all = new ArrayList<>();
    if (executor.isPresent() && executor.get().value() instanceof Members members) {
      members
          .members()
          .forEach(
              (key, member) -> {
                if (!key.equals("plugin")) {
                  all.add(of(key, member));
                }
              });
    }
    all.sort(
        Comparator.comparingInt(
            e -> INDEX.matcher(e.key()).matches() ? Integer.parseInt(e.key()) : Integer.MAX_VALUE));
    return List.copyOf(all);
  }

  private static RouterExecutor of(String key, Member member) {
    return new RouterExecutor(
        key,
        member.place(),
        member.value(),
        member.value() instanceof Members m ? m : new Members(member.place(), Map.of()));
  }

  String name() {
    return members.value("name").map(ConfigValue::text).orElse(key);
  }

  /** What the module is called after {@code screwdriver-executor-}. */
  String module() {
    return members
        .value(PLUGIN_NAME)
        .filter(p -> !p.isFalsy())
        .map(ConfigValue::text)
        .orElse(name());
  }

  boolean namesModule() {
    return members.value(PLUGIN_NAME).filter(p -> !p.isFalsy()).isPresent();
  }

  /** Zero if there is none. */
  Weight weight() {
    return members.value(WEIGHTAGE).map(Weight::of).orElse(Weight.ZERO);
  }

  /** Whether these files say its weight. */
  boolean hasWeight() {
    return members.get(WEIGHTAGE).isPresent();
  }

  /** The list of patterns, if it is one. */
  List<ConfigValue> patterns() {
    return members
        .value(EXCLUSIONS)
        .filter(Items.class::isInstance)
        .map(list -> ((Items) list).values())
        .orElse(List.of());
  }

  /** Whether it takes only what a pattern for all but some leaves. */
  boolean isForSomeImagesOnly() {
    return patterns().stream().anyMatch(p -> p.text().startsWith("^(?!"));
  }

  String quoted() {
    return Quoted.of(name());
  }
}
