package dev.imgcompat.core.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Configurations with an error each, and what the real router does with them: the linter has to
 * find the error, the router has to prove it.
 */
public final class RouterTrapCases {
  /** An image that is to run on the fallback. */
  public static final String OLD = "centos:6";

  /** One that is to run on the main executor. */
  public static final String NEW = "debian:12";

  private static final String NO_ROUTER = "no router";
  private static final String FAILS = "fails";

  /** What all of them are meant to be, but where a case says otherwise. */
  public static final String FIXED =
      """
      executor:
        plugin: k8s-vm
        k8s: { weightage: 100, exclusions: ['^centos:6$'] }
        k8s-vm: { weightage: 0 }
      """;

  private static final String VSYSCALL =
      """
      executor:
        plugin: k8s-vm
        k8s: { weightage: 100, exclusions: ['^centos:6$'] }
        k8s-vsyscall: { pluginName: k8s, weightage: 100, exclusions: ['^(?!(?:centos:6)$)'] }
        k8s-vm: { weightage: 0 }
      """;

  private RouterTrapCases() {}

  /**
   * A configuration with an error.
   *
   * @param id of the error
   * @param line that it is in
   * @param yaml the configuration
   * @param placed which executors a build of an image may be started by
   * @param fixed the configuration without the error
   * @param meant where the images were to run
   */
  public record TrapCase(
      String id,
      int line,
      String yaml,
      Map<String, String> placed,
      String fixed,
      Map<String, String> meant) {
    @Override
    public String toString() {
      return id + ": " + yaml.replace('\n', ' ');
    }
  }

  /** All of them; of some errors there are several. */
  public static List<TrapCase> all() {
    List<TrapCase> all = new ArrayList<>();
    all.addAll(structures());
    all.addAll(lists());
    all.addAll(patterns());
    all.addAll(draws());
    all.addAll(modules());
    return all;
  }

  /** Configurations with a warning each. */
  public static List<TrapCase> warnings() {
    return List.of(
        one("exclusion-shipped", 4, list("exclusion: ['rhel6']"), "rhel6:1", "k8s", "k8s-vm"),
        one("pattern-unanchored", 4, list("exclusions: ['centos:6']"), "mycentos:6.9", "k8s-vm"),
        one("pattern-dot", 4, list("exclusions: ['^centos:6.8$']"), "centos:6-8", "k8s-vm"),
        one("pattern-wide", 4, list("exclusions: ['e']"), NEW, "k8s-vm"),
        one("pattern-glob", 4, list("exclusions: ['^centos*$']"), OLD, "k8s", "k8s-vm"),
        one("weights-zero", 3, FIXED.replace("100", "0"), NEW, "k8s-vm"),
        one(
            "list-without-weight",
            3,
            FIXED.replace("100", "0").replace("weightage: 0 }", "weightage: 1 }"),
            NEW,
            "k8s-vm"),
        one(
            "default-missing",
            1,
            """
            executor:
              k8s: { weightage: 0 }
              k8s-vm: { weightage: 100, exclusions: ['^debian'] }
            """,
            OLD,
            "k8s-vm"),
        one(
            "default-with-exclusions",
            2,
            """
            executor:
              plugin: k8s
              k8s: { weightage: 100, exclusions: ['^centos:6$'] }
              k8s-vm: { weightage: 100, exclusions: ['^centos:\\d$'] }
            """,
            OLD,
            "k8s",
            "k8s-vm"),
        one(
            "module-unknown",
            5,
            FIXED + "  fast: { pluginName: fast, weightage: 900 }\n",
            OLD,
            "k8s-vm",
            "fast"),
        one(
            "name-not-key",
            5,
            FIXED + "  fast: { name: slow, pluginName: k8s-vm, weightage: 900 }\n",
            OLD,
            "slow",
            "fast"),
        one(
            "instance-shares-builds",
            5,
            FIXED + "  k8s-b: { pluginName: k8s, weightage: 100 }\n",
            NEW,
            "k8s,k8s-b",
            "k8s"));
  }

  private static TrapCase one(
      String id, int line, String yaml, String image, String placed, String... meant) {
    return new TrapCase(
        id,
        line,
        yaml,
        Map.of(image, placed),
        FIXED,
        Map.of(image, meant.length == 0 ? "k8s" : meant[0]));
  }

  private static TrapCase of(String id, int line, String yaml, String old, String young) {
    return new TrapCase(
        id, line, yaml, Map.of(OLD, old, NEW, young), FIXED, Map.of(OLD, "k8s-vm", NEW, "k8s"));
  }

  private static List<TrapCase> structures() {
    return List.of(
        of("root-not-map", 1, "- executor\n", NO_ROUTER, NO_ROUTER),
        of("executor-missing", 1, "httpd: { port: 80 }\n", NO_ROUTER, NO_ROUTER),
        of(
            "executor-misplaced",
            1,
            "k8s: { weightage: 100, exclusions: ['^centos:6$'] }\n",
            NO_ROUTER,
            NO_ROUTER),
        of(
            "executor-misplaced",
            2,
            "config:\n  executor:\n    plugin: k8s-vm\n    k8s: { weightage: 100 }\n",
            NO_ROUTER,
            NO_ROUTER),
        of("executor-not-map", 1, "executor: [k8s]\n", NO_ROUTER, NO_ROUTER),
        of("executor-not-map", 1, "executor:\n", NO_ROUTER, NO_ROUTER),
        of(
            "executor-entry-not-map",
            2,
            """
            executor:
              defaultPlugin: k8s-vm
              k8s: { weightage: 100, exclusions: ['^centos:6$'] }
              k8s-vm: { weightage: 0 }
            """,
            "k8s",
            "k8s"),
        of("exclusion-singular", 4, list("exclusion: ['^centos:6$']"), "k8s", "k8s"),
        of("key-misspelled", 4, list("exclude: ['^centos:6$']"), "k8s", "k8s"),
        of("key-misspelled", 4, list("Exclusions: ['^centos:6$']"), "k8s", "k8s"),
        of("key-misspelled", 4, list("exlusions: ['^centos:6$']"), "k8s", "k8s"),
        of(
            "key-misspelled",
            3,
            FIXED.replace("weightage: 100", "weight: 100"),
            "k8s-vm",
            "k8s-vm"));
  }

  private static String list(String line) {
    return """
    executor:
      plugin: k8s-vm
      k8s:
        %s
        weightage: 100
      k8s-vm: { weightage: 0 }
    """
        .formatted(line);
  }

  private static List<TrapCase> lists() {
    return List.of(
        of("exclusions-not-list", 4, list("exclusions: '^centos:6$'"), "k8s-vm", "k8s-vm"),
        of("exclusions-not-list", 4, list("exclusions: { a: b }"), "k8s-vm", "k8s-vm"),
        of("exclusions-not-list", 4, list("exclusions: 6"), "k8s-vm", "k8s-vm"),
        of("exclusions-not-list", 4, list("exclusions: true"), "k8s-vm", "k8s-vm"),
        of("item-null", 4, list("exclusions: [null]"), "k8s", "k8s"),
        of("item-not-text", 4, list("exclusions: ['^centos:6$', 12]"), "k8s-vm", "k8s-vm"),
        of("item-not-text", 4, list("exclusions: [6.10]"), "k8s", "k8s"),
        of("item-not-text", 4, list("exclusions: [2016-06-01]"), "k8s", "k8s"),
        of("item-list", 4, list("exclusions: [[centos:6, centos:5]]"), "k8s", "k8s"),
        of("item-map", 4, list("exclusions: [{centos: 6}]"), "k8s-vm", "k8s-vm"),
        of("pattern-empty", 4, list("exclusions: ['']"), "k8s-vm", "k8s-vm"));
  }

  private static List<TrapCase> patterns() {
    List<TrapCase> cases = new ArrayList<>();
    for (String invalid :
        List.of("g++:4", "(?i)centos:6", "(", "*centos", "centos:6++", "[centos", "x{1}{2}")) {
      cases.add(
          of(
              "pattern-invalid",
              4,
              list("exclusions: ['" + invalid + "', '^centos:6$']"),
              "k8s-vm",
              "k8s-vm"));
    }
    for (String foreign :
        List.of(
            "\\Qcentos:6\\E",
            "\\Acentos:6",
            "centos:6\\z",
            "centos:6\\Z",
            "^[[:alpha:]]+:6$",
            "\\p{Alpha}+:6",
            "centos:\\x6",
            "\\<centos",
            "^[a-z&&[^b]]+:6$")) {
      cases.add(of("pattern-foreign", 4, list("exclusions: ['" + foreign + "']"), "k8s", "k8s"));
    }
    for (String never :
        List.of(
            "/centos:6/i",
            "/^centos:6$/",
            "centos:6, centos:5",
            "centos:6 ",
            "centos$:6",
            "centos^:6")) {
      cases.add(of("pattern-never", 4, list("exclusions: ['" + never + "']"), "k8s", "k8s"));
    }
    for (String everything : List.of(".*", "^", ".", "a?", "centos:6|", "[a-z]")) {
      cases.add(
          of(
              "pattern-everything",
              4,
              list("exclusions: ['" + everything + "']"),
              "k8s-vm",
              "k8s-vm"));
    }
    for (String endless : List.of("^(a+)+$", "^(?:[a-z]+-?)*:6$", "^(\\w|a)+:6$")) {
      String busy = "a".repeat(25) + "!";
      cases.add(
          new TrapCase(
              "pattern-endless",
              4,
              list("exclusions: ['" + endless + "']"),
              Map.of(busy, "slow"),
              FIXED,
              Map.of(busy, "k8s")));
    }
    return cases;
  }

  private static List<TrapCase> draws() {
    return List.of(
        of(
            "weight-negative",
            3,
            """
            executor:
              plugin: k8s-vm
              k8s-vm: { weightage: -150 }
              k8s: { weightage: 100, exclusions: ['^centos:6$'] }
            """,
            "k8s-vm",
            "k8s-vm"),
        of(
            "weight-not-number",
            3,
            FIXED.replace("weightage: 100", "weightage: lots"),
            "k8s-vm",
            "k8s-vm"),
        of(
            "weight-not-whole",
            4,
            """
            executor:
              plugin: k8s-vm
              k8s-vm: { weightage: 0 }
              k8s: { weightage: 0.5, exclusions: ['^centos:6$'] }
            """,
            "k8s-vm",
            "k8s-vm"),
        of(
            "weight-not-whole",
            3,
            FIXED.replace("weightage: 100", "weightage: 100%"),
            "k8s-vm",
            "k8s-vm"),
        of(
            "weight-not-whole",
            4,
            """
            executor:
              plugin: k8s-vm
              k8s-vm: { weightage: 0 }
              k8s: { weightage: 1e21, exclusions: ['^centos:6$'] }
            """,
            "k8s-vm",
            "k8s-vm"),
        of("default-excluded", 2, FIXED.replace("plugin: k8s-vm", "plugin: k8s"), "k8s", "k8s"),
        of("default-excluded", 1, FIXED.replace("  plugin: k8s-vm\n", ""), "k8s", "k8s"),
        of("default-undefined", 2, FIXED.replace("plugin: k8s-vm", "plugin: k8svm"), FAILS, "k8s"));
  }

  private static List<TrapCase> modules() {
    Map<String, String> meant = Map.of(OLD, "k8s-vsyscall", NEW, "k8s");
    return List.of(
        new TrapCase(
            "plugin-name-missing",
            4,
            VSYSCALL.replace("pluginName: k8s, ", ""),
            Map.of(OLD, "k8s-vm", NEW, "k8s"),
            VSYSCALL,
            meant),
        new TrapCase(
            "key-misspelled",
            4,
            VSYSCALL.replace("pluginName", "pluginname"),
            Map.of(OLD, "k8s-vm", NEW, "k8s"),
            VSYSCALL,
            meant),
        of(
            "name-taken",
            4,
            """
            executor:
              plugin: k8s-vm
              k8s-vm: { weightage: 0 }
              fast: { name: k8s-vm, pluginName: k8s, weightage: 100, exclusions: ['^centos:6$'] }
            """,
            "k8s-vm",
            "k8s-vm"),
        of(
            "name-of-router",
            5,
            FIXED + "  start: { pluginName: k8s, weightage: 0 }\n",
            FAILS,
            FAILS),
        of(
            "name-of-router",
            5,
            FIXED + "  checkExclusions: { pluginName: k8s, weightage: 0 }\n",
            "k8s-vm",
            "k8s-vm"));
  }
}
