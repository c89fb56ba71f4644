package dev.imgcompat.core;

import static java.util.stream.Collectors.joining;

import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.image.Image;
import dev.imgcompat.core.image.ImageReference.InRegistry;
import dev.imgcompat.core.image.Layer;
import dev.imgcompat.core.image.Platform;
import dev.imgcompat.core.image.ScanException;
import dev.imgcompat.core.rules.Target;
import dev.imgcompat.core.sweep.Inspector;
import dev.imgcompat.core.verdict.Report.ImageReport;
import dev.imgcompat.core.verdict.ReportFormat;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Looks at images for a sweep by means of a {@link Scanner}, which it does not close. */
public final class SweepInspector implements Inspector {
  /** Digits of a digest that tell one from another where nobody gains from mixing them up. */
  private static final int DIGITS = 16;

  private final Scanner scanner;
  private final ScanRequest request;
  private final String basis;

  /**
   * Creates one.
   *
   * @param scanner asks registries at the pace of the sweep
   * @param request platforms and targets; the first target is the one that counts
   */
  public SweepInspector(Scanner scanner, ScanRequest request) {
    this.scanner = scanner;
    this.request = request;
    this.basis = basis(scanner, request);
  }

  /** Whether the report lists every file makes no difference to what it says. */
  private static String basis(Scanner scanner, ScanRequest request) {
    return String.join(
        " ",
        // What judges is not all data.
        Version.current(),
        digits(Digest.ofText(scanner.analyzers())),
        digits(scanner.rules().digest()),
        scanner.policy().name().toLowerCase(Locale.ROOT),
        request.targets().stream().map(SweepInspector::words).collect(joining(",")),
        request.platforms().wanted().map(Platform::toString).orElse("all"));
  }

  /** Profiles come from files, too, whose names tell little. */
  private static String words(Target target) {
    return target.name() + "#" + digits(Digest.ofText(ReportFormat.json(target.offers())));
  }

  private static String digits(Digest digest) {
    return digest.hex().substring(0, DIGITS);
  }

  @Override
  public String basis() {
    return basis;
  }

  @Override
  public String runtime() {
    return request.targets().get(0).name();
  }

  @Override
  public Optional<Digest> digest(InRegistry reference) throws ScanException, InterruptedException {
    return guarded(() -> scanner.digest(reference));
  }

  @Override
  public List<ImageReport> scan(InRegistry reference, Optional<Digest> digest, Pulls pulls)
      throws InterruptedException {
    return scanner.scan(reference, digest, request, listener(pulls));
  }

  @Override
  public Optional<Instant> created(InRegistry reference, Optional<Digest> digest)
      throws ScanException, InterruptedException {
    return guarded(() -> scanner.created(reference, digest));
  }

  private static ScanListener listener(Pulls pulls) {
    return new ScanListener() {
      @Override
      public void layerKnown(Image image, boolean fromCache) {
        pulls.layer(!fromCache);
      }

      @Override
      public void layerBytes(Layer layer, long bytes) {
        pulls.bytes(bytes);
      }
    };
  }

  /** Asks a registry. */
  @FunctionalInterface
  private interface Asking<T> {
    T ask() throws ScanException, InterruptedException;
  }

  /** One tag may be our undoing, but not that of the others. */
  private static <T> T guarded(Asking<T> asking) throws ScanException, InterruptedException {
    try {
      return asking.ask();
    } catch (RuntimeException | StackOverflowError e) {
      throw Scanner.defect(e);
    }
  }
}
