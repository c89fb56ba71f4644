package dev.imgcompat.core.export;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Admits pods as an API server does: the RuntimeClass plugin sets the overhead, policies change the
 * pod, and if they did, both once more; then policies and the plugin judge. Policies are those of a
 * file of manifests, of the API server or of Kyverno.
 */
final class AdmissionChain {
  /** A pod was refused. */
  static final class Refused extends Exception {
    private static final long serialVersionUID = 1;

    Refused(String message) {
      super(message);
    }
  }

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Map<String, Map<String, Object>> overheads;
  private final List<Map<String, Object>> configMaps = new ArrayList<>();
  private final List<PolicyExpressions> mutating = new ArrayList<>();
  private final List<PolicyExpressions> validating = new ArrayList<>();
  private boolean hasParams;

  /**
   * A cluster.
   *
   * @param manifests that were applied to it
   * @param overheads of its runtime classes; an empty one for none
   */
  AdmissionChain(String manifests, Map<String, Map<String, Object>> overheads)
      throws ExportException {
    this.overheads = overheads;
    Map<String, Map<String, Object>> byName = new LinkedHashMap<>();
    List<JsonNode> documents = PatternLists.documents(manifests);
    for (JsonNode document : documents) {
      if (document.path("kind").asString().equals("ConfigMap")) {
        Map<String, Object> map = plain(document);
        configMaps.add(map);
        byName.put(
            document.path("metadata").path("namespace").asString()
                + "/"
                + document.path("metadata").path("name").asString(),
            map);
      }
    }
    for (JsonNode document : documents) {
      switch (document.path("kind").asString()) {
        case "MutatingAdmissionPolicy", "MutatingPolicy" ->
            mutating.add(new PolicyExpressions(document, byName));
        case "ValidatingAdmissionPolicy", "ValidatingPolicy" -> {
          validating.add(new PolicyExpressions(document, byName));
          hasParams = document.path("spec").has("paramKind");
        }
        default -> {} // namespaces, bindings
      }
    }
  }

  /** Takes the ConfigMaps in the other order: the API server promises none. */
  AdmissionChain inOtherOrder() {
    Collections.reverse(configMaps);
    return this;
  }

  /** Creates a pod; returns it as it is admitted. */
  Map<String, Object> create(Map<String, Object> pod) throws Refused {
    Map<String, Object> object = plain(JSON.valueToTree(pod));
    setOverhead(object);
    if (mutate(object)) {
      setOverhead(object);
      mutate(object);
    }
    validate(object, Map.of());
    judgeOverhead(object);
    return object;
  }

  /** Updates a pod. */
  void update(Map<String, Object> old, Map<String, Object> changed) throws Refused {
    validate(changed, old);
  }

  private boolean mutate(Map<String, Object> object) {
    boolean changed = false;
    for (PolicyExpressions policy : mutating) {
      for (Map<String, Object> params : params()) {
        if (policy.matches(object)) {
          Map<String, Object> context = policy.context(object, Map.of(), params);
          String expression =
              policy
                  .spec()
                  .path("mutations")
                  .path(0)
                  .path("jsonPatch")
                  .path("expression")
                  .asString();
          for (Object operation : (List<?>) policy.evaluate(expression, context)) {
            apply((Map<?, ?>) operation, spec(object));
            changed = true;
          }
        }
      }
    }
    return changed;
  }

  /** RFC 6902: to replace or remove what is not there fails. */
  private static void apply(Map<?, ?> operation, Map<String, Object> spec) {
    String field = String.valueOf(operation.get("path")).replaceFirst("^/spec/", "");
    if (!spec.containsKey(field)) {
      throw new AssertionError("the pod has no " + field);
    }
    switch (String.valueOf(operation.get("op"))) {
      case "replace" -> spec.put(field, operation.get("value"));
      case "remove" -> spec.remove(field);
      default -> throw new AssertionError(operation);
    }
  }

  private void validate(Map<String, Object> object, Map<String, Object> old) throws Refused {
    for (PolicyExpressions policy : validating) {
      for (Map<String, Object> params : params()) {
        if (policy.matches(object)) {
          Map<String, Object> context = policy.context(object, old, params);
          for (JsonNode validation : policy.spec().path("validations").values()) {
            if (!(Boolean) policy.evaluate(validation.path("expression").asString(), context)) {
              throw new Refused(
                  (String)
                      policy.evaluate(validation.path("messageExpression").asString(), context));
            }
          }
        }
      }
    }
  }

  /** Kyverno's policies have none, and read what they want themselves. */
  private List<Map<String, Object>> params() {
    return hasParams ? configMaps : List.of(Map.of());
  }

  private void setOverhead(Map<String, Object> pod) throws Refused {
    Map<String, Object> overhead = overhead(pod);
    if (overhead.isEmpty()) {
      return;
    }
    if (spec(pod).containsKey("overhead") && !spec(pod).get("overhead").equals(overhead)) {
      throw new Refused("Pod's Overhead doesn't match RuntimeClass's defined Overhead");
    }
    spec(pod).put("overhead", overhead);
  }

  private void judgeOverhead(Map<String, Object> pod) throws Refused {
    if (!overhead(pod).equals(spec(pod).getOrDefault("overhead", Map.of()))) {
      throw new Refused("Pod Overhead set without corresponding RuntimeClass defined Overhead");
    }
  }

  private Map<String, Object> overhead(Map<String, Object> pod) throws Refused {
    Object name = spec(pod).get("runtimeClassName");
    if (name == null) {
      return Map.of();
    }
    if (!overheads.containsKey(name)) {
      throw new Refused("RuntimeClass \"" + name + "\" not found");
    }
    return overheads.get(name);
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> spec(Map<String, Object> pod) {
    return (Map<String, Object>) pod.get("spec");
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> plain(JsonNode node) {
    return JSON.treeToValue(node, Map.class);
  }
}
