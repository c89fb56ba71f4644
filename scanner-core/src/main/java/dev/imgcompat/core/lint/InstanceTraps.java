package dev.imgcompat.core.lint;

import dev.imgcompat.core.lint.ConfigValue.Member;
import dev.imgcompat.core.lint.ConfigValue.Members;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Traps of several executors of one module, each of which has options of its own. */
final class InstanceTraps {
  private static final String KERNEL_PARAMS = "io.katacontainers.config.hypervisor.kernel_params";

  /** What decides where and how a pod starts, with the value that it has if nothing is said. */
  private static final Map<String, String> OF_KUBERNETES =
      Map.ofEntries(
          Map.entry("host", "kubernetes.default"),
          Map.entry("token", ""),
          Map.entry("jobsNamespace", "default"),
          Map.entry("serviceAccount", "default"),
          Map.entry("runtimeClass", ""),
          Map.entry("imagePullSecretName", ""),
          Map.entry("imagePullPolicy", "Always"),
          Map.entry("dnsPolicy", "ClusterFirst"),
          Map.entry("baseImage", ""),
          Map.entry("privileged", "false"),
          Map.entry("dockerFeatureEnabled", "false"),
          Map.entry("nodeSelectors", ""),
          Map.entry("preferredNodeSelectors", ""),
          Map.entry("podLabels", ""),
          Map.entry("volumeMounts", ""),
          Map.entry("lifecycleHooks", ""),
          Map.entry("buildSecrets", ""),
          Map.entry("buildSecretsFile", ""));

  private InstanceTraps() {}

  static void find(RouterConfig config, Traps traps) {
    for (RouterExecutor executor : config.executors()) {
      executor
          .members()
          .find("options", "kubernetes", "annotations")
          .filter(Members.class::isInstance)
          .flatMap(a -> ((Members) a).get(KERNEL_PARAMS))
          .ifPresent(m -> annotation(m, traps));
      config.executors().stream()
          .filter(e -> isMain(e) && !isMain(executor) && e.module().equals(executor.module()))
          .findFirst()
          .ifPresent(main -> instance(executor, main, config, traps));
    }
  }

  private static boolean isMain(RouterExecutor executor) {
    return executor.name().equals(executor.module());
  }

  private static void annotation(Member member, Traps traps) {
    traps.note(
        member.place(),
        "annotation-prerequisites",
        "this annotation counts only where containerd's runtime has 'pod_annotations ="
            + " [\"io.katacontainers.*\"]', and is ignored without a word otherwise; and only where"
            + " 'kernel_params' is in 'enable_annotations' of Kata's configuration, without which pods"
            + " fail, or lack the parameters");
  }

  private static void instance(
      RouterExecutor executor, RouterExecutor main, RouterConfig config, Traps traps) {
    boolean isDefault = config.defaultName().filter(executor.name()::equals).isPresent();
    if (!executor.weight().isPositive() && !isDefault) {
      return;
    }
    List<String> lacking = lacking(executor, main);
    if (!lacking.isEmpty()) {
      traps.warning(
          executor.place(),
          "instance-lacks-options",
          executor.quoted()
              + " has none of the options of "
              + main.quoted()
              + ", nor the variables that set them, and lacks "
              + ConfigValue.listed(lacking)
              + (lacking.contains("options.kubernetes.runtimeClass")
                  ? ", without which its pods do not run in Kata"
                  : "")
              + ": write them for it, too");
    }
    if (executor.weight().isPositive()
        && main.weight().isPositive()
        && !executor.isForSomeImagesOnly()) {
      traps.warning(
          executor.place(),
          "instance-shares-builds",
          executor.quoted()
              + " and "
              + main.quoted()
              + " are of the same module, and an image that neither excludes runs on either by"
              + " chance: if it is for some images only, exclude all but them by"
              + " '^(?!(?:PATTERNS)$)'");
    }
  }

  private static List<String> lacking(RouterExecutor executor, RouterExecutor main) {
    List<String> lacking = new ArrayList<>();
    for (String key : Set.copyOf(OF_KUBERNETES.keySet()).stream().sorted().toList()) {
      Optional<ConfigValue> theirs = main.members().find("options", "kubernetes", key);
      if (theirs.filter(v -> says(v, OF_KUBERNETES.getOrDefault(key, ""))).isPresent()
          && executor.members().find("options", "kubernetes", key).isEmpty()) {
        lacking.add("options.kubernetes." + key);
      }
    }
    for (String key : List.of("launchImage", "launchVersion", "prefix")) {
      Optional<ConfigValue> theirs = main.members().find("options", key);
      if (theirs
              .filter(v -> says(v, key.equals("launchImage") ? "screwdrivercd/launcher" : "stable"))
              .isPresent()
          && executor.members().find("options", key).isEmpty()) {
        lacking.add("options." + key);
      }
    }
    return lacking;
  }

  private static boolean says(ConfigValue value, String otherwise) {
    return !value.isBlank() && !value.text().equals(otherwise);
  }
}
