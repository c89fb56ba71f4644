package dev.imgcompat.core.rules;

import java.util.List;
import java.util.Set;

/** Parameters of a kernel's command line. */
final class KernelParams {
  /** All of these map the vsyscall page; what is wanted is the one that the oldest kernels know. */
  private static final Set<String> VSYSCALL = Set.of("emulate", "xonly", "native");

  private KernelParams() {}

  /** Whether a command line has all that is wanted; of two parameters of a name the last counts. */
  static boolean have(List<String> commandLine, List<String> wanted) {
    return wanted.stream().allMatch(parameter -> has(commandLine, parameter));
  }

  private static boolean has(List<String> commandLine, String wanted) {
    String name = name(wanted);
    return commandLine.stream()
        .filter(present -> name(present).equals(name))
        .reduce((first, last) -> last)
        .filter(
            present ->
                present.equals(wanted)
                    || (name.equals("vsyscall") && VSYSCALL.contains(value(present))))
        .isPresent();
  }

  private static String name(String parameter) {
    int equals = parameter.indexOf('=');
    return equals < 0 ? parameter : parameter.substring(0, equals);
  }

  private static String value(String parameter) {
    return parameter.substring(parameter.indexOf('=') + 1);
  }
}
