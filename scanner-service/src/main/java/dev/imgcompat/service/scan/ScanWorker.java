package dev.imgcompat.service.scan;

import dev.imgcompat.core.ScanRequest;
import dev.imgcompat.core.Scanner;
import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.image.ImageReference.InRegistry;
import dev.imgcompat.core.image.Platform;
import dev.imgcompat.core.image.PlatformRequest;
import dev.imgcompat.core.image.ScanException;
import dev.imgcompat.core.rules.Target;
import dev.imgcompat.core.verdict.Report.ImageReport;
import dev.imgcompat.core.verdict.Report.ScanError;
import dev.imgcompat.service.reach.AllowList;
import dev.imgcompat.service.settings.Settings;
import dev.imgcompat.service.store.ScanRecord;
import dev.imgcompat.service.store.ScanRecord.Cause;
import dev.imgcompat.service.store.Store;
import dev.imgcompat.service.store.StoreUnavailableException;
import dev.imgcompat.service.store.StoredReference;
import dev.imgcompat.service.subject.Freshness;
import dev.imgcompat.service.subject.InvalidQuestionException;
import dev.imgcompat.service.subject.Knowledge;
import dev.imgcompat.service.subject.Subject;
import dev.imgcompat.service.subject.Subjects;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Does one scan after the other. What is written is the same however often it is: a scan that is
 * done twice, since a process was killed, does no harm.
 */
final class ScanWorker {
  private static final Logger LOG = LoggerFactory.getLogger(ScanWorker.class);

  private static final String NOT_FOUND = "not-found";

  private static final int MAX_RUNTIMES = 32;
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(15);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(10);

  private final Scanner scanner;
  private final Store store;
  private final Subjects subjects;
  private final AllowList allowed;
  private final Freshness freshness;
  private final Findings findings;
  private final RunningScans running;
  private final ScanWatch watch;
  private final ScanTraces traces;
  private final Settings.Scans settings;
  private final Clock clock;
  private final ExecutorService threads;

  ScanWorker(
      Scanner scanner,
      Store store,
      Subjects subjects,
      AllowList allowed,
      Freshness freshness,
      Findings findings,
      RunningScans running,
      ScanWatch watch,
      ScanTraces traces,
      Settings.Scans settings,
      Clock clock) {
    this.scanner = scanner;
    this.store = store;
    this.subjects = subjects;
    this.allowed = allowed;
    this.freshness = freshness;
    this.findings = findings;
    this.running = running;
    this.watch = watch;
    this.traces = traces;
    this.settings = settings;
    this.clock = clock;
    AtomicInteger number = new AtomicInteger();
    this.threads =
        Executors.newCachedThreadPool(
            task -> {
              Thread thread = new Thread(task, "scan-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * Does a scan.
   *
   * @return when it is to be tried again; empty if it has ended
   * @throws StoreUnavailableException if the store failed meanwhile
   * @throws InterruptedException if this process ends; the scan then waits again
   */
  Optional<Instant> work(String id) throws InterruptedException {
    Optional<ScanRecord> found = store.scans().scan(id);
    if (found.isEmpty() || !found.get().state().isActive()) {
      return Optional.empty();
    }
    ScanRecord scan = found.get().begun(now());
    MDC.put("scan", id);
    MDC.put("image", scan.key().canonical());
    try {
      store.scans().update(scan);
      return traces.within(scan, () -> attempt(scan));
    } finally {
      MDC.remove("scan");
      MDC.remove("image");
    }
  }

  private Optional<Instant> attempt(ScanRecord scan) throws InterruptedException {
    long begun = System.nanoTime();
    ScanProgress progress = new ScanProgress(watch);
    running.put(scan, progress);
    Outcome outcome;
    try {
      outcome = within(settings.timeout(), scan, progress);
    } catch (InterruptedException e) {
      running.remove(scan.id());
      interrupted(scan);
      throw e;
    } finally {
      running.remove(scan.id());
    }
    ScanRecord after = progress.of(scan);
    Duration took = Duration.ofNanos(System.nanoTime() - begun);
    Optional<Instant> again = Optional.empty();
    if (outcome.failure().isPresent()) {
      ScanError failure = outcome.failure().get();
      boolean last = !failure.retryable() || after.attempts() >= settings.attempts();
      again = last ? Optional.empty() : Optional.of(now().plus(pause(after.attempts())));
      store.scans().update(after.failed(now(), failure, !last));
      if (last && scan.cause() == Cause.LOOKUP && failure.kind().equals(NOT_FOUND)) {
        // Anybody may make up names; nobody will look for this scan.
        store.scans().forget(scan.id());
      }
      LOG.warn(
          "scan of {} failed{}: {}",
          scan.key().canonical(),
          last ? "" : ", and is tried again",
          failure.message());
    } else {
      store.scans().update(after.done(now(), outcome.digest().orElseThrow()));
      LOG.info(
          "scanned {} in {} ms, {} bytes pulled",
          scan.key().canonical(),
          took.toMillis(),
          after.bytes());
    }
    watch.changed(scan.key());
    watch.tried(
        after,
        outcome.report().map(ImageReport::verdicts).orElse(List.of()),
        outcome.failure(),
        took);
    return again;
  }

  /**
   * Looks in another thread, since one that waits for a registry cannot be interrupted: after its
   * time it is left to the time-outs of the registry, and does no harm if it ends later.
   */
  private Outcome within(Duration most, ScanRecord scan, ScanProgress progress)
      throws InterruptedException {
    Map<String, String> logged = MDC.getCopyOfContextMap();
    Callable<Outcome> look = traces.wrap(() -> look(scan, progress));
    Future<Outcome> looking =
        threads.submit(
            () -> {
              MDC.setContextMap(logged);
              return look.call();
            });
    try {
      return looking.get(most.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      ScanError failure = tookTooLong();
      findings.keepFailure(scan.key(), store.references().reference(scan.key()), failure, now());
      return Outcome.failed(failure);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    } finally {
      looking.cancel(false); // no interrupt: it may be at the store
    }
  }

  private ScanError tookTooLong() {
    return new ScanError(
        "timeout",
        "the scan took longer than scans.timeout, " + settings.timeout().toSeconds() + " s",
        "registry",
        true);
  }

  /** What a look came to: a digest, or a failure. */
  private record Outcome(
      Optional<Digest> digest, Optional<ImageReport> report, Optional<ScanError> failure) {
    static Outcome failed(ScanError failure) {
      return new Outcome(Optional.empty(), Optional.empty(), Optional.of(failure));
    }
  }

  private Outcome look(ScanRecord scan, ScanProgress progress) throws InterruptedException {
    Subject subject;
    try {
      subject =
          subjects.of(
              scan.key().canonical(),
              Optional.of(scan.key().platform()),
              Optional.of(scan.runtime()));
    } catch (InvalidQuestionException e) {
      // The program or its rules are others than when it was queued.
      return Outcome.failed(new ScanError("invalid-reference", e.getMessage(), "user", false));
    }
    if (!allowed.isAllowed(subject.reference().registry())) {
      return Outcome.failed(
          new ScanError(
              "not-allowed",
              "registry " + subject.reference().registry() + " is not one that may be asked",
              "operator",
              false));
    }
    Knowledge known = Freshness.read(store, subject);
    if (!scan.forced() && freshness.isJudged(known, subject)) {
      Optional<Outcome> same = unchanged(subject, known);
      if (same.isPresent()) {
        return same.get();
      }
    }
    return scan(subject, known, progress);
  }

  /** One question to the registry, where the tag still names what it did. */
  private Optional<Outcome> unchanged(Subject subject, Knowledge known)
      throws InterruptedException {
    StoredReference before = known.reference().orElseThrow();
    Optional<Digest> now;
    try {
      now = scanner.digest(subject.reference());
    } catch (ScanException e) {
      ScanError failure = ServiceWords.of(ScanError.of(e));
      findings.keepFailure(subject.key(), known.reference(), failure, now());
      return Optional.of(Outcome.failed(failure));
    }
    if (now.isEmpty() || !now.equals(before.indexDigest().or(before::digest))) {
      return Optional.empty();
    }
    store
        .references()
        .put(
            new StoredReference(
                before.key(),
                before.digest(),
                before.indexDigest(),
                now(),
                Optional.empty(),
                Optional.empty()));
    return Optional.of(
        new Outcome(before.digest(), known.image().map(i -> i.report()), Optional.empty()));
  }

  private Outcome scan(Subject subject, Knowledge known, ScanProgress progress)
      throws InterruptedException {
    List<Target> targets = new ArrayList<>(subjects.targets());
    if (!targets.contains(subject.target())) {
      targets.add(subject.target());
    }
    InRegistry reference = subject.reference();
    ScanRequest request =
        new ScanRequest(
            PlatformRequest.only(Platform.parse(subject.key().platform())), targets, false);
    ImageReport report = scanner.scan(reference.canonical(), request, progress).get(0);
    if (report.error().isPresent()) {
      ScanError failure = ServiceWords.of(report.error().get());
      findings.keepFailure(subject.key(), known.reference(), failure, now());
      return Outcome.failed(failure);
    }
    Digest digest = report.digest().orElseThrow();
    if (known.image().filter(i -> i.judgedBy().size() >= MAX_RUNTIMES).isPresent()) {
      // Versions of runtimes are without number, and whoever asks chooses them.
      store.images().keepVerdicts(digest, subjects.targets().stream().map(Target::name).toList());
    }
    findings.keep(subject.key(), report, now());
    return new Outcome(Optional.of(digest), Optional.of(report), Optional.empty());
  }

  private void interrupted(ScanRecord scan) {
    try {
      store.scans().update(scan.interrupted());
    } catch (StoreUnavailableException e) {
      LOG.debug("a scan that was interrupted could not be put back", e);
    }
  }

  private static Duration pause(int attempts) {
    Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(10, Math.max(0, attempts - 1)));
    return pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }
}
