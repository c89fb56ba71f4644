package dev.imgcompat.service.sweep;

import dev.imgcompat.core.LayersUnderWay;
import dev.imgcompat.core.ScanRequest;
import dev.imgcompat.core.Scanner;
import dev.imgcompat.core.SweepInspector;
import dev.imgcompat.core.image.ImageReference.InRegistry;
import dev.imgcompat.core.image.RegistryListener;
import dev.imgcompat.core.image.ScanException;
import dev.imgcompat.core.rules.Target;
import dev.imgcompat.core.sweep.SweepListener;
import dev.imgcompat.core.sweep.SweepPacing;
import dev.imgcompat.core.sweep.SweepProgress;
import dev.imgcompat.core.sweep.SweepSummary;
import dev.imgcompat.core.sweep.Sweeper;
import dev.imgcompat.core.sweep.plan.SourceSpec;
import dev.imgcompat.core.sweep.plan.SweepPlan;
import dev.imgcompat.core.sweep.source.ReferenceSource;
import dev.imgcompat.core.sweep.source.ReferenceSources;
import dev.imgcompat.core.sweep.state.TagRecord;
import dev.imgcompat.service.kubernetes.ClusterImages;
import dev.imgcompat.service.scan.Findings;
import dev.imgcompat.service.scan.Scanners;
import dev.imgcompat.service.store.Store;
import dev.imgcompat.service.store.SweepQuery;
import dev.imgcompat.service.store.SweepRecord;
import dev.imgcompat.service.store.SweepRecord.State;
import dev.imgcompat.service.subject.InvalidQuestionException;
import dev.imgcompat.service.subject.Subjects;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts sweeps together, each with a scanner of its own: what slows it down does not slow down
 * lookups.
 */
final class Assembly {
  private static final Logger LOG = LoggerFactory.getLogger(Assembly.class);

  private static final Duration BROKEN = Duration.ofHours(1);

  private final Scanners scanners;
  private final Scanner main;
  private final RegistryListener registries;
  private final Subjects subjects;
  private final Store store;
  private final Findings findings;
  private final SweepWatch watch;
  private final int layers;
  private final LayersUnderWay underWay = new LayersUnderWay();
  private final Clock clock;

  /**
   * Creates one.
   *
   * @param main whose layers are not read a second time
   * @param layers how many each sweep reads at a time
   */
  Assembly(
      Scanners scanners,
      Scanner main,
      RegistryListener registries,
      Subjects subjects,
      Store store,
      Findings findings,
      SweepWatch watch,
      int layers,
      Clock clock) {
    this.scanners = scanners;
    this.main = main;
    this.registries = registries;
    this.subjects = subjects;
    this.store = store;
    this.findings = findings;
    this.watch = watch;
    this.layers = layers;
    this.clock = clock;
  }

  /** A sweep that can be run, once. */
  static final class Assembled implements AutoCloseable {
    private final Scanner scanner;
    private final List<ReferenceSource> sources;
    private final StoreSweepState state;
    private final Sweeper sweeper;

    private Assembled(
        Scanner scanner, List<ReferenceSource> sources, StoreSweepState state, Sweeper sweeper) {
      this.scanner = scanner;
      this.sources = sources;
      this.state = state;
      this.sweeper = sweeper;
    }

    Sweeper sweeper() {
      return sweeper;
    }

    StoreSweepState state() {
      return state;
    }

    @Override
    public void close() {
      sources.forEach(ReferenceSource::close);
      scanner.close();
    }
  }

  /**
   * Puts one together.
   *
   * @throws ScanException if one of its sources is none
   */
  Assembled assemble(SweepRecord run, SweepPlan plan) throws ScanException {
    SweepPacing pacing = new SweepPacing(plan.pace(), registries);
    Scanner scanner =
        scanners
            .online()
            .registryListener(pacing)
            .pace(plan.pace())
            .layersAtOnce(layers)
            .sharing(main)
            .together(underWay)
            .rememberBroken(BROKEN)
            .build();
    List<ReferenceSource> sources = new ArrayList<>();
    try {
      for (SourceSpec spec : plan.sources()) {
        sources.add(source(spec, scanner));
      }
      List<Target> targets = subjects.targets();
      StoreSweepState state =
          new StoreSweepState(
              store,
              findings,
              plan.name(),
              plan.platforms(),
              subjects.platform(),
              expected(plan.name()));
      Sweeper sweeper =
          new Sweeper(
              plan,
              run.run(),
              run.begunAt().orElse(run.requestedAt()),
              sources,
              new SweepInspector(scanner, new ScanRequest(plan.platforms(), targets, false)),
              pacing,
              state,
              listener(plan.name()),
              clock);
      return new Assembled(scanner, sources, state, sweeper);
    } catch (ScanException | RuntimeException e) {
      sources.forEach(ReferenceSource::close);
      scanner.close();
      throw e;
    }
  }

  private ReferenceSource source(SourceSpec spec, Scanner scanner) throws ScanException {
    return spec instanceof SourceSpec.Kubernetes cluster
        ? ClusterImages.of(cluster, this::named)
        : ReferenceSources.of(spec, scanner.listings(), InputStream.nullInputStream());
  }

  /** As lookups of builds in the same cluster name it. */
  private InRegistry named(String image) throws ScanException.InvalidReference {
    try {
      return subjects.requireReference(image);
    } catch (InvalidQuestionException e) {
      throw new ScanException.InvalidReference(String.valueOf(e.getMessage()));
    }
  }

  /** How many tags the last whole sweep dealt with. */
  private OptionalLong expected(String plan) {
    return store
        .sweeps()
        .find(new SweepQuery(Optional.of(plan), Optional.of(State.DONE), Optional.empty(), 1))
        .stream()
        .flatMap(s -> s.summary().stream())
        .map(SweepSummary::progress)
        .mapToLong(SweepProgress::done)
        .findFirst();
  }

  private SweepListener listener(String plan) {
    return new SweepListener() {
      @Override
      public void done(TagRecord record) {
        watch.done(plan, record);
      }

      @Override
      public void warning(String what) {
        LOG.warn("sweep {}: {}", plan, what);
      }
    };
  }
}
