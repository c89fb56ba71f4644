package dev.imgcompat.core.export;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;

/**
 * Drop-ins for the {@code config.d} of Kata's configurations, TOML, one for each set of kernel
 * parameters; as Kata's docs/runtime-configuration.md and docs/helm-configuration.md have it.
 *
 * <p>Each set has a configuration of its own: Kata merges all files of one {@code config.d} in the
 * order of their names, and a later {@code kernel_params} replaces an earlier one.
 */
final class KataDropIns implements Form {
  private static final String FILE = "50-imgcompat.toml";

  @Override
  public List<ExportedFile> files(ExportInput input) throws ExportException {
    input.requireVersion("kata-dropin");
    SortedMap<ParameterSet, TreeSet<String>> images = input.imagesBySet();
    if (images.isEmpty()) {
      return List.of(
          new ExportedFile(
              FILE,
              Preamble.comments(
                  "drop-in of Kata's configuration", input, List.of("no image needs parameters"))));
    }
    List<ExportedFile> files = new ArrayList<>();
    for (Map.Entry<ParameterSet, TreeSet<String>> set : images.entrySet()) {
      files.add(file(set.getKey(), set.getValue().size(), input));
    }
    return files;
  }

  private static ExportedFile file(ParameterSet set, int images, ExportInput input) {
    GuestSetup guests = input.options().guests();
    String handler = guests.classFor(set);
    Set<String> parameters = new LinkedHashSet<>(guests.keptParams());
    parameters.addAll(set.kernelParams());
    List<String> traps = new ArrayList<>(Traps.ofPlaces(input));
    traps.add(
        images
            + (images == 1 ? " image needs " : " images need ")
            + set.text()
            + "; the containerd handler "
            + handler
            + " is for them");
    traps.addAll(
        List.of(
            "copy to config.d beside the configuration that this handler alone reads: a containerd runtime"
                + " with a ConfigPath of its own; from Kata 3.26 on kata-deploy can make one"
                + " (customRuntimes.runtimes."
                + handler
                + ", with this text as dropIn)",
            "not in the config.d of another handler: its guests would all get these parameters",
            "the string replaces the kernel_params of configuration.toml and of drop-ins before this one"
                + "; "
                + (guests.keptParams().isEmpty()
                    ? "none was said to be kept: add what your guests have now"
                    : "kept: " + String.join(" ", guests.keptParams())),
            "new guests read it; those that run do not"));
    traps.addAll(Traps.ofVersions(input));
    // Neither the table nor a parameter can have a quote or a backslash: both are checked.
    return new ExportedFile(
        handler + "/config.d/" + FILE,
        Preamble.comments("drop-in of Kata's configuration", input, traps)
            + "[hypervisor."
            + guests.hypervisor()
            + "]\nkernel_params = \""
            + String.join(" ", parameters)
            + "\"\n");
  }

  @Override
  public boolean hasSeveralFiles() {
    return true;
  }
}
