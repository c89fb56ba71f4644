package dev.imgcompat.core.export;

import dev.imgcompat.core.export.Placements.Place;
import dev.imgcompat.core.router.ImageName;
import dev.imgcompat.core.router.ImagePatterns;
import dev.imgcompat.core.router.PatternNames;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The executors of Screwdriver's queue worker, for its {@code local.yaml}: one for the runtime,
 * which excludes what it cannot run; perhaps one for each set of kernel parameters, which excludes
 * all but what needs them; and the fallback, which is the default plugin, since the default never
 * looks at exclusions.
 */
final class ScrewdriverConfig implements ListForm {
  private static final int WEIGHT = 100;

  @Override
  public List<ExportedFile> files(ExportInput input) throws ExportException {
    RouterSetup router = input.options().router();
    boolean threeWay = router.parameters() != RouterSetup.Parameters.NONE;
    if (threeWay) {
      input.requireVersion("screwdriver --kernel-params");
    }
    Placements placements = threeWay ? input.threeWay() : input.twoWay();
    ImagePatterns patterns = input.patterns();
    SortedMap<ParameterSet, SortedSet<ImageName>> sets = placements.sets();
    Set<ImageName> away = new HashSet<>(placements.in(Place.EXCLUDED));
    sets.values().forEach(away::addAll);
    List<String> exclusions = patterns.anchored(away);
    PatternLists.requireValid(exclusions);

    ObjectNode root = YamlText.mapping();
    ObjectNode executors = root.putObject("executor");
    executors.put("plugin", router.fallback());
    ObjectNode main = executors.putObject(router.executor());
    main.put("pluginName", router.executor());
    main.put("weightage", WEIGHT);
    add(main, exclusions);
    for (Map.Entry<ParameterSet, SortedSet<ImageName>> set : sets.entrySet()) {
      String allBut = patterns.allBut(set.getValue());
      PatternLists.requireValid(List.of(allBut));
      ObjectNode own = executors.putObject(router.executor() + "-" + set.getKey().name());
      own.put("pluginName", router.executor());
      own.put("weightage", WEIGHT);
      add(own, List.of(allBut));
      ObjectNode kubernetes = own.putObject("options").putObject("kubernetes");
      GuestSetup guests = input.options().guests();
      if (router.parameters() == RouterSetup.Parameters.RUNTIME_CLASS) {
        kubernetes.put("runtimeClass", guests.classFor(set.getKey()));
      } else {
        kubernetes.put("runtimeClass", guests.runtimeClass());
        ObjectNode annotations = kubernetes.putObject("annotations");
        KataAnnotation.of(set.getKey()).forEach(annotations::put);
      }
    }
    ObjectNode fallback = executors.putObject(router.fallback());
    fallback.put("pluginName", router.fallback());
    fallback.put("weightage", 0);
    return List.of(
        new ExportedFile(
            "local.yaml",
            Preamble.comments("executors of the queue worker", input, traps(input, sets))
                + YamlText.of(root)));
  }

  private static void add(ObjectNode executor, List<String> exclusions) {
    ArrayNode list = executor.putArray("exclusions");
    exclusions.forEach(list::add);
  }

  private static List<String> traps(
      ExportInput input, SortedMap<ParameterSet, SortedSet<ImageName>> sets) {
    RouterSetup router = input.options().router();
    List<String> traps = new ArrayList<>(Traps.ofInput(input));
    traps.add(
        "merge this into config/local.yaml of the queue worker, which reads it at every build start");
    traps.addAll(Traps.ofRouter());
    traps.add(
        "the variables "
            + variable(router.executor())
            + ", "
            + variable(router.fallback())
            + " and EXECUTOR_PLUGIN of the worker's environment rank above this file: unset them");
    traps.add(
        "the default plugin never looks at exclusions: it has to be the executor that runs everything");
    if (!sets.isEmpty()) {
      traps.add(
          "an executor of a set of parameters has none of the options of "
              + router.executor()
              + ": repeat there what differs from the defaults (host, namespace, resources, runtimeClass)");
      if (router.parameters() == RouterSetup.Parameters.ANNOTATION) {
        traps.addAll(Traps.ofAnnotation());
      }
      traps.addAll(Traps.ofVersions(input));
    }
    return traps;
  }

  private static String variable(String executor) {
    return "WEIGHT_" + executor.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
  }

  @Override
  public Listing read(String text, ExportOptions options) throws ExportException {
    JsonNode executors = PatternLists.yaml(text).path("executor");
    String main = options.router().executor();
    List<String> excluded =
        new ArrayList<>(
            PatternLists.texts(executors.path(main).path("exclusions"), "exclusions of " + main));
    Map<ImageName, String> withParameters = new LinkedHashMap<>();
    SortedMap<String, JsonNode> own = new TreeMap<>();
    executors.propertyStream().forEach(e -> own.put(e.getKey(), e.getValue()));
    own.remove(main);
    for (Map.Entry<String, JsonNode> executor : own.entrySet()) {
      List<String> patterns =
          PatternLists.texts(
              executor.getValue().path("exclusions"), "exclusions of " + executor.getKey());
      Optional<SortedSet<ImageName>> names =
          patterns.size() == 1 ? PatternNames.ofAllBut(patterns.get(0)) : Optional.empty();
      names.ifPresent(n -> n.forEach(name -> withParameters.put(name, executor.getKey())));
    }
    return PatternLists.listing(excluded, withParameters.entrySet());
  }
}
