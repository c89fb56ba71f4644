package dev.imgcompat.core.export;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What a cluster calls its virtual machines, and what these have. Immutable.
 *
 * @param runtimeClass of pods in virtual machines, such as {@code kata}; classes for sets of kernel
 *     parameters are called after it
 * @param fallbackClass of pods that the virtual machines cannot run; absent for none, which is the
 *     node's own runtime
 * @param hypervisor the table of Kata's configuration that parameters go to, such as {@code qemu}
 * @param keptParams kernel parameters that the guests have been given already, and keep
 * @param nodeSelector of nodes that have the runtime
 * @param overhead what a virtual machine takes besides its pod, by resource
 */
public record GuestSetup(
    String runtimeClass,
    Optional<String> fallbackClass,
    String hypervisor,
    List<String> keptParams,
    SortedMap<String, String> nodeSelector,
    SortedMap<String, String> overhead) {
  /** A DNS label, short enough to have the name of a parameter set added. */
  private static final Pattern CLASS = Pattern.compile("[a-z0-9]([a-z0-9.-]{0,100}[a-z0-9])?");

  private static final Pattern TABLE = Pattern.compile("[A-Za-z0-9_-]{1,40}");

  private static final Pattern LABEL =
      Pattern.compile("([a-z0-9.-]{1,253}/)?[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?");

  private static final Pattern LABEL_VALUE =
      Pattern.compile("([A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?");

  /** Of Kubernetes (apimachinery, resource.Quantity). */
  private static final Pattern QUANTITY =
      Pattern.compile("[0-9]{1,18}(\\.[0-9]{1,9})?([numkMGTPE]|[KMGTPE]i|[eE][0-9]{1,2})?");

  /** As Kata Containers installs itself with QEMU. */
  public static final GuestSetup DEFAULT =
      new GuestSetup(
          "kata",
          Optional.empty(),
          "qemu",
          List.of(),
          new TreeMap<>(Map.of("katacontainers.io/kata-runtime", "true")),
          new TreeMap<>(Map.of("cpu", "250m", "memory", "160Mi")));

  /**
   * Checks what people wrote.
   *
   * @throws IllegalArgumentException if something is not what Kubernetes or Kata would take
   */
  public GuestSetup {
    requireNonNull(fallbackClass, "fallbackClass is null");
    keptParams = List.copyOf(keptParams);
    nodeSelector = new TreeMap<>(nodeSelector);
    overhead = new TreeMap<>(overhead);
    checkClass(runtimeClass);
    fallbackClass.ifPresent(GuestSetup::checkClass);
    if (!TABLE.matcher(hypervisor).matches()) {
      throw new IllegalArgumentException("'" + hypervisor + "' is not a hypervisor of Kata");
    }
    nodeSelector.forEach(
        (label, value) -> {
          if (!LABEL.matcher(label).matches() || !LABEL_VALUE.matcher(value).matches()) {
            throw new IllegalArgumentException(
                "'" + label + "=" + value + "' is not a label of nodes");
          }
        });
    overhead.forEach(
        (resource, quantity) -> {
          if (!LABEL.matcher(resource).matches() || !QUANTITY.matcher(quantity).matches()) {
            throw new IllegalArgumentException(
                "'"
                    + resource
                    + "="
                    + quantity
                    + "' is not an amount of a resource, such as memory=160Mi");
          }
        });
    for (String parameter : keptParams) {
      if (!ParameterSet.isParameter(parameter)) {
        throw new IllegalArgumentException("'" + parameter + "' is not a kernel parameter");
      }
    }
  }

  /** The runtime class for pods that need a set of parameters. */
  String classFor(ParameterSet set) {
    return runtimeClass + "-" + set.name();
  }

  private static void checkClass(String name) {
    if (!CLASS.matcher(name).matches()) {
      throw new IllegalArgumentException("'" + name + "' is not the name of a runtime class");
    }
  }
}
