package dev.imgcompat.core.export;

import dev.imgcompat.core.export.Placements.Place;
import dev.imgcompat.core.router.ImageName;
import dev.imgcompat.core.router.ImagePatterns;
import dev.imgcompat.core.router.PatternNames;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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

  /** The executors that the worker ships and weighs, with the variable of the weight. */
  private static final Map<String, String> VARIABLES =
      Map.of("k8s", "WEIGHT_K8S", "k8s-vm", "WEIGHT_K8S_VM");

  /** How the files begin. */
  private static final String MARK = "# imgcompat: ";

  private static final String WEIGHTAGE = ".weightage";

  /** The keys of an executor that are written here. */
  private static final Set<String> OURS =
      Set.of(
          ".pluginName",
          ".exclusions",
          ".options.kubernetes.runtimeClass",
          ".options.kubernetes.annotations." + KataAnnotation.KERNEL_PARAMS);

  @Override
  public List<ExportedFile> files(ExportInput input) throws ExportException {
    RouterSetup router = input.options().router();
    boolean threeWay = router.parameters() != RouterSetup.Parameters.NONE;
    if (threeWay) {
      input.requireVersion("screwdriver --kernel-params");
    }
    Placements placements = threeWay ? input.threeWay() : input.twoWay();
    ImagePatterns patterns = input.patterns();
    SortedMap<ParameterSet, SortedSet<ImageName>> sets = placements.setsForRouter();
    Set<ImageName> away = new HashSet<>(placements.in(Place.EXCLUDED));
    away.addAll(placements.in(Place.WITH_PARAMS));
    List<String> exclusions = patterns.anchored(away);
    PatternLists.requireValid(exclusions);

    ObjectNode root = YamlText.mapping();
    ObjectNode executors = root.putObject("executor");
    executors.put("plugin", router.fallback());
    ObjectNode main = executors.putObject(router.executor());
    router.plugin().ifPresent(p -> main.put("pluginName", p));
    main.put("weightage", WEIGHT);
    add(main, exclusions);
    for (Map.Entry<ParameterSet, SortedSet<ImageName>> set : sets.entrySet()) {
      String allBut = patterns.allBut(set.getValue());
      PatternLists.requireValid(List.of(allBut));
      String name = set.getKey().executor(router);
      if (name.equals(router.fallback())) {
        throw new ExportException(
            "the executor for "
                + set.getKey().text()
                + " would be called "
                + name
                + ", as the fallback is: call the fallback something else");
      }
      ObjectNode own = executors.putObject(name);
      own.put("pluginName", router.plugin().orElse(router.executor()));
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
    router.fallbackPlugin().ifPresent(p -> fallback.put("pluginName", p));
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
        "put this into the worker's config directory as local-production.yaml, if that is its NODE_ENV:"
            + " it is read at every build start, after default.yaml and local.yaml");
    traps.addAll(Traps.ofRouter());
    traps.add(
        "variables of the worker's environment rank above this file: unset "
            + Stream.of(router.executor(), router.fallback())
                .filter(VARIABLES::containsKey)
                .map(n -> VARIABLES.get(n) + ", ")
                .collect(Collectors.joining())
            + "EXECUTOR_PLUGIN");
    traps.addAll(modules(router));
    traps.add(
        router.executor()
            + " has to start pods in virtual machines: set its options.kubernetes.runtimeClass, or"
            + " K8S_RUNTIME_CLASS, which no executor but k8s and k8s-sandbox heeds");
    traps.add(
        "the default plugin never looks at exclusions: it has to be the executor that runs everything");
    if (!sets.isEmpty()) {
      traps.add(
          "an executor of a set of parameters has none of the options of "
              + router.executor()
              + ": write into another file, such as local.yaml, what differs from the defaults there (host, namespace, resources)");
      if (router.parameters() == RouterSetup.Parameters.ANNOTATION) {
        traps.addAll(Traps.ofAnnotation());
      }
      traps.addAll(Traps.ofVersions(input));
    }
    return traps;
  }

  private static List<String> modules(RouterSetup router) {
    List<String> traps = new ArrayList<>();
    for (String name : List.of(router.executor(), router.fallback())) {
      boolean isSaid =
          (name.equals(router.executor()) ? router.plugin() : router.fallbackPlugin()).isPresent();
      if (!isSaid && !VARIABLES.containsKey(name)) {
        traps.add(
            "the worker has no module called "
                + name
                + ": unless another of its files gives this executor a pluginName, the router drops it"
                + " (--plugin, --fallback-plugin)");
      }
    }
    return traps;
  }

  @Override
  public Listing read(String text, ExportOptions options) throws ExportException {
    JsonNode executors = PatternLists.yaml(text).path("executor");
    if (!executors.isObject()) {
      throw new ExportException("the old list is no configuration with executors");
    }
    List<String> excluded = new ArrayList<>();
    Map<ImageName, String> withParameters = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> executor : executors.properties()) {
      List<String> patterns =
          PatternLists.texts(
              executor.getValue().path("exclusions"), "exclusions of " + executor.getKey());
      Optional<SortedSet<ImageName>> names =
          patterns.size() == 1 ? PatternNames.ofAllBut(patterns.get(0)) : Optional.empty();
      if (names.isPresent()) {
        names.get().forEach(name -> withParameters.put(name, executor.getKey()));
      } else {
        excluded.addAll(patterns);
      }
    }
    return PatternLists.listing(excluded, withParameters.entrySet());
  }

  @Override
  public List<String> losses(String text) throws ExportException {
    List<String> losses = new ArrayList<>(PatternLists.foreign(read(text, ExportOptions.DEFAULT)));
    if (!text.startsWith(MARK)) {
      losses.add("what this program did not write");
    }
    for (Map.Entry<String, JsonNode> setting : PatternLists.yaml(text).properties()) {
      if (!setting.getKey().equals("executor")) {
        losses.add(setting.getKey());
        continue;
      }
      for (Map.Entry<String, JsonNode> executor : setting.getValue().properties()) {
        addOthers("executor." + executor.getKey(), "", executor.getValue(), losses);
      }
    }
    return losses;
  }

  private static boolean isOurWeight(JsonNode weight) {
    return weight.isInt() && (weight.asInt() == 0 || weight.asInt() == WEIGHT);
  }

  /** Adds the keys below a node that are not written here. */
  private static void addOthers(String home, String path, JsonNode node, List<String> losses) {
    for (Map.Entry<String, JsonNode> member : node.properties()) {
      String key = path + "." + member.getKey();
      boolean isOurs = key.equals(WEIGHTAGE) ? isOurWeight(member.getValue()) : OURS.contains(key);
      if (member.getValue().isObject()) {
        addOthers(home, key, member.getValue(), losses);
      } else if (!isOurs) {
        losses.add(home + key);
      }
    }
  }
}
