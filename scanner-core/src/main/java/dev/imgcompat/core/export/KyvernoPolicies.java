package dev.imgcompat.core.export;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ObjectNode;

/**
 * Policies of Kyverno (policies.kyverno.io/v1), with the images in ConfigMaps: a ValidatingPolicy,
 * and, if pods can be moved to another runtime class, a MutatingPolicy. Kyverno has them since
 * 1.17, the version that deprecates ClusterPolicy.
 */
final class KyvernoPolicies implements ListForm {
  private static final String NAME = "imgcompat-runtime-class";

  @Override
  public List<ExportedFile> files(ExportInput input) throws ExportException {
    if (input.hasParameters()) {
      input.requireVersion("kyverno");
    }
    PolicyImages images = PolicyImages.of(input);
    PodRules rules = new PodRules(input.options().guests(), input.threeWay().sets().keySet());
    List<ObjectNode> manifests = new ArrayList<>(images.manifests());
    manifests.add(validating(rules, images));
    if (rules.canMove()) {
      manifests.add(mutating(rules, images));
    }
    return List.of(
        new ExportedFile(
            "kyverno-policies.yaml",
            Preamble.comments("policies of Kyverno", input, traps(input, images))
                + YamlText.of(manifests)));
  }

  private static ObjectNode validating(PodRules rules, PolicyImages images) {
    ObjectNode policy = policy("ValidatingPolicy");
    ObjectNode spec = spec(policy);
    spec.withObject("/autogen").putObject("validatingAdmissionPolicy").put("enabled", false);
    // Pods that run are none of its business, and each would be judged by the whole list.
    spec.putObject("evaluation").putObject("background").put("enabled", false);
    spec.putArray("validationActions").add("Deny");
    rules.addMatch(spec, true);
    rules.addVariables(spec, data(images), false);
    rules.addValidations(spec);
    return policy;
  }

  private static ObjectNode mutating(PodRules rules, PolicyImages images) {
    ObjectNode policy = policy("MutatingPolicy");
    ObjectNode spec = spec(policy);
    spec.withObject("/autogen").putObject("mutatingAdmissionPolicy").put("enabled", false);
    spec.put("reinvocationPolicy", "IfNeeded");
    rules.addMatch(spec, false);
    rules.addVariables(spec, data(images), true);
    PodRules.addMutation(spec);
    return policy;
  }

  private static ObjectNode policy(String kind) {
    ObjectNode root = YamlText.mapping();
    root.put("apiVersion", "policies.kyverno.io/v1");
    root.put("kind", kind);
    root.putObject("metadata").put("name", NAME);
    return root;
  }

  /** Kyverno would make policies of it for workloads, and for the API server, which cannot read. */
  private static ObjectNode spec(ObjectNode policy) {
    ObjectNode spec = policy.putObject("spec");
    spec.put("failurePolicy", "Ignore");
    spec.putObject("autogen").putObject("podControllers").putArray("controllers");
    return spec;
  }

  private static String data(PolicyImages images) {
    return images.names().stream()
        .map(
            n ->
                "resource.Get('v1', 'configmaps', '%s', '%s')".formatted(PolicyImages.NAMESPACE, n))
        .collect(Collectors.joining(", ", "[", "].filter(m, has(m.data)).map(m, m.data)"));
  }

  private static List<String> traps(ExportInput input, PolicyImages images) {
    List<String> traps = new ArrayList<>();
    traps.add(
        "needs Kyverno 1.17, for policies.kyverno.io/v1; ClusterPolicy, which older ones have, is"
            + " deprecated since");
    traps.addAll(PodRules.traps(input, images));
    traps.add(
        "Kyverno's admission controller reads the ConfigMaps at every pod of these classes, which its"
            + " own role allows");
    traps.add(
        "failurePolicy is Ignore: Kyverno is asked for every pod of the cluster, and while it is down"
            + " pods should start; one in the wrong class then fails by itself");
    traps.add(
        "to see first what would be refused write validationActions: [\"Audit\"] into the"
            + " ValidatingPolicy");
    return traps;
  }

  @Override
  public Listing read(String text, ExportOptions options) throws ExportException {
    return PolicyImages.read(text);
  }
}
