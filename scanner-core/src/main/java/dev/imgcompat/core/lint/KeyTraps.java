package dev.imgcompat.core.lint;

import dev.imgcompat.core.lint.ConfigValue.Items;
import dev.imgcompat.core.lint.ConfigValue.Member;
import dev.imgcompat.core.lint.ConfigValue.Members;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Traps of keys that the router does not know. */
final class KeyTraps {
  private static final String SINGULAR = "exclusion";
  private static final List<String> KNOWN =
      List.of(
          RouterExecutor.EXCLUSIONS,
          RouterExecutor.WEIGHTAGE,
          RouterExecutor.PLUGIN_NAME,
          "options",
          "name");
  private static final List<String> OF_KUBERNETES =
      List.of("runtimeClass", "annotations", "jobsNamespace", "nodeSelectors", "serviceAccount");

  private KeyTraps() {}

  static void find(RouterConfig config, Traps traps) {
    for (RouterExecutor executor : config.executors()) {
      if (executor.value() instanceof Members members) {
        members.members().forEach((key, member) -> key(executor, key, member, traps));
        options(executor, traps);
      } else if (!executor.value().isNull()) {
        notAnExecutor(executor, traps);
      }
    }
  }

  private static void notAnExecutor(RouterExecutor executor, Traps traps) {
    String meant =
        NearKey.of(executor.key(), List.of("plugin", "defaultPlugin"))
            .map(k -> "to set the default executor write 'plugin'")
            .orElse("write a map, or leave it out");
    traps.error(
        executor.place(),
        "executor-entry-not-map",
        Quoted.of(executor.key())
            + " is "
            + executor.value().noun()
            + ", but every key of 'executor' except 'plugin' is an executor, and this one has"
            + " nothing of what it says: "
            + meant);
  }

  private static void key(RouterExecutor executor, String key, Member member, Traps traps) {
    if (key.equals(SINGULAR)) {
      singular(executor, member, traps);
    } else if (!KNOWN.contains(key)) {
      Optional<String> meant = NearKey.of(key, KNOWN);
      if (meant.isPresent()) {
        traps.error(
            member.place(),
            "key-misspelled",
            "the router does not know "
                + Quoted.of(key)
                + " and goes by nothing under it: write '"
                + meant.get()
                + "'");
      } else {
        traps.note(
            member.place(),
            "key-unknown",
            "the router does not know "
                + Quoted.of(key)
                + ": leave it out, or move it to 'options'");
      }
    }
  }

  private static void singular(RouterExecutor executor, Member member, Traps traps) {
    boolean isShipped =
        member.value() instanceof Items items
            && items.values().size() == 1
            && items.values().get(0).text().equals(Shipped.EXCLUSION);
    Set<String> counted =
        executor.patterns().stream().map(ConfigValue::text).collect(Collectors.toSet());
    boolean isRepeated =
        member.value() instanceof Items items
            && items.values().stream().allMatch(i -> counted.contains(i.text()));
    if (member.value().isBlank()) {
      return;
    }
    if (isShipped || isRepeated) {
      traps.warning(
          member.place(),
          "exclusion-shipped",
          "the router goes by the key 'exclusions' and ignores this 'exclusion', as which the worker"
              + " ships it: to exclude these images from "
              + executor.quoted()
              + " write 'exclusions'");
    } else {
      traps.error(
          member.place(),
          "exclusion-singular",
          "the router goes by the key 'exclusions' and ignores 'exclusion', and the variable"
              + " K8S_EXECUTOR_EXCLUSION with it; the images listed here run on "
              + executor.quoted()
              + ": write 'exclusions'");
    }
  }

  private static void options(RouterExecutor executor, Traps traps) {
    Optional<ConfigValue> found = executor.members().find("options", "kubernetes");
    if (found.isPresent() && found.get() instanceof Members kubernetes) {
      kubernetes
          .members()
          .forEach(
              (key, member) -> {
                Optional<String> meant =
                    NearKey.of(key, OF_KUBERNETES)
                        .or(
                            () ->
                                key.equalsIgnoreCase("runtimeClassName")
                                    ? Optional.of("runtimeClass")
                                    : Optional.empty());
                if (!OF_KUBERNETES.contains(key)
                    && meant.isPresent()
                    && OF_KUBERNETES.contains(meant.get())) {
                  traps.warning(
                      member.place(),
                      "option-misspelled",
                      "the executor does not know "
                          + Quoted.of(key)
                          + " and starts pods without it: write '"
                          + meant.get()
                          + "'");
                }
              });
    }
  }
}
