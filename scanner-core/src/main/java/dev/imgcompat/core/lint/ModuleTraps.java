package dev.imgcompat.core.lint;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Traps of executors' names, and of the modules that they are of. */
final class ModuleTraps {
  /** What the router calls on itself; an executor takes the place of what has its name. */
  private static final Set<String> OF_THE_ROUTER =
      Set.of(
          "start",
          "stop",
          "verify",
          "_start",
          "_stop",
          "_verify",
          "getExecutor",
          "checkExclusions",
          "getWeightedExecutor",
          "parseAnnotations",
          "_executors");

  private ModuleTraps() {}

  static void find(RouterConfig config, Traps traps) {
    Map<String, RouterExecutor> names = new HashMap<>();
    for (RouterExecutor executor : config.executors()) {
      module(executor, traps);
      name(executor, names, traps);
    }
  }

  private static void module(RouterExecutor executor, Traps traps) {
    String module = executor.module();
    String dropped =
        "the router drops an executor without a module 'screwdriver-executor-…' of its name, with a"
            + " line in its log only, and neither draws nor finds ";
    if (Shipped.MODULES.contains(module)) {
      return;
    }
    if (Shipped.OTHER_MODULES.contains(module)) {
      traps.note(
          executor.place(),
          "module-not-shipped",
          "the worker comes without the module of " + executor.quoted() + ": install it there");
    } else if (executor.namesModule()) {
      traps.warning(
          executor.place(),
          "module-unknown",
          dropped
              + executor.quoted()
              + "; the worker comes without a module "
              + Quoted.of(module)
              + ": write one that it has, such as 'pluginName: k8s', or install it");
    } else if (Shipped.EXECUTORS.contains(executor.key())) {
      // Its module is named in the worker's own file.
      return;
    } else {
      traps.error(
          executor.place(),
          "plugin-name-missing",
          dropped + executor.quoted() + ": write 'pluginName', such as 'pluginName: k8s'");
    }
  }

  private static void name(
      RouterExecutor executor, Map<String, RouterExecutor> names, Traps traps) {
    RouterExecutor first = names.putIfAbsent(executor.name(), executor);
    if (first != null) {
      traps.error(
          executor.place(),
          "name-taken",
          executor.quoted()
              + " is the name of the executor in line "
              + first.place().line()
              + " already; builds that are drawn to either start on this one: give it a name of its"
              + " own");
    } else if (!executor.name().equals(executor.key())) {
      traps.warning(
          executor.members().get("name").orElseThrow().place(),
          "name-not-key",
          "the executor is called "
              + executor.quoted()
              + " and not "
              + Quoted.of(executor.key())
              + ", also by 'plugin' and by annotations of builds: leave 'name' out");
    }
    if (OF_THE_ROUTER.contains(executor.name())) {
      traps.error(
          executor.place(),
          "name-of-router",
          executor.quoted()
              + " takes the place of what the router calls so itself, and the router breaks: give"
              + " the executor another name");
    }
  }
}
