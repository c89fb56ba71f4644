package dev.imgcompat.core.export;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ObjectNode;

/**
 * RuntimeClass manifests (node.k8s.io/v1), one for each set of kernel parameters, in the form in
 * which kata-deploy's Helm chart writes its own.
 */
final class RuntimeClasses implements Form {
  /** What Kubernetes takes for a handler: a DNS label. */
  private static final Pattern HANDLER = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

  @Override
  public List<ExportedFile> files(ExportInput input) throws ExportException {
    input.requireVersion("runtimeclass");
    List<ObjectNode> classes = new ArrayList<>();
    for (ParameterSet set : input.threeWay().sets().keySet()) {
      classes.add(runtimeClass(set, input.options().guests()));
    }
    return List.of(
        new ExportedFile(
            "runtimeclasses.yaml",
            Preamble.comments("runtime classes", input, traps(input, classes.isEmpty()))
                + YamlText.of(classes)));
  }

  private static ObjectNode runtimeClass(ParameterSet set, GuestSetup guests)
      throws ExportException {
    String name = guests.classFor(set);
    if (!HANDLER.matcher(name).matches()) {
      throw new ExportException(
          "'"
              + name
              + "' cannot be the handler of a runtime class: at most 63 small letters, digits and"
              + " dashes; choose a shorter or plainer name than '"
              + guests.runtimeClass()
              + "'");
    }
    ObjectNode root = YamlText.mapping();
    root.put("apiVersion", "node.k8s.io/v1");
    root.put("kind", "RuntimeClass");
    ObjectNode metadata = root.putObject("metadata");
    metadata.put("name", name);
    metadata.putObject("labels").put("app.kubernetes.io/managed-by", "imgcompat");
    // What the class is for: kubectl describe shows it, comments are gone by then.
    metadata.putObject("annotations").put("imgcompat.dev/kernel-params", set.text());
    root.put("handler", name);
    if (!guests.overhead().isEmpty()) {
      ObjectNode podFixed = root.putObject("overhead").putObject("podFixed");
      guests.overhead().forEach(podFixed::put);
    }
    if (!guests.nodeSelector().isEmpty()) {
      ObjectNode selector = root.putObject("scheduling").putObject("nodeSelector");
      guests.nodeSelector().forEach(selector::put);
    }
    return root;
  }

  private static List<String> traps(ExportInput input, boolean none) {
    List<String> traps = new ArrayList<>();
    if (none) {
      traps.add("no image needs parameters");
      return traps;
    }
    traps.add(
        "each name is that of a containerd runtime handler, too, which has to be on every node that the"
            + " class selects: runtime_type io.containerd.kata.v2 with a ConfigPath of its own, and the"
            + " drop-in of the format kata-dropin in config.d beside that; from Kata 3.26 on kata-deploy"
            + " can make both (customRuntimes)");
    traps.add(
        "without the handler pods stay in ContainerCreating; without the drop-in they start, and lack"
            + " the parameters");
    traps.add(
        "overhead should be that of the class "
            + input.options().guests().runtimeClass()
            + " in your cluster: kata-deploy gives QEMU 160Mi up to 3.x, and 320Mi in 4.1");
    traps.addAll(Traps.ofVersions(input));
    return traps;
  }
}
