package dev.imgcompat.core.lint;

import java.util.Set;

/** What the queue worker 5.0 is shipped with. */
final class Shipped {
  /** The default executor. */
  static final String PLUGIN = "k8s-vm";

  /** The executors. Their weights are 0. */
  static final Set<String> EXECUTORS = Set.of("k8s", "k8s-sandbox", "k8s-vm");

  /** Executor modules that it depends on. */
  static final Set<String> MODULES = Set.of("k8s", "k8s-vm");

  /** Executor modules that exist, and would have to be installed with it. */
  static final Set<String> OTHER_MODULES = Set.of("docker", "jenkins", "nomad");

  /** All that stands under its executor k8s in the key that the router does not know. */
  static final String EXCLUSION = "rhel6";

  private Shipped() {}
}
