package dev.imgcompat.core;

import dev.imgcompat.core.LayerFactsLoader.Loaded;
import dev.imgcompat.core.LayerFactsLoader.Loading;
import dev.imgcompat.core.LayerFactsLoader.Passing;
import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.image.Image;
import dev.imgcompat.core.image.ImageReference;
import dev.imgcompat.core.image.ImageSource;
import dev.imgcompat.core.image.Layer;
import dev.imgcompat.core.image.LayerMediaType;
import dev.imgcompat.core.image.ScanException;
import dev.imgcompat.core.image.Secrets;
import dev.imgcompat.core.layer.LayerFacts;
import dev.imgcompat.core.rootfs.ImageFacts;
import dev.imgcompat.core.rootfs.ImageMerger;
import dev.imgcompat.core.rules.Policy;
import dev.imgcompat.core.rules.RuleEngine;
import dev.imgcompat.core.rules.RulePack;
import dev.imgcompat.core.verdict.Judge;
import dev.imgcompat.core.verdict.Report;
import dev.imgcompat.core.verdict.Report.ImageReport;
import dev.imgcompat.core.verdict.Report.ScanError;
import dev.imgcompat.core.verdict.ReportFacts.ReportLayer;
import dev.imgcompat.core.verdict.ReportFactsBuilder;
import dev.imgcompat.core.verdict.Verdict;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.IntFunction;

/**
 * Turns references into verdicts. Safe for use by several threads; one serves a whole process.
 *
 * <p>{@link #scan} does not throw for what is wrong with an image or a registry: that is a result,
 * with the decision {@code UNKNOWN}.
 */
public final class Scanner implements AutoCloseable {
  private final List<ImageSource> sources;
  private final LayerFactsLoader loader;
  private final RulePack rules;
  private final Judge judge;
  private final Clock clock;

  Scanner(
      List<ImageSource> sources,
      LayerFactsLoader loader,
      RulePack rules,
      Policy policy,
      Clock clock) {
    this.sources = List.copyOf(sources);
    this.loader = loader;
    this.rules = rules;
    this.judge = new Judge(new RuleEngine(rules, policy));
    this.clock = clock;
  }

  /** Returns a builder with the defaults of the command line. */
  public static ScannerBuilder builder() {
    return new ScannerBuilder();
  }

  /** The rules by which this judges. */
  public RulePack rules() {
    return rules;
  }

  /** Names and versions of what reads layers: facts of others do not count. */
  public String analyzers() {
    return loader.analyzers();
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
    String canonical = text;
    try {
      if (!text.equals(written)) {
        throw new ScanException.InvalidReference(
            "credentials do not belong in a reference, where others see them");
      }
      ImageReference reference = ImageReference.parse(text);
      canonical = reference.canonical();
      return scan(reference, request, listener);
    } catch (ScanException e) {
      listener.failed(text, e);
      return List.of(failed(text, canonical, Optional.empty(), e, request));
    } catch (OutOfMemoryError e) {
      ScanException failure = tooLittleMemory();
      listener.failed(text, failure);
      return List.of(failed(text, canonical, Optional.empty(), failure, request));
    } catch (RuntimeException | StackOverflowError e) {
      // One image may be our undoing, but not that of the others.
      ScanException defect = defect(e);
      listener.failed(text, defect);
      return List.of(failed(text, canonical, Optional.empty(), defect, request));
    }
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

  private List<ImageReport> scan(
      ImageReference reference, ScanRequest request, ScanListener listener)
      throws ScanException, InterruptedException {
    Passing passing = loader.passing(reference, listener);
    List<ImageReport> reports = new ArrayList<>();
    try {
      for (Image image : source(reference).resolve(reference, request.platforms(), passing)) {
        reports.add(scan(image, passing, request, listener));
      }
      return reports;
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

  private ImageReport scan(Image image, Passing passing, ScanRequest request, ScanListener listener)
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
      return report(image, layers, request);
    } catch (OutOfMemoryError e) {
      ScanException failure = tooLittleMemory();
      listener.failed(reference.text(), failure);
      return failed(reference.text(), reference.canonical(), Optional.of(image), failure, request);
    } catch (ScanException e) {
      listener.failed(reference.text(), e);
      return failed(reference.text(), reference.canonical(), Optional.of(image), e, request);
    }
  }

  private ImageReport report(Image image, List<Loaded> layers, ScanRequest request) {
    List<LayerFacts> layerFacts = layers.stream().map(Loaded::facts).toList();
    ImageFacts facts = ImageMerger.merge(image.manifest().config(), layerFacts);
    IntFunction<Optional<Digest>> digests =
        index ->
            index >= 0 && index < layerFacts.size()
                ? layerFacts.get(index).digest()
                : Optional.empty();
    List<Verdict> verdicts =
        request.targets().stream().map(target -> judge.judge(facts, digests, target)).toList();
    List<String> notes = new ArrayList<>(image.notes());
    otherCompression(image, layerFacts).ifPresent(notes::add);
    if (facts.elfFiles().isEmpty()) {
      notes.add("there is no ELF file in it: nothing that a guest kernel could refuse");
    }
    return new ImageReport(
        image.reference().text(),
        image.reference().canonical(),
        image.manifest().digest(),
        image.manifest().indexDigest(),
        image.manifest().configDigest(),
        Optional.of(image.manifest().platform().toString()),
        now(),
        Optional.of(
            ReportFactsBuilder.build(
                facts,
                rules.distribution(facts, digests),
                reportLayers(image, layers),
                digests,
                request.listElf())),
        verdicts,
        notes,
        Optional.empty());
  }

  /** Layers are read by what their bytes are; runtimes may go by the media type. */
  private static Optional<String> otherCompression(Image image, List<LayerFacts> facts) {
    List<String> others = new ArrayList<>();
    for (int i = 0; i < image.manifest().layers().size(); i++) {
      Layer layer = image.manifest().layers().get(i);
      String actual = facts.get(i).compression().toString();
      LayerMediaType.stated(layer.mediaType())
          .filter(stated -> !stated.equals(actual))
          .ifPresent(
              stated ->
                  others.add(
                      "layer "
                          + layer.digest().abbreviated()
                          + " is "
                          + actual
                          + ", where its media type says "
                          + stated));
    }
    return others.isEmpty()
        ? Optional.empty()
        : Optional.of(
            others.get(0)
                + (others.size() > 1 ? ", and " + (others.size() - 1) + " more likewise" : "")
                + ": a runtime may refuse this image");
  }

  private static List<ReportLayer> reportLayers(Image image, List<Loaded> loaded) {
    List<ReportLayer> layers = new ArrayList<>();
    for (int i = 0; i < loaded.size(); i++) {
      Loaded layer = loaded.get(i);
      Optional<Digest> diffId =
          i < image.manifest().layers().size()
              ? image.manifest().layers().get(i).diffId()
              : Optional.empty();
      layers.add(
          new ReportLayer(
              layer.facts().digest(), diffId, layer.facts().bytes(), layer.fromCache()));
    }
    return layers;
  }

  private ImageReport failed(
      String text,
      String canonical,
      Optional<Image> image,
      ScanException failure,
      ScanRequest request) {
    ScanError error =
        new ScanError(
            failure.kind(),
            failure.getMessage(),
            failure.whoseMove().name().toLowerCase(Locale.ROOT).replace('_', '-'),
            failure.retryable());
    return new ImageReport(
        text,
        canonical,
        image.flatMap(i -> i.manifest().digest()),
        image.flatMap(i -> i.manifest().indexDigest()),
        image.flatMap(i -> i.manifest().configDigest()),
        image.map(i -> i.manifest().platform().toString()),
        now(),
        Optional.empty(),
        request.targets().stream().map(t -> Verdict.unknown(t.name())).toList(),
        image.map(Image::notes).orElse(List.of()),
        Optional.of(error));
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

  private static ScanException defect(Throwable cause) {
    return new ScanException.Internal("a defect of this program: " + cause, cause);
  }

  private static ScanException tooLittleMemory() {
    return new ScanException.LimitExceeded(
        "the image has more programs, links and directories than fit into the memory of this"
            + " process, "
            + (Runtime.getRuntime().maxMemory() >> 20)
            + " MiB");
  }

  private String now() {
    return clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
  }

  @Override
  public void close() {
    loader.close();
    sources.forEach(ImageSource::close);
  }
}
