package dev.imgcompat.service.web;

import dev.imgcompat.service.lists.Lists;
import dev.imgcompat.service.store.Store;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;

/** Numbers for people; for machines there are metrics. */
@Controller
final class StatsEndpoint {
  private final Store store;
  private final Lists lists;
  private final List<String> runtimes;

  StatsEndpoint(Store store, Lists lists, List<String> runtimes) {
    this.store = store;
    this.lists = lists;
    this.runtimes = List.copyOf(runtimes);
  }

  /**
   * Numbers.
   *
   * @param images that were scanned
   * @param decisions how many references have each, by runtime
   * @param scans that wait or are being done
   * @param uptime of this process, in seconds
   */
  record StatsBody(
      long images,
      Map<String, Map<String, Long>> decisions,
      ActiveScans scans,
      ListsBody lists,
      long uptime) {}

  /** Scans that wait or are being done. */
  record ActiveScans(long active) {}

  @GetMapping("/v1/stats")
  Reply stats() {
    Map<String, Map<String, Long>> decisions = new LinkedHashMap<>();
    runtimes.forEach(runtime -> decisions.put(runtime, store.references().decisions(runtime)));
    return Reply.json(
        200,
        new StatsBody(
            store.images().count(),
            decisions,
            new ActiveScans(store.scans().countActive()),
            ListsBody.of(lists),
            Duration.ofMillis(ManagementFactory.getRuntimeMXBean().getUptime()).toSeconds()));
  }
}
