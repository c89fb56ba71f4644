package dev.imgcompat.core.rules;

import java.util.List;
import java.util.stream.Stream;

/** The names of what a guest can offer, as the schemas list them. */
final class Capabilities {
  /** Every profile names these, for all of its versions. */
  static final List<String> REQUIRED =
      List.of("ia32", "x32", "aarch32", "vsyscall", "bounded-nofile");

  /** A profile that does not name one of these counts as having it. */
  static final List<String> OPTIONAL =
      List.of("s390-31", "nested-containers", "kernel-modules", "cgroup-v1", "large-root");

  static final List<String> ALL = Stream.concat(REQUIRED.stream(), OPTIONAL.stream()).toList();

  private Capabilities() {}
}
