package dev.imgcompat.cli;

import dev.imgcompat.core.sweep.Inspector;
import dev.imgcompat.core.sweep.SweepListener;
import dev.imgcompat.core.sweep.SweepPacing;
import dev.imgcompat.core.sweep.SweepProgress;
import dev.imgcompat.core.sweep.SweepSummary;
import dev.imgcompat.core.sweep.SweepSummary.End;
import dev.imgcompat.core.sweep.Sweeper;
import dev.imgcompat.core.sweep.plan.SweepPlan;
import dev.imgcompat.core.sweep.source.ReferenceSource;
import dev.imgcompat.core.sweep.state.FileSweepState;
import dev.imgcompat.core.sweep.state.FileSweepState.OpenRun;
import dev.imgcompat.core.sweep.state.TagRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One sweep with all that comes of it: it goes on where one was interrupted, and each tag is told
 * once to each output. Used once; {@link #cancel} and {@link #progress} are for other threads, too.
 */
final class SweepRun {
  private final FileSweepState state;
  private final OpenRun run;
  private final boolean resumed;
  private final List<String> runtimes;
  private final List<SweepOutput> outputs;
  private final Sweeper sweeper;
  private final Object writing = new Object();
  private @Nullable IOException failure;

  /**
   * Prepares a sweep.
   *
   * @param begun which run it is
   * @param runtimes that were asked for, the first of which counts
   * @param warnings is told what whoever runs it should know
   */
  SweepRun(
      SweepPlan plan,
      FileSweepState state,
      Begun begun,
      List<ReferenceSource> sources,
      Inspector inspector,
      SweepPacing pacing,
      List<String> runtimes,
      List<SweepOutput> outputs,
      SweepListener warnings,
      Clock clock) {
    this.state = state;
    this.run = begun.run();
    this.resumed = begun.resumed();
    this.runtimes = List.copyOf(runtimes);
    this.outputs = List.copyOf(outputs);
    this.sweeper =
        new Sweeper(
            plan,
            run.run(),
            run.begunAt(),
            sources,
            inspector,
            pacing,
            state,
            new Listener(warnings),
            clock);
  }

  /**
   * A run that is open.
   *
   * @param resumed whether it was interrupted, and goes on
   * @param note what to say of that, if anything
   */
  record Begun(OpenRun run, boolean resumed, Optional<String> note) {}

  /**
   * Takes up the run that was interrupted, if there is one and it swept the same; or begins one.
   *
   * @param restart not to take one up
   */
  static Begun begin(FileSweepState state, String fingerprint, boolean restart, Clock clock) {
    Optional<OpenRun> open = state.unfinished();
    if (open.isPresent() && !restart && open.get().fingerprint().equals(fingerprint)) {
      return new Begun(
          open.get(),
          true,
          Optional.of("resuming the sweep that was begun at " + time(open.get())));
    }
    String why = restart ? "as --restart says" : "what to sweep, or by what to judge, has changed";
    return new Begun(
        state.begin(fingerprint, clock.instant().truncatedTo(ChronoUnit.MILLIS)),
        false,
        open.map(
            o ->
                "the sweep that was begun at "
                    + time(o)
                    + " and interrupted is not resumed, "
                    + why));
  }

  private static String time(OpenRun run) {
    return run.begunAt().truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /** Begins nothing more. */
  void cancel() {
    sweeper.control().cancel();
  }

  /** Leaves nothing half-written behind, whatever is still being done. */
  void discard() {
    SweepOutputs.close(outputs);
  }

  /** How far it is. */
  SweepProgress progress() {
    return sweeper.progress();
  }

  /**
   * Runs it to its end.
   *
   * @throws IOException of an output; the sweep can be resumed
   */
  SweepSummary run() throws IOException, InterruptedException {
    if (resumed) {
      // What was lost of an output is told once more.
      state.forEach(
          tag -> {
            if (tag.run() == run.run()) {
              tell(tag);
            }
          });
    }
    SweepSummary summary = sweeper.run();
    synchronized (writing) {
      if (failure != null) {
        throw failure;
      }
      if (summary.end() != End.CANCELLED) {
        tellOfAll();
      }
      for (SweepOutput output : outputs) {
        output.end(summary);
      }
    }
    if (summary.end() != End.CANCELLED) {
      state.end(run.run());
    }
    return summary;
  }

  private void tell(TagRecord tag) {
    synchronized (writing) {
      if (failure != null) {
        return;
      }
      try {
        for (SweepOutput output : outputs) {
          output.done(tag);
        }
      } catch (IOException e) {
        failure = e;
        cancel();
      }
    }
  }

  /** Tags come in the order of their references, and so those of a repository together. */
  private void tellOfAll() throws IOException {
    try {
      Repositories repositories = new Repositories();
      state.forEach(
          tag -> {
            try {
              for (SweepOutput output : outputs) {
                output.known(tag);
              }
              if (tag.run() == run.run()) {
                repositories.add(tag);
              }
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
      repositories.end();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /** Counts one repository after the other. */
  private final class Repositories {
    private @Nullable RepositoryTally current;

    void add(TagRecord tag) throws IOException {
      String name = RepositoryTally.repositoryOf(tag.reference());
      RepositoryTally tally = current;
      if (tally == null || !tally.repository().equals(name)) {
        end();
        tally = new RepositoryTally(name, runtimes);
        current = tally;
      }
      tally.add(tag);
    }

    void end() throws IOException {
      RepositoryTally ended = current;
      if (ended != null) {
        for (SweepOutput output : outputs) {
          output.repository(ended);
        }
      }
    }
  }

  /** Passes on what the sweep tells. */
  private final class Listener implements SweepListener {
    private final SweepListener warnings;

    Listener(SweepListener warnings) {
      this.warnings = warnings;
    }

    @Override
    public void done(TagRecord tag) {
      tell(tag);
    }

    @Override
    public void warning(String what) {
      warnings.warning(what);
    }
  }
}
