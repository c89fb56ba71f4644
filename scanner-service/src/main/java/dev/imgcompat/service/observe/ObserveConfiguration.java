package dev.imgcompat.service.observe;

import dev.imgcompat.service.lists.Lists;
import dev.imgcompat.service.lookup.MemoryLookups;
import dev.imgcompat.service.scan.ScanQueue;
import dev.imgcompat.service.scan.ScanScheduler;
import dev.imgcompat.service.scan.ScanWatches;
import dev.imgcompat.service.scan.Wishes;
import dev.imgcompat.service.settings.Settings;
import dev.imgcompat.service.store.Store;
import dev.imgcompat.service.sweep.Rejudging;
import dev.imgcompat.service.sweep.SweepWatches;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;

/** Puts together what can be seen from outside. */
@Configuration(proxyBeanMethods = false)
public class ObserveConfiguration {
  @Bean
  Metrics metrics(MeterRegistry meters, ScanWatches scans, SweepWatches sweeps) {
    Metrics metrics = new Metrics(meters);
    scans.add(metrics);
    sweeps.add(metrics);
    return metrics;
  }

  @Bean
  TracedScans tracedScans(Tracer tracer, Propagator propagator) {
    return new TracedScans(tracer, propagator);
  }

  @Bean
  @Primary
  MeteredLookups meteredLookups(MemoryLookups lookups, MeterRegistry meters) {
    return new MeteredLookups(lookups, meters);
  }

  @Bean
  Gauges gauges(
      MeterRegistry meters,
      Store store,
      Wishes wishes,
      MemoryLookups lookups,
      Lists lists,
      Rejudging rejudging) {
    QueueDepth depth = new QueueDepth(store);
    Gauge.builder("imgcompat.queue.depth", depth, QueueDepth::get)
        .description("Scans that wait or are being done; NaN while the store is down")
        .strongReference(true) // nobody else has it
        .register(meters);
    Gauge.builder("imgcompat.wishes", wishes, Wishes::count)
        .description("Scans that lookups wish for and the queue has not taken yet")
        .register(meters);
    Gauge.builder("imgcompat.lookup.entries", lookups, MemoryLookups::size)
        .description("Answers in memory")
        .register(meters);
    Gauge.builder("imgcompat.lists.revision", lists, Lists::revision)
        .description("The newest revision of the lists")
        .register(meters);
    Gauge.builder("imgcompat.lists.held", lists, l -> l.guard().held().isPresent() ? 1 : 0)
        .description("Whether a newer revision is held back")
        .register(meters);
    Gauge.builder("imgcompat.rejudging.left", rejudging, Rejudging::left)
        .description("Images that were judged by other rules than those of now")
        .register(meters);
    return new Gauges();
  }

  /** Says that gauges are there. */
  static final class Gauges {}

  @Bean
  ReadyEndpoint readyEndpoint(
      Store store,
      ScanScheduler scheduler,
      ScanQueue queue,
      Lists lists,
      Stopping stopping,
      Settings settings) {
    return new ReadyEndpoint(
        List.of(
            new ComponentCheck("requests", true, stopping::check),
            new ComponentCheck(
                "store",
                !settings.management().readyWithoutStore(),
                () -> {
                  store.check();
                  return "answers";
                }),
            new ComponentCheck("queue", false, () -> queue(scheduler, queue, settings)),
            new ComponentCheck("lists", false, () -> lists(lists))));
  }

  private static String queue(ScanScheduler scheduler, ScanQueue queue, Settings settings) {
    if (!scheduler.isWorking()) {
      throw new IllegalStateException("no scan is done");
    }
    long depth = queue.depth();
    if (depth >= settings.scans().queue()) {
      throw new IllegalStateException(depth + " scans are waiting: no more are taken");
    }
    return depth + " scans are waiting or being done";
  }

  private static String lists(Lists lists) {
    lists
        .guard()
        .held()
        .ifPresent(
            why -> {
              throw new IllegalStateException("a newer revision is held back: " + why);
            });
    return "revision " + lists.revision();
  }

  @Bean
  Stopping stopping() {
    return new Stopping();
  }

  @Bean
  LiveEndpoint liveEndpoint() {
    return new LiveEndpoint(
        () -> ManagementFactory.getThreadMXBean().findDeadlockedThreads() == null);
  }
}
