package dev.imgcompat.core;

import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.image.Image;
import dev.imgcompat.core.image.ImageReference;
import dev.imgcompat.core.image.ImageReference.InRegistry;
import dev.imgcompat.core.image.ImageSource;
import dev.imgcompat.core.image.ScanException;
import dev.imgcompat.core.image.Secrets;
import dev.imgcompat.core.registry.RegistryListings;
import dev.imgcompat.core.rules.Policy;
import dev.imgcompat.core.rules.RulePack;
import dev.imgcompat.core.verdict.Report;
import dev.imgcompat.core.verdict.Report.ImageReport;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;

/**
 * Turns references into verdicts. Safe for use by several threads; one serves a whole process.
 *
 * <p>{@link #scan} does not throw for what is wrong with an image or a registry: that is a result,
 * with the decision {@code UNKNOWN}.
 */
public final class Scanner implements AutoCloseable {
  private final List<ImageSource> sources;
  private final LayerFactsLoader loader;
  private final RegistryListings listings;
  private final RulePack rules;
  private final Policy policy;
  private final ImageReports reports;

  Scanner(
      List<ImageSource> sources,
      LayerFactsLoader loader,
      RegistryListings listings,
      RulePack rules,
      Policy policy,
      Clock clock) {
    this.sources = List.copyOf(sources);
    this.loader = loader;
    this.listings = listings;
    this.rules = rules;
    this.policy = policy;
    this.reports = new ImageReports(rules, policy, clock);
  }

  /** What reads its layers. */
  LayerFactsLoader loader() {
    return loader;
  }

  /** Returns a builder with the defaults of the command line. */
  public static ScannerBuilder builder() {
    return new ScannerBuilder();
  }

  /** The rules by which this judges. */
  public RulePack rules() {
    return rules;
  }

  /** Which scopes decide. */
  public Policy policy() {
    return policy;
  }

  /** Names and versions of what reads layers: facts of others do not count. */
  public String analyzers() {
    return loader.analyzers();
  }

  /** What registries have, asked by the same client as for images. */
  public RegistryListings listings() {
    return listings;
  }

  /** What to write into a report as its tool. */
  public Report.Tool tool() {
    return new Report.Tool("imgcompat", Version.current(), rules.digest().value());
  }

  /**
   * Scans what a reference names.
   *
   * @return one result per image: one, or one per platform of an index, or one failure
   * @throws InterruptedException if the thread was interrupted
   */
  public List<ImageReport> scan(String written, ScanRequest request, ScanListener listener)
      throws InterruptedException {
    String text = Secrets.masked(written);
    ImageReference reference;
    try {
      if (!text.equals(written)) {
        throw new ScanException.InvalidReference(
            "credentials do not belong in a reference, where others see them");
      }
      reference = ImageReference.parse(text);
    } catch (ScanException e) {
      return List.of(failed(text, text, Optional.empty(), e, request, listener));
    } catch (RuntimeException | StackOverflowError e) {
      return List.of(failed(text, text, Optional.empty(), defect(e), request, listener));
    }
    return scan(reference, reference, request, listener);
  }

  /**
   * Scans what a tag in a registry names, or did when its digest was asked for. Reports call it by
   * the reference as it is given here, not by the digest.
   *
   * @param digest what it names: then manifest and config are not fetched if they are kept
   * @return one result per image: one, or one per platform of an index, or one failure
   * @throws InterruptedException if the thread was interrupted
   */
  public List<ImageReport> scan(
      InRegistry reference, Optional<Digest> digest, ScanRequest request, ScanListener listener)
      throws InterruptedException {
    return scan(reference, pinned(reference, digest), request, listener);
  }

  /**
   * Says when an image in a registry was made, by its config; of an index, by that of the image for
   * linux/amd64 or else the first one. No layer is read.
   *
   * @param digest what it names: then manifest and config are not fetched if they are kept
   * @return empty if that does not tell
   * @throws ScanException if there is no such image, or it cannot be had
   * @throws InterruptedException if the thread was interrupted
   */
  public Optional<Instant> created(InRegistry reference, Optional<Digest> digest)
      throws ScanException, InterruptedException {
    InRegistry pinned = pinned(reference, digest);
    return source(pinned).created(pinned);
  }

  private static InRegistry pinned(InRegistry reference, Optional<Digest> digest) {
    return digest.isEmpty()
        ? reference
        : new InRegistry(
            reference.text(),
            reference.registry(),
            reference.repository(),
            reference.tag(),
            digest);
  }

  /**
   * Says which manifest or index a reference names now, with one request that fetches nothing; of a
   * reference with a digest that digest, without a request.
   *
   * @return empty where only a scan can tell
   * @throws ScanException if there is no such image, or it cannot be asked for
   * @throws InterruptedException if the thread was interrupted
   */
  public Optional<Digest> digest(ImageReference reference)
      throws ScanException, InterruptedException {
    return source(reference).digest(reference);
  }

  /**
   * Scans, and makes a result of whatever goes wrong.
   *
   * @param reference as reports call it
   * @param at where it is looked up
   */
  private List<ImageReport> scan(
      ImageReference reference, ImageReference at, ScanRequest request, ScanListener listener)
      throws InterruptedException {
    ScanException failure;
    try {
      return resolved(reference, at, request, listener);
    } catch (ScanException e) {
      failure = e;
    } catch (OutOfMemoryError e) {
      failure = tooLittleMemory();
    } catch (RuntimeException | StackOverflowError e) {
      // One image may be our undoing, but not that of the others.
      failure = defect(e);
    }
    return List.of(
        failed(
            reference.text(), reference.canonical(), Optional.empty(), failure, request, listener));
  }

  private List<ImageReport> resolved(
      ImageReference reference, ImageReference at, ScanRequest request, ScanListener listener)
      throws ScanException, InterruptedException {
    PassedFacts passing = loader.passing(reference, listener);
    List<ImageReport> found = new ArrayList<>();
    try {
      for (Image image : source(at).resolve(at, request.platforms(), passing)) {
        Image named = new Image(reference, image.manifest(), image.contents(), image.notes());
        found.add(scan(named, passing, request, listener));
      }
      return found;
    } finally {
      listener.ended(reference);
    }
  }

  private ImageSource source(ImageReference reference) {
    return sources.stream()
        .filter(s -> s.serves(reference))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no source for " + reference.canonical()));
  }

  private ImageReport scan(
      Image image, PassedFacts passing, ScanRequest request, ScanListener listener)
      throws InterruptedException {
    ImageReference reference = image.reference();
    try {
      if (!image.manifest().platform().os().equals("linux")) {
        throw new ScanException.NotAnImage(
            "an image for " + image.manifest().platform() + ": only those for linux can be judged");
      }
      listener.resolved(image);
      List<Loading> loading = new ArrayList<>();
      for (var content : image.contents()) {
        loading.add(loader.load(reference, content, passing, listener));
      }
      List<Loaded> layers = new ArrayList<>();
      for (Loading layer : loading) {
        Loaded loaded = await(layer);
        layers.add(loaded);
        listener.layerKnown(image, loaded.fromCache());
      }
      return reports.judged(image, layers, request);
    } catch (OutOfMemoryError e) {
      return failed(image, tooLittleMemory(), request, listener);
    } catch (ScanException e) {
      return failed(image, e, request, listener);
    }
  }

  private ImageReport failed(
      Image image, ScanException failure, ScanRequest request, ScanListener listener) {
    ImageReference reference = image.reference();
    return failed(
        reference.text(), reference.canonical(), Optional.of(image), failure, request, listener);
  }

  private ImageReport failed(
      String text,
      String canonical,
      Optional<Image> image,
      ScanException failure,
      ScanRequest request,
      ScanListener listener) {
    listener.failed(text, failure);
    return reports.failed(text, canonical, image, failure, request);
  }

  private static Loaded await(Loading loading) throws ScanException, InterruptedException {
    try {
      return loading.await();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof ScanException failure) {
        throw failure;
      }
      if (e.getCause() instanceof InterruptedException) {
        throw new InterruptedException();
      }
      if (e.getCause() instanceof OutOfMemoryError) {
        throw tooLittleMemory();
      }
      throw defect(e.getCause());
    }
  }

  static ScanException defect(Throwable cause) {
    return new ScanException.Internal("a defect of this program: " + cause, cause);
  }

  private static ScanException tooLittleMemory() {
    return new ScanException.TooLittleMemory(
        "the image has more programs, links and directories than fit into the memory of this"
            + " process, "
            + (Runtime.getRuntime().maxMemory() >> 20)
            + " MiB");
  }

  @Override
  public void close() {
    loader.close();
    sources.forEach(ImageSource::close);
  }
}
