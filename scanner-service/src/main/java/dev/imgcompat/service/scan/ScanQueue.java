package dev.imgcompat.service.scan;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import dev.imgcompat.service.reach.AllowList;
import dev.imgcompat.service.settings.Settings;
import dev.imgcompat.service.store.ReferenceKey;
import dev.imgcompat.service.store.ScanRecord;
import dev.imgcompat.service.store.ScanRecord.Cause;
import dev.imgcompat.service.store.ScanRecord.State;
import dev.imgcompat.service.store.ScanStore;
import dev.imgcompat.service.store.StoredImage;
import dev.imgcompat.service.store.StoredReference;
import dev.imgcompat.service.store.jdbc.JdbcStore;
import dev.imgcompat.service.subject.Freshness;
import dev.imgcompat.service.subject.InvalidQuestionException;
import dev.imgcompat.service.subject.Knowledge;
import dev.imgcompat.service.subject.Subject;
import dev.imgcompat.service.subject.Subjects;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The durable queue of scans: a scan and its turn are stored together, so that neither a crash nor
 * another replica loses or doubles one.
 */
public final class ScanQueue implements Scans {
  /** The task under which turns are stored. */
  static final TaskDescriptor<Void> TASK = TaskDescriptor.of("scan");

  private static final Duration FULL = Duration.ofSeconds(30);
  private static final int ID_BYTES = 16;
  private static final int ATTEMPTS_TO_JOIN = 3;

  private final JdbcStore store;
  private final SchedulerClient scheduler;
  private final Subjects subjects;
  private final AllowList allowed;
  private final Freshness freshness;
  private final ScanWaits waits;
  private final Runnable wake;
  private final Settings.Scans settings;
  private final Clock clock;
  private final SecureRandom random = new SecureRandom();

  ScanQueue(
      JdbcStore store,
      SchedulerClient scheduler,
      Subjects subjects,
      AllowList allowed,
      Freshness freshness,
      ScanWaits waits,
      Runnable wake,
      Settings.Scans settings,
      Clock clock) {
    this.store = store;
    this.scheduler = scheduler;
    this.subjects = subjects;
    this.allowed = allowed;
    this.freshness = freshness;
    this.waits = waits;
    this.wake = wake;
    this.settings = settings;
    this.clock = clock;
  }

  @Override
  public ScanView order(ScanOrder order) throws InvalidQuestionException, QueueFullException {
    Subject subject = subjects.of(order.image(), order.platform(), order.runtime());
    if (!allowed.isAllowed(subject.reference().registry())) {
      throw new InvalidQuestionException(
          "registry " + subject.reference().registry() + " is not one that may be asked from here");
    }
    if (!order.force()) {
      Optional<ScanRecord> done = done(subject);
      if (done.isPresent()) {
        return view(done.get());
      }
    }
    return view(add(subject, Cause.REQUEST, order.force(), order.traceParent()));
  }

  /** The scan that gave what is known, if that still holds; of a digest, by whichever name. */
  private Optional<ScanRecord> done(Subject subject) {
    Optional<StoredImage> image = subject.reference().digest().flatMap(store.images()::image);
    if (image.isPresent() && freshness.isJudged(image.get(), subject.runtime())) {
      return store.scans().lastDone(image.get().digest(), subject.runtime());
    }
    Knowledge known = Freshness.read(store, subject);
    if (known.reference().flatMap(StoredReference::failure).isPresent()
        || freshness.until(known, subject).isBefore(clock.instant())) {
      return Optional.empty();
    }
    return store.scans().lastDone(subject.key(), subject.runtime());
  }

  /** Queues a scan that a lookup wished for. */
  void add(Subject subject, Cause cause, Optional<String> traceParent) throws QueueFullException {
    add(subject, cause, false, traceParent);
  }

  private ScanRecord add(Subject subject, Cause cause, boolean forced, Optional<String> traceParent)
      throws QueueFullException {
    ScanStore scans = store.scans();
    for (int i = 0; i < ATTEMPTS_TO_JOIN; i++) {
      Optional<ScanRecord> active = scans.active(subject.key(), subject.runtime());
      if (active.isPresent()) {
        return forced ? forced(active.get()) : active.get();
      }
      long waiting = scans.countActive();
      if (waiting >= room(cause)) {
        throw new QueueFullException(waiting, FULL);
      }
      ScanRecord scan = scan(subject, cause, forced, traceParent);
      boolean added =
          store.inTransaction(
              () ->
                  scans.add(scan)
                      && scheduler.scheduleIfNotExists(
                          TASK.instance(scan.id()).priority(priority(cause)).build(),
                          clock.instant()));
      if (added) {
        wake.run();
        return scan;
      }
    }
    throw new IllegalStateException("scans of " + subject.key() + " come and go");
  }

  /** Anybody may look up any name: what operators ask for has room of its own. */
  private long room(Cause cause) {
    return cause == Cause.REQUEST ? settings.queue() : Math.max(1, settings.queue() * 9L / 10);
  }

  /** What waits does what is asked for besides; what is under way is joined as it is. */
  private ScanRecord forced(ScanRecord active) {
    if (active.forced() || active.state() != State.QUEUED) {
      return active;
    }
    ScanRecord forced = active.force();
    store.scans().update(forced);
    return forced;
  }

  /** What somebody asked for comes first, what only grows old last. */
  private static int priority(Cause cause) {
    return switch (cause) {
      case REQUEST -> 30;
      case LOOKUP -> 20;
      case STALE -> 10;
    };
  }

  private ScanRecord scan(
      Subject subject, Cause cause, boolean forced, Optional<String> traceParent) {
    byte[] id = new byte[ID_BYTES];
    random.nextBytes(id);
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    return new ScanRecord(
        HexFormat.of().formatHex(id),
        subject.key().canonical(),
        subject.key(),
        subject.runtime(),
        cause,
        forced,
        State.QUEUED,
        now,
        Optional.empty(),
        Optional.empty(),
        0,
        0,
        0,
        0,
        Optional.empty(),
        Optional.empty(),
        traceParent);
  }

  @Override
  public Optional<ScanView> find(String id) {
    return store.scans().scan(id).map(this::view);
  }

  /** How many scans wait or are being done. */
  public long depth() {
    return store.scans().countActive();
  }

  private ScanView view(ScanRecord scan) {
    return new ScanView(
        scan,
        scan.digest()
            .flatMap(store.images()::image)
            .map(i -> Reports.of(i, reference(scan.key()))));
  }

  private StoredReference reference(ReferenceKey key) {
    return store
        .references()
        .reference(key)
        .orElseGet(
            () ->
                new StoredReference(
                    key,
                    Optional.empty(),
                    Optional.empty(),
                    Instant.EPOCH,
                    Optional.empty(),
                    Optional.empty()));
  }

  @Override
  public CompletableFuture<ScanView> await(ScanView scan, Duration atMost) {
    Duration bounded = atMost.compareTo(settings.maxWait()) > 0 ? settings.maxWait() : atMost;
    return waits.await(scan, bounded, this::find);
  }
}
