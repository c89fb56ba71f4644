package dev.imgcompat.core;

import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.image.Image;
import dev.imgcompat.core.image.Layer;
import dev.imgcompat.core.image.LayerMediaType;
import dev.imgcompat.core.image.ScanException;
import dev.imgcompat.core.layer.LayerFacts;
import dev.imgcompat.core.rootfs.ImageFacts;
import dev.imgcompat.core.rootfs.ImageMerger;
import dev.imgcompat.core.rules.Policy;
import dev.imgcompat.core.rules.RuleEngine;
import dev.imgcompat.core.rules.RulePack;
import dev.imgcompat.core.verdict.Judge;
import dev.imgcompat.core.verdict.Report.ImageReport;
import dev.imgcompat.core.verdict.Report.ScanError;
import dev.imgcompat.core.verdict.ReportFacts.ReportLayer;
import dev.imgcompat.core.verdict.ReportFactsBuilder;
import dev.imgcompat.core.verdict.Verdict;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;

/** Makes reports on images out of the facts of their layers. Safe for use by several threads. */
final class ImageReports {
  private final RulePack rules;
  private final Judge judge;
  private final Clock clock;

  ImageReports(RulePack rules, Policy policy, Clock clock) {
    this.rules = rules;
    this.judge = new Judge(new RuleEngine(rules, policy));
    this.clock = clock;
  }

  /** The report on an image all of whose layers are known. */
  ImageReport judged(Image image, List<Loaded> layers, ScanRequest request) {
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

  /**
   * The report on an image that could not be scanned.
   *
   * @param image as far as it is known
   */
  ImageReport failed(
      String text,
      String canonical,
      Optional<Image> image,
      ScanException failure,
      ScanRequest request) {
    ScanError error = ScanError.of(failure);
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

  private String now() {
    return clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
