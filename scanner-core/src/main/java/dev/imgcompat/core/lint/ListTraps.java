package dev.imgcompat.core.lint;

import dev.imgcompat.core.lint.ConfigValue.Items;
import dev.imgcompat.core.lint.ConfigValue.Member;
import dev.imgcompat.core.lint.ConfigValue.Place;
import dev.imgcompat.core.lint.ConfigValue.Scalar;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Traps of what stands under {@code exclusions}, but for what is in the patterns. */
final class ListTraps {
  /** About 14 ms of a build start, as measured with the router. */
  private static final int MANY = 1_000;

  private ListTraps() {}

  static void find(RouterConfig config, Traps traps) {
    PatternProbe probe = new PatternProbe();
    for (RouterExecutor executor : config.executors()) {
      Optional<Member> exclusions = executor.members().get(RouterExecutor.EXCLUSIONS);
      if (exclusions.isPresent()) {
        list(executor, exclusions.get(), probe, traps);
      }
    }
    probe
        .givenUpAt()
        .ifPresent(
            place ->
                traps.note(
                    place,
                    "patterns-not-tried",
                    "from here on patterns were not tried with names of images, since trying those"
                        + " before took too long: check these first"));
  }

  private static void list(
      RouterExecutor executor, Member exclusions, PatternProbe probe, Traps traps) {
    ConfigValue value = exclusions.value();
    if (value instanceof Items items) {
      if (items.values().isEmpty()) {
        empty(executor, exclusions, "an empty list", traps);
      } else {
        items(executor, items, probe, traps);
        if (items.values().size() > MANY) {
          traps.note(
              exclusions.place(),
              "list-long",
              items.values().size()
                  + " patterns, each of which the router compiles at every build start (10,000 take"
                  + " it about 140 ms): write one pattern for the images of a repository");
        }
      }
    } else if (value.isFalsy()) {
      empty(executor, exclusions, value.isNull() ? "null" : "nothing that is a list", traps);
    } else {
      traps.error(
          exclusions.place(),
          "exclusions-not-list",
          "'exclusions' is "
              + value.noun()
              + ", on which the router fails; it then draws no executor for any build, and all run"
              + " on the default: write a list");
    }
  }

  private static void empty(RouterExecutor executor, Member exclusions, String what, Traps traps) {
    traps.note(
        exclusions.place(),
        "list-empty",
        "'exclusions' is "
            + what
            + ", also in place of a list in a file before: no image is excluded from "
            + executor.quoted());
  }

  private static void items(RouterExecutor executor, Items items, PatternProbe probe, Traps traps) {
    Map<String, Place> seen = new HashMap<>();
    for (ConfigValue item : items.values()) {
      Place first = seen.putIfAbsent(item.text(), item.place());
      if (first != null) {
        traps.note(
            item.place(),
            "pattern-repeated",
            "the pattern of line "
                + first.line()
                + " again, which the router compiles twice: leave"
                + " it out");
      } else if (item instanceof Scalar scalar) {
        scalar(executor, scalar, probe, traps);
      } else if (item instanceof Items) {
        traps.error(
            item.place(),
            "item-list",
            "a list within the list, of which the router makes one pattern, its items joined by"
                + " commas; no image has such a name: write each pattern as an item of its own");
      } else {
        traps.error(
            item.place(),
            "item-map",
            "a map, perhaps for want of quotes around a colon and a space, of which the router makes"
                + " the pattern [object Object]: a set of letters one of which nearly every name"
                + " has, so nearly every image is excluded from "
                + executor.quoted()
                + ": write the pattern in quotes");
      }
    }
  }

  private static void scalar(
      RouterExecutor executor, Scalar item, PatternProbe probe, Traps traps) {
    switch (item.kind()) {
      case TEXT -> PatternTraps.find(executor, item, probe, traps);
      case NULL ->
          traps.error(
              item.place(),
              "item-null",
              "nothing, of which the router makes the pattern 'null'; it excludes no image but those"
                  + " with 'null' in their names: write the pattern, or leave the item out");
      case NUMBER, BOOLEAN, DATE ->
          traps.error(
              item.place(),
              "item-not-text",
              item.noun()
                  + ", of which the router makes the pattern "
                  + Quoted.of(item.text())
                  + ", found anywhere in a name, and not always with the digits that were written"
                  + " (6.10 becomes 6.1): write the name of the image, in quotes");
    }
  }
}
