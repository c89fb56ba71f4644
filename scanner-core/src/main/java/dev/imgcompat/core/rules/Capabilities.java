package dev.imgcompat.core.rules;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What a guest can offer: the names that the schemas list, and what they mean. */
final class Capabilities {
  /** Every profile names these, for all of its versions. */
  static final List<String> REQUIRED =
      List.of("ia32", "x32", "aarch32", "vsyscall", "bounded-nofile");

  /** A profile that does not name one of these counts as having it. */
  static final List<String> OPTIONAL =
      List.of("s390-31", "nested-containers", "kernel-modules", "cgroup-v1", "large-root");

  static final List<String> ALL = Stream.concat(REQUIRED.stream(), OPTIONAL.stream()).toList();

  private static final Map<String, String> TITLES =
      Map.of(
          "ia32", "the execution of 32-bit x86 programs",
          "x32", "the execution of x32 programs",
          "aarch32", "the execution of 32-bit ARM programs",
          "s390-31", "the execution of 31-bit s390 programs",
          "vsyscall", "the vsyscall page",
          "bounded-nofile", "a bounded limit of open files",
          "nested-containers", "containers within an ordinary container",
          "kernel-modules", "loadable kernel modules",
          "cgroup-v1", "cgroup v1",
          "large-root", "room for large images");

  private Capabilities() {}

  static String title(String capability) {
    return TITLES.getOrDefault(capability, capability);
  }
}
