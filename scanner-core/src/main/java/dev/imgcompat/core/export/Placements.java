package dev.imgcompat.core.export;

import dev.imgcompat.core.export.Selection.Judged;
import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.image.ImageReference;
import dev.imgcompat.core.image.ScanException;
import dev.imgcompat.core.router.ImageName;
import dev.imgcompat.core.rules.Effect;
import dev.imgcompat.core.rules.Finding;
import dev.imgcompat.core.verdict.Decision;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Where a router should send which names: what becomes of every image that counts, by each name
 * that it has. Of several images with one name the worst counts; of several scans of one digest the
 * newest does.
 *
 * @param all every name, ordered
 * @param elsewhere images that no router can name, since they are in no registry
 */
record Placements(SortedMap<ImageName, Placement> all, List<Judged> elsewhere) {

  /** What becomes of an image. */
  enum Place {
    RUNS,
    WITH_PARAMS,
    EXCLUDED
  }

  /**
   * What becomes of an image.
   *
   * @param place where it goes
   * @param parameters that it goes with; present for {@link Place#WITH_PARAMS} only
   * @param because the image that decided
   */
  record Placement(Place place, Optional<ParameterSet> parameters, Judged because) {
    /** Ids of the rules that it follows from, or the kind of failure. */
    List<String> reasons(ExportOptions options) {
      return Placements.reasons(because, options);
    }
  }

  /** Returns where images go; with parameters only if {@code byParameters}. */
  static Placements of(Selection selection, ExportOptions options, boolean byParameters)
      throws ExportException {
    Map<ImageName, Map<String, Placement>> found = new TreeMap<>();
    List<Judged> elsewhere = new ArrayList<>();
    for (Judged judged : selection.images()) {
      List<ImageName> names = names(judged);
      if (names.isEmpty()) {
        elsewhere.add(judged);
      }
      Placement placement = place(judged, options, byParameters);
      for (ImageName name : names) {
        Map<String, Placement> ofName = found.computeIfAbsent(name, k -> new LinkedHashMap<>());
        String scanned = judged.image().canonical();
        Placement before = ofName.get(scanned);
        ofName.put(scanned, before == null ? placement : worse(before, placement));
      }
    }
    for (Judged other : selection.others()) {
      Optional<ImageName> home = name(other.image().canonical());
      if (home.isPresent() && other.image().digest().isPresent()) {
        ImageName name =
            ImageName.digested(
                home.get().registry(), home.get().repository(), other.image().digest().get());
        found
            .computeIfAbsent(name, k -> new LinkedHashMap<>())
            .putIfAbsent(other.image().canonical(), place(other, options, byParameters));
      }
    }
    SortedMap<ImageName, Placement> all = new TreeMap<>();
    for (Map.Entry<ImageName, Map<String, Placement>> entry : found.entrySet()) {
      all.put(entry.getKey(), newest(entry.getValue().values()));
    }
    return new Placements(all, List.copyOf(elsewhere));
  }

  /** The names that go to a place. */
  SortedSet<ImageName> in(Place place) {
    SortedSet<ImageName> names = new TreeSet<>();
    all.forEach(
        (name, placement) -> {
          if (placement.place() == place) {
            names.add(name);
          }
        });
    return names;
  }

  /** The names that need each set of parameters. */
  SortedMap<ParameterSet, SortedSet<ImageName>> sets() {
    SortedMap<ParameterSet, SortedSet<ImageName>> sets = new TreeMap<>();
    all.forEach(
        (name, placement) ->
            placement
                .parameters()
                .ifPresent(s -> sets.computeIfAbsent(s, k -> new TreeSet<>()).add(name)));
    return sets;
  }

  /**
   * The names that need each set of parameters and are nothing else to a router that does not tell
   * capitals from small letters: neither excluded, nor in need of another set.
   */
  SortedMap<ParameterSet, SortedSet<ImageName>> setsForRouter() {
    Set<String> ambiguous = new HashSet<>();
    for (SortedSet<ImageName> same : sameToRouter()) {
      Set<Optional<ParameterSet>> others =
          same.stream()
              .map(name -> all.get(name))
              .filter(p -> p.place() != Place.RUNS)
              .map(Placement::parameters)
              .collect(Collectors.toSet());
      if (others.size() > 1) {
        same.forEach(name -> ambiguous.add(name.toString()));
      }
    }
    SortedMap<ParameterSet, SortedSet<ImageName>> sets = new TreeMap<>();
    sets()
        .forEach(
            (set, names) -> {
              SortedSet<ImageName> clear =
                  names.stream()
                      .filter(n -> !ambiguous.contains(n.toString()))
                      .collect(Collectors.toCollection(TreeSet::new));
              if (!clear.isEmpty()) {
                sets.put(set, clear);
              }
            });
    return sets;
  }

  /** Names that differ in capitals only, and go to different places. */
  List<SortedSet<ImageName>> sameToRouter() {
    Map<String, SortedSet<ImageName>> byFolded = new TreeMap<>();
    all.keySet().stream()
        .filter(n -> !n.isDigest())
        .forEach(
            n ->
                byFolded
                    .computeIfAbsent(n.toString().toLowerCase(Locale.ROOT), k -> new TreeSet<>())
                    .add(n));
    return byFolded.values().stream()
        .filter(
            same ->
                same.stream()
                        .map(n -> all.get(n).place() + " " + all.get(n).parameters())
                        .distinct()
                        .count()
                    > 1)
        .toList();
  }

  /** What becomes of one image. */
  static Placement place(Judged judged, ExportOptions options, boolean byParameters)
      throws ExportException {
    Decision decision = judged.verdict().decision();
    Set<String> parameters = parameters(judged, options);
    boolean excluded =
        switch (decision) {
          case EXCLUDED -> true;
          case UNKNOWN -> options.excludeUnknown();
          case NEEDS_KERNEL_PARAMS -> !byParameters && !options.guestHasParams();
          case COMPATIBLE -> false;
        };
    if (excluded) {
      return new Placement(Place.EXCLUDED, Optional.empty(), judged);
    }
    if (byParameters && !parameters.isEmpty()) {
      return new Placement(
          Place.WITH_PARAMS,
          Optional.of(ParameterSet.of(parameters, judged.image().reference())),
          judged);
    }
    return new Placement(Place.RUNS, Optional.empty(), judged);
  }

  /** The parameters that an image wants, those of advice where they are asked for. */
  static SortedSet<String> parameters(Judged judged, ExportOptions options) {
    SortedSet<String> parameters = new TreeSet<>();
    Decision decision = judged.verdict().decision();
    if (decision == Decision.COMPATIBLE || decision == Decision.NEEDS_KERNEL_PARAMS) {
      if (!options.guestHasParams()) {
        parameters.addAll(judged.verdict().kernelParams());
      }
      wanting(judged, options).stream()
          .filter(f -> f.effect() == Effect.ADVICE)
          .forEach(f -> parameters.addAll(f.kernelParams()));
    }
    return parameters;
  }

  /** The findings that an image's parameters follow from. */
  static List<Finding> wanting(Judged judged, ExportOptions options) {
    Decision decision = judged.verdict().decision();
    if (decision == Decision.EXCLUDED || decision == Decision.UNKNOWN) {
      return List.of();
    }
    return judged.verdict().findings().stream()
        .filter(
            f ->
                (f.decides() && decision == Decision.NEEDS_KERNEL_PARAMS)
                    || (options.withAdvice() && f.effect() == Effect.ADVICE))
        .toList();
  }

  /** Ids of the rules that the place of an image follows from, or the kind of failure. */
  static List<String> reasons(Judged judged, ExportOptions options) {
    return judged
        .image()
        .error()
        .map(e -> List.of(e.kind()))
        .orElseGet(
            () ->
                judged.verdict().findings().stream()
                    .filter(
                        f ->
                            f.decides()
                                || (options.withAdvice()
                                    && f.effect() == Effect.ADVICE
                                    && !f.kernelParams().isEmpty()))
                    .map(Finding::rule)
                    .toList());
  }

  /**
   * The names of an image in a registry: its tag, unless a digest was asked for, its digest, and
   * that of the index which led to it.
   */
  static List<ImageName> names(Judged judged) {
    Optional<ImageName> first = name(judged.image().canonical());
    if (first.isEmpty()) {
      return List.of();
    }
    SortedSet<ImageName> names = new TreeSet<>(Set.of(first.get()));
    for (Optional<Digest> digest : List.of(judged.image().digest(), judged.image().indexDigest())) {
      digest.ifPresent(
          d -> names.add(ImageName.digested(first.get().registry(), first.get().repository(), d)));
    }
    return List.copyOf(names);
  }

  /** The first name of a reference: its digest if it has one, or else its tag. */
  static Optional<ImageName> name(String reference) {
    try {
      return ImageReference.parse(reference) instanceof ImageReference.InRegistry image
          ? image
              .digest()
              .map(d -> ImageName.digested(image.registry(), image.repository(), d))
              .or(
                  () ->
                      image
                          .tag()
                          .map(t -> ImageName.tagged(image.registry(), image.repository(), t)))
          : Optional.empty();
    } catch (ScanException.InvalidReference e) {
      return Optional.empty();
    }
  }

  private static Placement newest(Collection<Placement> scans) throws ExportException {
    Placement newest = null;
    for (Placement scan : scans) {
      int order =
          newest == null
              ? 1
              : scan.because().image().scannedAt().compareTo(newest.because().image().scannedAt());
      newest = order == 0 ? worse(newest, scan) : order > 0 ? scan : newest;
    }
    return newest;
  }

  private static Placement worse(Placement a, Placement b) throws ExportException {
    if (a.place() == Place.WITH_PARAMS && b.place() == Place.WITH_PARAMS) {
      Set<String> both = new TreeSet<>(a.parameters().orElseThrow().kernelParams());
      both.addAll(b.parameters().orElseThrow().kernelParams());
      return new Placement(
          Place.WITH_PARAMS,
          Optional.of(ParameterSet.of(both, a.because().image().reference())),
          a.because());
    }
    return b.place().compareTo(a.place()) > 0 ? b : a;
  }
}
