package dev.imgcompat.core.export;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/**
 * Policies of the API server itself (admissionregistration.k8s.io/v1), with the images in
 * ConfigMaps as their parameters: a ValidatingAdmissionPolicy, and, if pods can be moved to another
 * runtime class, a MutatingAdmissionPolicy.
 *
 * <p>The RuntimeClass admission plugin has set the overhead of the old class before a policy moves
 * a pod. A change makes the API server run all its mutating plugins once more, so that with the old
 * overhead removed the plugin sets that of the new class (k8s.io/apiserver:
 * pkg/admission/reinvocation.go; kubernetes: plugin/pkg/admission/runtimeclass).
 */
final class AdmissionPolicies implements ListForm {
  private static final String API_VERSION = "admissionregistration.k8s.io/v1";
  private static final String VALIDATING = "ValidatingAdmissionPolicy";
  private static final String MUTATING = "MutatingAdmissionPolicy";
  private static final String NAME = "imgcompat-runtime-class";
  private static final String DATA = "has(params.data) ? [params.data] : []";

  @Override
  public List<ExportedFile> files(ExportInput input) throws ExportException {
    if (input.hasParameters()) {
      input.requireVersion("admission-policy");
    }
    PolicyImages images = PolicyImages.of(input);
    PodRules rules = new PodRules(input.options().guests(), input.threeWay().sets().keySet());
    List<ObjectNode> manifests = new ArrayList<>(images.manifests());
    manifests.add(validating(rules));
    manifests.add(binding(VALIDATING, images));
    if (rules.canMove()) {
      manifests.add(mutating(rules));
      manifests.add(binding(MUTATING, images));
    }
    return List.of(
        new ExportedFile(
            "admission-policies.yaml",
            Preamble.comments("admission policies", input, traps(input, images, rules))
                + YamlText.of(manifests)));
  }

  private static ObjectNode validating(PodRules rules) {
    ObjectNode policy = policy(VALIDATING);
    ObjectNode spec = spec(policy, "Fail");
    rules.addMatch(spec, true);
    rules.addVariables(spec, DATA, false);
    rules.addValidations(spec);
    return policy;
  }

  private static ObjectNode mutating(PodRules rules) {
    ObjectNode policy = policy(MUTATING);
    // What could not be moved is still judged by the other policy.
    ObjectNode spec = spec(policy, "Ignore");
    spec.put("reinvocationPolicy", "IfNeeded");
    rules.addMatch(spec, false);
    rules.addVariables(spec, DATA, true);
    PodRules.addMutation(spec);
    return policy;
  }

  private static ObjectNode policy(String kind) {
    ObjectNode root = YamlText.mapping();
    root.put("apiVersion", API_VERSION);
    root.put("kind", kind);
    root.putObject("metadata").put("name", NAME);
    return root;
  }

  private static ObjectNode spec(ObjectNode policy, String failurePolicy) {
    ObjectNode spec = policy.putObject("spec");
    spec.put("failurePolicy", failurePolicy);
    spec.putObject("paramKind").put("apiVersion", "v1").put("kind", "ConfigMap");
    return spec;
  }

  private static ObjectNode binding(String kind, PolicyImages images) {
    ObjectNode binding = policy(kind + "Binding");
    ObjectNode spec = binding.putObject("spec");
    spec.put("policyName", NAME);
    ObjectNode parameters = spec.putObject("paramRef");
    parameters.put("namespace", PolicyImages.NAMESPACE);
    parameters
        .putObject("selector")
        .putObject("matchLabels")
        .put(PolicyImages.PARTS, String.valueOf(images.parts().size()));
    parameters.put("parameterNotFoundAction", "Deny");
    if (kind.equals(VALIDATING)) {
      spec.putArray("validationActions").add("Deny");
    }
    return binding;
  }

  private static List<String> traps(ExportInput input, PolicyImages images, PodRules rules) {
    List<String> traps = new ArrayList<>();
    traps.add("ValidatingAdmissionPolicy needs Kubernetes 1.30");
    if (rules.canMove()) {
      traps.add(
          "MutatingAdmissionPolicy needs Kubernetes 1.36; 1.34 and 1.35 have it as"
              + " admissionregistration.k8s.io/v1beta1 only, and off by default: write that, and start"
              + " the API server with --feature-gates=MutatingAdmissionPolicy=true"
              + " --runtime-config=admissionregistration.k8s.io/v1beta1=true; where it is missing pods"
              + " are refused that it would have moved");
    }
    traps.addAll(PodRules.traps(input, images));
    traps.add(
        "failurePolicy is Fail for what refuses, since it runs in the API server and for pods of"
            + " these classes only: without the ConfigMaps they are all refused; and Ignore for what"
            + " moves, since the other policy judges afterwards");
    traps.add(
        "to see first what would be refused write validationActions: [\"Warn\", \"Audit\"] into the"
            + " binding");
    if (images.parts().size() > 1) {
      traps.add(
          "each of the "
              + images.parts().size()
              + " ConfigMaps is evaluated by itself; those of an older list that are left over do"
              + " nothing: delete what has another label "
              + PolicyImages.PARTS);
    }
    return traps;
  }

  @Override
  public Listing read(String text, ExportOptions options) throws ExportException {
    return PolicyImages.read(text);
  }
}
