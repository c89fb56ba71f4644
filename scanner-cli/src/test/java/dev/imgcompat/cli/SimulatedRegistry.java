package dev.imgcompat.cli;

import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.image.ImageReference.InRegistry;
import dev.imgcompat.core.image.ScanException;
import dev.imgcompat.core.rootfs.Scope;
import dev.imgcompat.core.rules.Effect;
import dev.imgcompat.core.rules.Evidence;
import dev.imgcompat.core.rules.Finding;
import dev.imgcompat.core.sweep.Inspector;
import dev.imgcompat.core.sweep.source.ListedReference;
import dev.imgcompat.core.sweep.source.Listing;
import dev.imgcompat.core.sweep.source.ReferenceSource;
import dev.imgcompat.core.verdict.Decision;
import dev.imgcompat.core.verdict.Report.ImageReport;
import dev.imgcompat.core.verdict.Report.ScanError;
import dev.imgcompat.core.verdict.ReportFacts;
import dev.imgcompat.core.verdict.ReportFacts.ElfCounts;
import dev.imgcompat.core.verdict.ReportFacts.ReportLayer;
import dev.imgcompat.core.verdict.Verdict;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A registry that exists in the mind only: so many tags, 40 a repository, over so many images; of
 * ten images one is EXCLUDED by its base layer and one needs a parameter. Safe for use by several
 * threads.
 */
final class SimulatedRegistry implements ReferenceSource, Inspector {
  static final String HOST = "registry.simulated";
  static final String RUNTIME = "kata";
  private static final int TAGS_OF_REPOSITORY = 40;

  private final long tags;
  private final int images;
  private final AtomicLong questions = new AtomicLong();
  private final AtomicLong scans = new AtomicLong();
  private final Map<String, ScanException> failures = new ConcurrentHashMap<>();
  private volatile Runnable beforeEach = () -> {};
  private volatile String basis = "basis";

  SimulatedRegistry(long tags, int images) {
    this.tags = tags;
    this.images = images;
  }

  /** The reference to a tag by its number. */
  static String reference(long tag) {
    return String.format(
        Locale.ROOT,
        "%s/team/app%07d:v%d",
        HOST,
        tag / TAGS_OF_REPOSITORY,
        tag % TAGS_OF_REPOSITORY);
  }

  /** Fails when it is asked about a tag. */
  SimulatedRegistry fail(long tag, ScanException failure) {
    failures.put(reference(tag), failure);
    return this;
  }

  /** Answers about all tags again. */
  SimulatedRegistry recover() {
    failures.clear();
    return this;
  }

  /** Does something before each answer. */
  SimulatedRegistry beforeEach(Runnable doing) {
    beforeEach = doing;
    return this;
  }

  /** Judges by something else. */
  SimulatedRegistry judgingBy(String value) {
    basis = value;
    return this;
  }

  /** How often it was asked what a tag names. */
  long questions() {
    return questions.get();
  }

  /** How often it was scanned. */
  long scans() {
    return scans.get();
  }

  @Override
  public String name() {
    return "the catalog of " + HOST;
  }

  @Override
  public void list(Listing listing) throws InterruptedException {
    for (long tag = 0; tag < tags; tag++) {
      String repository = String.format(Locale.ROOT, "team/app%07d", tag / TAGS_OF_REPOSITORY);
      listing.found(
          ListedReference.of(
              new InRegistry(
                  reference(tag),
                  HOST,
                  repository,
                  Optional.of("v" + tag % TAGS_OF_REPOSITORY),
                  Optional.empty())));
    }
  }

  @Override
  public String basis() {
    return basis;
  }

  @Override
  public String runtime() {
    return RUNTIME;
  }

  @Override
  public Optional<Digest> digest(InRegistry reference) throws ScanException {
    questions.incrementAndGet();
    beforeEach.run();
    ScanException failure = failures.get(reference.canonical());
    if (failure != null) {
      throw failure;
    }
    return Optional.of(Digest.ofText("image " + image(reference)));
  }

  private int image(InRegistry reference) {
    return Math.floorMod(reference.canonical().hashCode(), images);
  }

  @Override
  public List<ImageReport> scan(InRegistry reference, Optional<Digest> digest, Pulls pulls) {
    scans.incrementAndGet();
    int image = image(reference);
    pulls.layer(true);
    pulls.bytes(1000);
    return List.of(report(reference.canonical(), image, digest.orElseThrow()));
  }

  @Override
  public Optional<Instant> created(InRegistry reference, Optional<Digest> digest) {
    return Optional.empty();
  }

  private static ImageReport report(String reference, int image, Digest digest) {
    Digest base = Digest.ofText("base " + image % 10);
    Decision decision =
        switch (image % 10) {
          case 0 -> Decision.EXCLUDED;
          case 1 -> Decision.NEEDS_KERNEL_PARAMS;
          default -> Decision.COMPATIBLE;
        };
    List<Finding> findings =
        decision == Decision.COMPATIBLE
            ? List.of()
            : List.of(
                new Finding(
                    decision == Decision.EXCLUDED ? "ia32-program" : "vsyscall-dynamic",
                    Scope.START,
                    Effect.DECIDES,
                    true,
                    "a summary of what is the matter with this image, in some words",
                    List.of(new Evidence("/bin/sh", Optional.of(base), "ELF 32-bit")),
                    1,
                    List.of("the config starts /bin/sh"),
                    List.of(),
                    List.of()));
    return new ImageReport(
        reference,
        reference,
        Optional.of(digest),
        Optional.empty(),
        Optional.of(Digest.ofText("config " + image)),
        Optional.of("linux/amd64"),
        "2026-03-01T12:00:00Z",
        Optional.of(
            new ReportFacts(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                new ElfCounts(17, 0, 0, 0, Map.of("x86-64", 17), List.of()),
                List.of(),
                List.of(
                    new ReportLayer(Optional.of(base), Optional.empty(), 1000, false),
                    new ReportLayer(Optional.of(digest), Optional.empty(), 10, false)),
                Optional.empty())),
        List.of(
            new Verdict(
                RUNTIME,
                decision,
                decision == Decision.NEEDS_KERNEL_PARAMS ? List.of("vsyscall=emulate") : List.of(),
                findings,
                List.of())),
        List.of(),
        Optional.empty());
  }

  /** What a failure becomes in a record. */
  static ScanError error(ScanException failure) {
    return new ScanError(
        failure.kind(),
        failure.getMessage(),
        failure.whoseMove().name().toLowerCase(Locale.ROOT).replace('_', '-'),
        failure.retryable());
  }

  @Override
  public void close() {}
}
