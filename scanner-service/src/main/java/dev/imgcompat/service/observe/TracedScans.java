package dev.imgcompat.service.observe;

import dev.imgcompat.service.scan.ScanTraces;
import dev.imgcompat.service.store.ScanRecord;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.TraceContext;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

/** Puts scans into the traces of whoever asked for them, as W3C trace context. */
public final class TracedScans implements ScanTraces {
  private static final String TRACE_PARENT = "traceparent";

  private final Tracer tracer;
  private final Propagator propagator;

  public TracedScans(Tracer tracer, Propagator propagator) {
    this.tracer = tracer;
    this.propagator = propagator;
  }

  @Override
  public Optional<String> current() {
    Span span = tracer.currentSpan();
    if (span == null || span.isNoop()) {
      return Optional.empty();
    }
    TraceContext context = span.context();
    return Optional.of(
        "00-"
            + context.traceId()
            + "-"
            + context.spanId()
            + "-"
            + (Boolean.TRUE.equals(context.sampled()) ? "01" : "00"));
  }

  @Override
  public Optional<Instant> within(ScanRecord scan, Attempt attempt) throws InterruptedException {
    Map<String, String> carrier =
        scan.traceParent().map(p -> Map.of(TRACE_PARENT, p)).orElse(Map.of());
    Span span =
        propagator
            .extract(carrier, Map::get)
            .name("scan")
            .tag("imgcompat.image", scan.key().canonical())
            .tag("imgcompat.scan", scan.id())
            .start();
    Tracer.SpanInScope scope = tracer.withSpan(span);
    try {
      return attempt.make();
    } finally {
      scope.close();
      span.end();
    }
  }

  @Override
  public <T> Callable<T> wrap(Callable<T> task) {
    Span span = tracer.currentSpan();
    return () -> {
      Tracer.SpanInScope scope = tracer.withSpan(span);
      try {
        return task.call();
      } finally {
        scope.close();
      }
    };
  }
}
