package dev.imgcompat.service.sweep;

import dev.imgcompat.core.ScanListener;
import dev.imgcompat.core.ScanRequest;
import dev.imgcompat.core.Scanner;
import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.image.ImageReference;
import dev.imgcompat.core.image.ImageReference.InRegistry;
import dev.imgcompat.core.image.PlatformRequest;
import dev.imgcompat.core.image.Printable;
import dev.imgcompat.core.image.ScanException;
import dev.imgcompat.core.rules.RulePack;
import dev.imgcompat.core.rules.Target;
import dev.imgcompat.core.verdict.Report.ImageReport;
import dev.imgcompat.service.background.Background;
import dev.imgcompat.service.scan.Findings;
import dev.imgcompat.service.store.Store;
import dev.imgcompat.service.store.StoreUnavailableException;
import dev.imgcompat.service.store.StoredImage;
import dev.imgcompat.service.subject.Freshness;
import dev.imgcompat.service.subject.Subjects;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Judges anew, once after the start and in the background, the images that were judged by other
 * rules, or for other runtimes, than those of now: from what is kept, without asking any registry.
 * What cannot be judged so is left to the next lookup or sweep. Each replica begins somewhere else,
 * and skips what another has done; one that is stopped goes on where it has to.
 */
public final class Rejudging implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Rejudging.class);

  private static final Duration FIRST = Duration.ofSeconds(2);
  private static final Duration AGAIN = Duration.ofSeconds(10);
  private static final int PAGE = 500;

  /** Lists are told every so many images. */
  private static final int TOGETHER = 100;

  private final Store store;
  private final Scanner offline;
  private final RulePack rules;
  private final Subjects subjects;
  private final Freshness freshness;
  private final Findings findings;
  private final Clock clock;
  private final Background background = new Background("rejudging");
  private volatile long left = -1;

  /**
   * Creates one.
   *
   * @param offline asks no registry; is closed
   */
  Rejudging(
      Store store,
      Scanner offline,
      RulePack rules,
      Subjects subjects,
      Freshness freshness,
      Findings findings,
      Clock clock) {
    this.store = store;
    this.offline = offline;
    this.rules = rules;
    this.subjects = subjects;
    this.freshness = freshness;
    this.findings = findings;
    this.clock = clock;
  }

  /** Begins in a moment. */
  void start() {
    background.after(FIRST, this::tryAll);
  }

  private void tryAll() {
    try {
      judgeAll();
    } catch (StoreUnavailableException e) {
      background.after(AGAIN, this::tryAll);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the next process goes on
    }
  }

  /** How many images are judged otherwise than now; NaN before it is known. */
  public double left() {
    return left < 0 ? Double.NaN : left;
  }

  /** Judges all of them now. */
  void judgeAll() throws InterruptedException {
    left = countUnjudged();
    if (left == 0) {
      return;
    }
    LOG.info("{} images were judged by other rules, and are judged anew", left);
    Count count = new Count();
    Digest middle = somewhere();
    walk(Optional.of(middle), Optional.empty(), page -> judge(page, count));
    walk(Optional.empty(), Optional.of(middle), page -> judge(page, count));
    store.lists().noteChange();
    left = countUnjudged(); // other replicas did some of them
    LOG.info(
        "{} images were judged anew; {} are left to the next lookup or sweep",
        count.done,
        count.failed);
  }

  private long countUnjudged() throws InterruptedException {
    Count count = new Count();
    walk(Optional.empty(), Optional.empty(), page -> count.unjudged += unjudged(page).size());
    return count.unjudged;
  }

  private static final class Count {
    private long unjudged;
    private long done;
    private long failed;
  }

  private interface OfPage {
    void accept(List<Digest> page) throws InterruptedException;
  }

  /** Digests are spread evenly. */
  private static Digest somewhere() {
    byte[] bytes = new byte[32];
    new SecureRandom().nextBytes(bytes);
    return Digest.of("sha256:" + HexFormat.of().formatHex(bytes));
  }

  private void walk(Optional<Digest> from, Optional<Digest> until, OfPage each)
      throws InterruptedException {
    Optional<Digest> after = from;
    List<Digest> page;
    do {
      page = store.images().digests(after, PAGE);
      if (!page.isEmpty()) {
        after = Optional.of(page.get(page.size() - 1));
        each.accept(page);
      }
    } while (page.size() == PAGE
        && until.filter(page::contains).isEmpty()
        && isBefore(after, until));
  }

  private static boolean isBefore(Optional<Digest> after, Optional<Digest> until) {
    return after.isEmpty()
        || until.isEmpty()
        || after.get().value().compareTo(until.get().value()) < 0;
  }

  private List<Digest> unjudged(List<Digest> page) {
    return store
        .images()
        .unjudged(
            page,
            freshness.analyzers(),
            freshness.judgedBy(),
            subjects.targets().stream().map(Target::name).toList());
  }

  private void judge(List<Digest> page, Count count) throws InterruptedException {
    for (Digest digest : unjudged(page)) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      judge(digest, count);
    }
  }

  /** One that this program fails at must not keep it from the others. */
  private void judge(Digest digest, Count count) throws InterruptedException {
    try {
      Optional<StoredImage> image = store.images().image(digest);
      if (image.isEmpty() || isJudged(image.get())) {
        return; // another replica was faster
      }
      if (!judge(image.get())) {
        count.failed++;
        return;
      }
    } catch (StoreUnavailableException e) {
      throw e;
    } catch (RuntimeException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      LOG.warn("{} cannot be judged anew: {}", digest, Printable.of(String.valueOf(e)));
      count.failed++;
      return;
    }
    count.done++;
    left = Math.max(0, left - 1);
    if (count.done % TOGETHER == 0) {
      store.lists().noteChange();
    }
  }

  private boolean isJudged(StoredImage image) {
    return image.judgedBy().keySet().stream().allMatch(r -> freshness.isJudged(image, r))
        && subjects.targets().stream().allMatch(t -> freshness.isJudged(image, t.name()));
  }

  private boolean judge(StoredImage image) throws InterruptedException {
    Optional<InRegistry> name = name(image);
    if (name.isEmpty()) {
      return false;
    }
    String pinned =
        "docker://" + name.get().registry() + "/" + name.get().repository() + "@" + image.digest();
    List<Target> targets = targets(image);
    ImageReport report =
        offline
            .scan(pinned, new ScanRequest(PlatformRequest.ALL, targets, false), ScanListener.NONE)
            .get(0);
    if (report.error().isPresent()) {
      LOG.debug("{} cannot be judged anew: {}", pinned, report.error().get().message());
      return false;
    }
    findings.keepImage(named(report, image.report()));
    // Nobody can judge for a runtime that the rules do not know any more.
    store.images().keepVerdicts(image.digest(), targets.stream().map(Target::name).toList());
    findings.noteVerdicts(image.digest(), clock.instant().truncatedTo(ChronoUnit.MILLIS));
    return true;
  }

  private static Optional<InRegistry> name(StoredImage image) {
    try {
      return ImageReference.parse("docker://" + image.report().canonical())
              instanceof InRegistry reference
          ? Optional.of(reference)
          : Optional.empty();
    } catch (ScanException.InvalidReference e) {
      return Optional.empty();
    }
  }

  /** Those of now, and those that somebody asked for, as far as the rules know them. */
  private List<Target> targets(StoredImage image) {
    List<Target> targets = new ArrayList<>(subjects.targets());
    List<String> names = targets.stream().map(Target::name).toList();
    for (String runtime : image.judgedBy().keySet()) {
      if (!names.contains(runtime)) {
        try {
          targets.add(rules.target(runtime));
        } catch (IllegalArgumentException e) {
          LOG.debug("{} is a runtime no more", runtime);
        }
      }
    }
    return targets;
  }

  /** It was looked at when it was, by the name that it had. */
  private static ImageReport named(ImageReport now, ImageReport before) {
    return new ImageReport(
        before.reference(),
        before.canonical(),
        now.digest(),
        before.indexDigest(),
        now.configDigest(),
        now.platform(),
        before.scannedAt(),
        now.facts(),
        now.verdicts(),
        now.notes(),
        now.error());
  }

  @Override
  public void close() {
    background.close();
    offline.close();
  }
}
