package dev.imgcompat.core.lint;

import dev.imgcompat.core.lint.ConfigValue.Items;
import dev.imgcompat.core.lint.ConfigValue.Member;
import dev.imgcompat.core.lint.ConfigValue.Members;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Traps of what is above and beneath a file: environment variables, and the files before it. */
final class LayerTraps {
  /** The variables that the worker knows, by the value under {@code executor} that they set. */
  private static final Map<List<String>, String> VARIABLES = variables();

  private LayerTraps() {}

  private static Map<List<String>, String> variables() {
    Map<List<String>, String> variables = new LinkedHashMap<>();
    variables.put(List.of("plugin"), "EXECUTOR_PLUGIN");
    variables.put(List.of("k8s", "weightage"), "WEIGHT_K8S");
    variables.put(List.of("k8s-vm", "weightage"), "WEIGHT_K8S_VM");
    variables.put(List.of("jenkins", "weightage"), "WEIGHT_JENKINS");
    for (String executor : List.of("k8s", "k8s-sandbox")) {
      variables.put(ofKubernetes(executor, "runtimeClass"), "K8S_RUNTIME_CLASS");
      variables.put(ofKubernetes(executor, "annotations"), "K8S_ANNOTATIONS");
    }
    for (String executor : List.of("k8s", "k8s-sandbox", "k8s-vm")) {
      variables.put(ofKubernetes(executor, "host"), "K8S_HOST");
      variables.put(ofKubernetes(executor, "jobsNamespace"), "K8S_JOBS_NAMESPACE");
    }
    return Collections.unmodifiableMap(variables);
  }

  private static List<String> ofKubernetes(String executor, String key) {
    return List.of(executor, "options", "kubernetes", key);
  }

  static void find(RouterConfig config, Traps traps) {
    variables(config, traps);
    replaced(config, traps);
    assumed(config, traps);
  }

  private static void variables(RouterConfig config, Traps traps) {
    Set<String> variables = new TreeSet<>();
    List<Member> set = new ArrayList<>();
    VARIABLES.forEach(
        (path, variable) ->
            member(config.executor().orElseThrow().value(), path)
                .filter(m -> !RouterConfig.isDefault(m.place().file()))
                .ifPresent(
                    m -> {
                      variables.add(variable);
                      set.add(m);
                    }));
    if (!set.isEmpty()) {
      traps.note(
          set.get(0).place(),
          "environment-above",
          "variables of the worker's environment rank above its files: see that "
              + String.join(", ", variables)
              + (variables.size() > 1 ? " are" : " is")
              + " not set to something else");
    }
  }

  private static Optional<Member> member(ConfigValue from, List<String> path) {
    Optional<Member> found = Optional.empty();
    ConfigValue value = from;
    for (String key : path) {
      found = value instanceof Members members ? members.get(key) : Optional.empty();
      if (found.isEmpty()) {
        return found;
      }
      value = found.get().value();
    }
    return found;
  }

  private static void replaced(RouterConfig config, Traps traps) {
    for (RouterExecutor executor : config.executors()) {
      Optional<Member> holds = executor.members().get(RouterExecutor.EXCLUSIONS);
      for (ConfigValue root : config.roots()) {
        Optional<Member> before =
            member(root, List.of("executor", executor.key(), RouterExecutor.EXCLUSIONS));
        if (holds.isPresent()
            && before.isPresent()
            && !before.get().place().equals(holds.get().place())
            && before.get().value() instanceof Items items
            && !items.values().isEmpty()) {
          traps.note(
              before.get().place(),
              "list-replaced",
              "this list does not count, since "
                  + holds.get().place().file()
                  + ":"
                  + holds.get().place().line()
                  + " has another, and lists are not joined: write all patterns there");
        }
      }
    }
  }

  private static void assumed(RouterConfig config, Traps traps) {
    boolean weightMissing =
        config.executors().stream()
            .anyMatch(e -> Set.of("k8s", "k8s-vm").contains(e.key()) && !e.hasWeight());
    if (!config.isWhole() && (config.plugin().isEmpty() || weightMissing)) {
      traps.note(
          config.executor().orElseThrow().place(),
          "defaults-assumed",
          "what these files do not say is taken to be as the worker ships it (default executor "
              + Quoted.of(Shipped.PLUGIN)
              + ", weights 0, with which no list is read): name its default.yaml before them to be"
              + " sure");
    }
  }
}
