package dev.imgcompat.core.export;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * How a policy judges a pod by its images, in the part of CEL that Kubernetes has had since 1.30
 * and Kyverno has as well. The data is that of {@link PolicyImages}.
 *
 * <p>All containers of a pod share one guest. So an excluded image in any of them decides; else the
 * pod's class must be one whose parameters hold those of every image. Only images that the pod did
 * not have before count: an update that takes a finalizer away must not fail for what is listed
 * since.
 */
final class PodRules {
  /** An expression with a name, by which those after it refer to it. */
  private record Variable(String name, String expression) {}

  private final GuestSetup guests;

  /** Those of the fewest parameters first. */
  private final List<ParameterSet> sets;

  PodRules(GuestSetup guests, Collection<ParameterSet> sets) {
    this.guests = guests;
    this.sets =
        sets.stream()
            .sorted(
                Comparator.comparingInt((ParameterSet s) -> s.kernelParams().size())
                    .thenComparing(Comparator.naturalOrder()))
            .toList();
  }

  /** Whether a policy could change a pod, and need not only refuse it. */
  boolean canMove() {
    return guests.fallbackClass().isPresent() || !sets.isEmpty();
  }

  /** The runtime classes that are virtual machines. */
  List<String> classes() {
    List<String> classes = new ArrayList<>(List.of(guests.runtimeClass()));
    sets.forEach(s -> classes.add(guests.classFor(s)));
    return classes;
  }

  /** Adds what a policy looks at: pods of the runtime classes, but not the cluster's own. */
  void addMatch(ObjectNode spec, boolean updates) {
    ObjectNode constraints = spec.putObject("matchConstraints");
    ObjectNode labels =
        constraints.putObject("namespaceSelector").putArray("matchExpressions").addObject();
    labels.put("key", "kubernetes.io/metadata.name");
    labels.put("operator", "NotIn");
    labels.putArray("values").add("kube-system");
    ObjectNode rule = constraints.putArray("resourceRules").addObject();
    rule.putArray("apiGroups").add("");
    rule.putArray("apiVersions").add("v1");
    ArrayNode operations = rule.putArray("operations").add("CREATE");
    ArrayNode resources = rule.putArray("resources").add("pods");
    if (updates) {
      operations.add("UPDATE");
      resources.add("pods/ephemeralcontainers");
    }
    ObjectNode condition = spec.putArray("matchConditions").addObject();
    condition.put("name", "in-virtual-machine");
    condition.put(
        "expression",
        "has(object.spec.runtimeClassName) && object.spec.runtimeClassName in " + list(classes()));
  }

  /**
   * Adds the variables.
   *
   * @param data an expression for the data of all ConfigMaps, a list of maps
   */
  void addVariables(ObjectNode spec, String data, boolean move) {
    List<Variable> variables = new ArrayList<>();
    variables.add(new Variable("data", data));
    variables.add(
        new Variable(
            "before",
            "oldObject == null || !has(oldObject.spec) ? [] : " + images("oldObject.spec")));
    variables.add(
        new Variable(
            "images", "(" + images("object.spec") + ").filter(i, !(i in variables.before))"));
    String unpinned = "i.split('@')[0]";
    // Pairs of an image, and the last part of its repository. Kubernetes wants one type for both,
    // and does not know that an image is a text.
    variables.add(
        new Variable(
            "named",
            "variables.images.map(i, [string(i), %s.substring(%s.lastIndexOf('/') + 1).split(':')[0]])"
                .formatted(unpinned, unpinned)));
    // One line for each image and each pattern that it has: place, reasons, image. CEL has no way
    // to make one list of lists of lists, other than by a text.
    String lines =
        "d[n[1]].split('\\n').filter(l, n[0].matches(l.split(' ')[2]))"
            + ".map(l, l.split(' ')[0] + ' ' + l.split(' ')[1] + ' ' + n[0]).join('\\n')";
    variables.add(
        new Variable(
            "found",
            "variables.named.map(n, variables.data.filter(d, n[1] in d).map(d, "
                + lines
                + ").filter(t, t != '').join('\\n')).filter(t, t != '').join('\\n').split('\\n')"
                + ".filter(t, t != '')"));
    String isExcluded = "f.startsWith('" + Listing.EXCLUDED + " ')";
    variables.add(new Variable("excluded", "variables.found.filter(f, " + isExcluded + ")"));
    variables.add(new Variable("current", "object.spec.runtimeClassName"));
    if (!sets.isEmpty()) {
      variables.add(
          new Variable(
              "wanted", "variables.found.filter(f, !" + isExcluded + ").map(f, f.split(' ')[0])"));
      variables.add(
          new Variable(
              "fitting", covering() + ".filter(c, variables.wanted.all(w, w in c)).map(c, c[0])"));
    }
    if (move) {
      variables.add(new Variable("target", target()));
    }
    ArrayNode array = spec.putArray("variables");
    variables.forEach(
        v -> array.addObject().put("name", v.name()).put("expression", v.expression()));
  }

  /** Adds what a pod must be. */
  void addValidations(ObjectNode spec) {
    ArrayNode validations = spec.putArray("validations");
    validations
        .addObject()
        .put("expression", "variables.excluded.size() == 0")
        .put(
            "messageExpression",
            "'runtime class ' + variables.current + ' cannot run '"
                + " + variables.excluded.map(e, e.split(' ')[2] + ' (' + e.split(' ')[1] + ')')"
                + ".join(', ') + '; leave runtimeClassName out"
                + guests.fallbackClass().map(f -> ", or say " + f).orElse("")
                + "'");
    if (!sets.isEmpty()) {
      validations
          .addObject()
          .put(
              "expression",
              "variables.wanted.size() == 0 || variables.current in variables.fitting")
          .put(
              "messageExpression",
              "variables.fitting.size() == 0"
                  + " ? 'the images of this pod need the kernel parameters of several runtime classes, "
                  + "and none has them all: ' + variables.wanted.join(', ')"
                  + " : 'the images of this pod need kernel parameters that runtime class '"
                  + " + variables.current + ' does not give: use ' + variables.fitting[0]");
    }
  }

  /** Adds the change: another class, and no overhead, which is that of the old one. */
  static void addMutation(ObjectNode spec) {
    ObjectNode mutation = spec.putArray("mutations").addObject();
    mutation.put("patchType", "JSONPatch");
    mutation
        .putObject("jsonPatch")
        .put(
            "expression",
            "variables.target == variables.current ? []"
                + " : [JSONPatch{op: 'replace', path: '/spec/runtimeClassName',"
                + " value: variables.target}]"
                + " + (has(object.spec.overhead)"
                + " ? [JSONPatch{op: 'remove', path: '/spec/overhead'}] : [])");
  }

  private String target() {
    String away = guests.fallbackClass().map(PodRules::text).orElse("variables.current");
    String excluded = "variables.excluded.size() > 0 ? " + away;
    return sets.isEmpty()
        ? excluded + " : variables.current"
        : excluded
            + " : variables.wanted.size() == 0 || variables.current in variables.fitting"
            + " ? variables.current : variables.fitting.size() > 0 ? variables.fitting[0] : "
            + away;
  }

  /** For each class a list: itself, and all classes whose parameters it has. */
  private String covering() {
    List<String> lists = new ArrayList<>();
    for (ParameterSet set : sets) {
      TreeSet<String> covered = new TreeSet<>();
      for (ParameterSet other : sets) {
        if (set.kernelParams().containsAll(other.kernelParams())) {
          covered.add(guests.classFor(other));
        }
      }
      String own = guests.classFor(set);
      covered.remove(own);
      List<String> all = new ArrayList<>(List.of(own));
      all.addAll(covered);
      lists.add(list(all));
    }
    return "[" + String.join(", ", lists) + "]";
  }

  private static String images(String spec) {
    return List.of("containers", "initContainers", "ephemeralContainers").stream()
        .map(
            c ->
                "(has(%s.%s) ? %s.%s.map(c, has(c.image), c.image) : [])"
                    .formatted(spec, c, spec, c))
        .collect(Collectors.joining(" + "));
  }

  private static String list(List<String> texts) {
    return texts.stream().map(PodRules::text).collect(Collectors.joining(", ", "[", "]"));
  }

  /** A name of a class has neither quotes nor backslashes. */
  private static String text(String name) {
    return "'" + name + "'";
  }

  /** What whoever applies such policies should know, whatever runs them. */
  static List<String> traps(ExportInput input, PolicyImages images) {
    GuestSetup guests = input.options().guests();
    Optional<String> fallback = guests.fallbackClass();
    List<String> traps = new ArrayList<>(Traps.ofPlaces(input));
    traps.add(
        "apply with kubectl apply --server-side: the list may be larger than an annotation, which"
            + " client-side apply keeps it in");
    traps.add(
        "pods of the runtime class "
            + guests.runtimeClass()
            + (input.hasParameters() ? ", and of those for kernel parameters," : "")
            + " are judged by the images of all their containers, since these share one guest; not"
            + " those in kube-system, and no pods of other classes; images that are not in the"
            + " reports pass");
    traps.add(
        "Deployments, Jobs and the like are judged when they make their pods: a refusal is in the"
            + " events of the ReplicaSet or Job");
    traps.add(
        fallback.isPresent()
            ? "a pod with an excluded image gets the runtime class "
                + fallback.get()
                + ", and with it less isolation; what has the class afterwards all the same is refused"
            : "a pod with an excluded image is refused: without a class to fall back to none is moved");
    if (input.hasParameters()) {
      traps.add(
          "a pod with images that need kernel parameters gets a runtime class that has those of all"
              + " of them; where there is none it is "
              + (fallback.isPresent() ? "moved to " + fallback.get() : "refused")
              + "; make the classes first (formats runtimeclass and kata-dropin)");
    }
    if (fallback.isPresent() || input.hasParameters()) {
      traps.add(
          "a moved pod gets the overhead of its new class, but keeps the nodeSelector and tolerations"
              + " of its old one, which cannot be told from its own: the new class has to be on nodes"
              + " that the old one selects");
    }
    for (String key : images.dear()) {
      traps.add(
          "very many images are called "
              + key
              + ": an API server may find their patterns too dear to evaluate, and refuse all pods"
              + " with an image of that name");
    }
    if (input.hasParameters()) {
      traps.addAll(Traps.ofVersions(input));
    }
    return traps;
  }
}
