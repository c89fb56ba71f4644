package dev.imgcompat.cli;

import dev.imgcompat.core.sweep.plan.SweepPlan;
import dev.imgcompat.core.sweep.plan.SweepPlanException;
import dev.imgcompat.core.sweep.plan.SweepPlanFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What of a sweep can be said otherwise than its plan says, or the defaults. */
final class PlanOptions {
  /** Where an option is called otherwise than what it is in a plan. */
  private static final Map<String, String> OPTIONS =
      Map.of("request-rate", "requests-per-second", "byte-rate", "bytes-per-second");

  @Option(
      names = "--include",
      paramLabel = "GLOB",
      description =
          "Only repositories, or tags as REPOSITORY:TAG, that match one of these; with or without"
              + " the registry.")
  private List<String> include = new ArrayList<>();

  @Option(
      names = "--exclude",
      paramLabel = "GLOB",
      description = "None that match one of these, which win.")
  private List<String> exclude = new ArrayList<>();

  @Option(
      names = "--newest",
      paramLabel = "N",
      description = "Only the newest N tags of each repository.")
  private @Nullable Integer newest;

  @Option(
      names = "--versions",
      paramLabel = "RANGE",
      description = "Only tags that are versions in a range, as npm writes it, such as '>=2.1 <4'.")
  private @Nullable String versions;

  @Option(
      names = "--changed-since",
      paramLabel = "DATE|AGE",
      description = "Only what was pushed since 2026-01-31, or in the last 30d.")
  private @Nullable String changedSince;

  @Option(
      names = "--concurrency",
      paramLabel = "N",
      description = "How many tags of one registry to look at at a time (default: 4).")
  private @Nullable Integer concurrency;

  @Option(
      names = "--requests-per-second",
      paramLabel = "N",
      description = "To one registry; or such as 300/m (default: unlimited).")
  private @Nullable String requests;

  @Option(
      names = "--bytes-per-second",
      paramLabel = "SIZE",
      description = "Of layers from one registry, such as 10MiB (default: unlimited).")
  private @Nullable String bytes;

  @Option(
      names = "--quiet-hours",
      paramLabel = "WINDOW",
      description = "When to leave registries alone, such as 'mon-fri 08:00-18:00'.")
  private List<String> quietHours = new ArrayList<>();

  @Option(
      names = "--time-zone",
      paramLabel = "ZONE",
      description = "Of quiet hours, such as Europe/Berlin (default: UTC).")
  private @Nullable String timeZone;

  @Option(
      names = "--max-failures",
      paramLabel = "PERCENT",
      description =
          "With more failures than that, the summary says that lists must not shrink by it"
              + " (default: 10).")
  private @Nullable Integer maxFailures;

  @Option(
      names = "--keep-gone",
      paramLabel = "AGE",
      description = "For how long a tag still counts that the registry has no more (default: 7d).")
  private @Nullable String keepGone;

  @Option(
      names = "--retry-broken",
      paramLabel = "AGE",
      description = "When to read an image again that is broken in itself (default: 7d).")
  private @Nullable String retryBroken;

  /** A plan with what was said. */
  SweepPlan over(SweepPlan plan) throws UsageException {
    ObjectNode text = (ObjectNode) JsonMapper.shared().readTree(SweepPlanFile.json(plan));
    list(text, "include", include);
    list(text, "exclude", exclude);
    put(text, "newest", newest);
    put(text, "versions", versions);
    put(text, "changedSince", changedSince);
    put(text, "concurrency", concurrency);
    put(
        text,
        "requestRate",
        requests == null || requests.contains("/") ? requests : requests + "/s");
    put(text, "byteRate", bytes == null || bytes.contains("/") ? bytes : bytes + "/s");
    list(text, "quietHours", quietHours);
    put(text, "timeZone", timeZone);
    put(text, "maxFailures", maxFailures);
    put(text, "keepGone", keepGone);
    put(text, "retryBroken", retryBroken);
    try {
      return SweepPlanFile.parse(JsonMapper.shared().writeValueAsBytes(text));
    } catch (SweepPlanException e) {
      throw new UsageException(named(plan, String.valueOf(e.getMessage())));
    }
  }

  private static void put(ObjectNode text, String member, @Nullable Object value) {
    if (value != null) {
      text.putPOJO(member, value);
    }
  }

  private static void list(ObjectNode text, String member, List<String> values) {
    if (!values.isEmpty()) {
      text.putPOJO(member, values);
    }
  }

  /** A message about a plan as one about the options. */
  private static String named(SweepPlan plan, String message) {
    String sweep = "sweep '" + plan.name() + "' ";
    String rest = message.startsWith(sweep) ? message.substring(sweep.length()) : message;
    int end = rest.indexOf(' ');
    String key = end < 0 ? rest : rest.substring(0, end);
    String option = OPTIONS.getOrDefault(key, key);
    return option.matches("[a-z]+(-[a-z]+)+|newest|versions|concurrency")
        ? "--" + option + rest.substring(key.length())
        : rest;
  }
}
