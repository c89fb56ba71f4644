package dev.imgcompat.service.web;

import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.testing.ReportBuilder;
import dev.imgcompat.core.verdict.Report.ImageReport;
import dev.imgcompat.service.scan.QueueFullException;
import dev.imgcompat.service.scan.ScanOrder;
import dev.imgcompat.service.scan.ScanView;
import dev.imgcompat.service.scan.Scans;
import dev.imgcompat.service.store.ReferenceKey;
import dev.imgcompat.service.store.ScanRecord;
import dev.imgcompat.service.store.ScanRecord.State;
import dev.imgcompat.service.subject.InvalidQuestionException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** Keeps scans queued until {@link #finish}; {@code full} does not fit, {@code done} is done. */
final class FakeScans implements Scans {
  final Map<String, ScanView> views = new ConcurrentHashMap<>();
  final CopyOnWriteArrayList<ScanOrder> orders = new CopyOnWriteArrayList<>();

  /** What waits for a scan of the image {@code stuck}. */
  final CompletableFuture<ScanView> stuck = new CompletableFuture<>();

  private final Map<String, CompletableFuture<ScanView>> waiting = new ConcurrentHashMap<>();

  @Override
  public ScanView order(ScanOrder order) throws InvalidQuestionException, QueueFullException {
    if (order.image().startsWith("Bad")) {
      throw new InvalidQuestionException("'" + order.image() + "' is not an image reference");
    }
    if (order.image().equals("full")) {
      throw new QueueFullException(7, Duration.ofMillis(1200));
    }
    orders.add(order);
    ScanView view = new ScanView(record(order, State.QUEUED), Optional.empty());
    if (order.image().equals("done")) {
      view = ended(view);
    }
    views.put(view.scan().id(), view);
    return view;
  }

  /** Ends a scan. */
  void finish(String id) {
    ScanView ended = ended(views.get(id));
    views.put(id, ended);
    CompletableFuture<ScanView> future = waiting.remove(id);
    if (future != null) {
      future.complete(ended);
    }
  }

  boolean isWaited(String id) {
    return waiting.containsKey(id);
  }

  @Override
  public Optional<ScanView> find(String id) {
    return Optional.ofNullable(views.get(id));
  }

  @Override
  public CompletableFuture<ScanView> await(ScanView scan, Duration atMost) {
    if (scan.scan().reference().equals("stuck")) {
      return stuck;
    }
    return waiting
        .computeIfAbsent(scan.scan().id(), id -> new CompletableFuture<>())
        .completeOnTimeout(scan, atMost.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static ScanRecord record(ScanOrder order, State state) {
    return new ScanRecord(
        Digest.ofText(order.image()).hex().substring(0, 32),
        order.image(),
        new ReferenceKey("docker.io/library/" + order.image(), "linux/amd64"),
        order.runtime().orElse("kata"),
        ScanRecord.Cause.REQUEST,
        order.force(),
        state,
        Instant.parse("2026-11-01T12:00:00Z"),
        Optional.empty(),
        Optional.empty(),
        0,
        0,
        0,
        0,
        Optional.empty(),
        Optional.empty(),
        order.traceParent());
  }

  private static ScanView ended(ScanView view) {
    ScanRecord scan = view.scan();
    ImageReport image =
        ReportBuilder.on(scan.runtime()).needsVsyscall(scan.reference()).build().images().get(0);
    return new ScanView(
        new ScanRecord(
            scan.id(),
            scan.reference(),
            scan.key(),
            scan.runtime(),
            scan.cause(),
            scan.forced(),
            State.DONE,
            scan.requestedAt(),
            Optional.of(scan.requestedAt()),
            Optional.of(scan.requestedAt().plusSeconds(5)),
            1,
            2,
            2,
            1234,
            image.digest(),
            Optional.empty(),
            scan.traceParent()),
        Optional.of(image));
  }
}
