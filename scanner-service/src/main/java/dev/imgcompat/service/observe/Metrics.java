package dev.imgcompat.service.observe;

import dev.imgcompat.core.image.RegistryListener;
import dev.imgcompat.core.sweep.state.TagRecord;
import dev.imgcompat.core.verdict.Decision;
import dev.imgcompat.core.verdict.Report.ScanError;
import dev.imgcompat.core.verdict.Verdict;
import dev.imgcompat.service.scan.ScanWatch;
import dev.imgcompat.service.store.ScanRecord;
import dev.imgcompat.service.sweep.SweepWatch;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts what scans, sweeps and registries do. Safe for use by several threads. */
public final class Metrics implements ScanWatch, SweepWatch, RegistryListener {
  private static final Logger LOG = LoggerFactory.getLogger(Metrics.class);

  private final MeterRegistry meters;
  private final Counter pulled;
  private final Counter known;
  private final Counter read;
  private final Map<String, AtomicInteger> sweeps = new ConcurrentHashMap<>();

  public Metrics(MeterRegistry meters) {
    this.meters = meters;
    this.pulled =
        Counter.builder("imgcompat.pulled")
            .baseUnit("bytes")
            .description("Bytes of layers that came from registries")
            .register(meters);
    this.known = layers("hit");
    this.read = layers("miss");
  }

  private Counter layers(String result) {
    return Counter.builder("imgcompat.layers")
        .tag("cache", result)
        .description("Layers whose facts were needed, by whether they were there")
        .register(meters);
  }

  @Override
  public void tried(
      ScanRecord scan, List<Verdict> verdicts, Optional<ScanError> failure, Duration took) {
    String decision =
        verdicts.stream()
            .filter(v -> v.runtime().equals(scan.runtime()))
            .findFirst()
            .map(Verdict::decision)
            .orElse(Decision.UNKNOWN)
            .name();
    Counter.builder("imgcompat.scans")
        .description("Scans that were tried, by decision, by why they were done, and by failure")
        .tag("decision", decision)
        .tag("cause", scan.cause().name().toLowerCase(Locale.ROOT))
        .tag("failure", failure.map(ScanError::kind).orElse("none"))
        .register(meters)
        .increment();
    Timer.builder("imgcompat.scan.duration")
        .description("How long scans take")
        .tag("result", failure.isEmpty() ? "done" : "failed")
        .publishPercentileHistogram()
        .minimumExpectedValue(Duration.ofMillis(10))
        .maximumExpectedValue(Duration.ofMinutes(30))
        .register(meters)
        .record(took);
  }

  @Override
  public void layer(boolean fromCache) {
    (fromCache ? known : read).increment();
  }

  @Override
  public void pulled(long bytes) {
    pulled.increment((double) bytes);
  }

  @Override
  public void begun(String plan) {
    sweeps(plan).incrementAndGet();
  }

  @Override
  public void ended(String plan) {
    sweeps(plan).decrementAndGet();
  }

  private AtomicInteger sweeps(String plan) {
    return sweeps.computeIfAbsent(
        plan,
        name -> {
          AtomicInteger running = new AtomicInteger();
          Gauge.builder("imgcompat.sweeps.running", running, AtomicInteger::get)
              .description("Sweeps that go on in this process, by plan")
              .tag("plan", name)
              .register(meters);
          return running;
        });
  }

  @Override
  public void done(String plan, TagRecord tag) {
    Counter.builder("imgcompat.sweep.tags")
        .description("Tags that sweeps dealt with, by plan and by failure")
        .tag("plan", plan)
        .tag("failure", tag.failure().map(ScanError::kind).orElse("none"))
        .register(meters)
        .increment();
  }

  @Override
  public void limited(String registry) {
    Counter.builder("imgcompat.registry.limited")
        .description("Answers of registries that say: too many requests")
        .tag("registry", registry)
        .register(meters)
        .increment();
  }

  @Override
  public void waiting(String registry, String why, Duration pause) {
    LOG.info("registry {}: {}; asked again in {} ms", registry, why, pause.toMillis());
  }

  @Override
  public void warning(String what) {
    LOG.warn("{}", what);
  }
}
