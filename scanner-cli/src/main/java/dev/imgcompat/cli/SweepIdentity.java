package dev.imgcompat.cli;

import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.image.PlatformRequest;
import dev.imgcompat.core.sweep.plan.QuietHours;
import dev.imgcompat.core.sweep.plan.Selection;
import dev.imgcompat.core.sweep.plan.SourceSpec;
import dev.imgcompat.core.sweep.plan.SweepPace;
import dev.imgcompat.core.sweep.plan.SweepPlan;
import dev.imgcompat.core.sweep.plan.SweepPlan.Publishing;
import dev.imgcompat.core.sweep.plan.SweepPlan.Tolerance;
import dev.imgcompat.core.sweep.plan.SweepPlanFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** By what one sweep is known again by the next, and where what it found is kept. */
final class SweepIdentity {
  private static final int DIGITS = 8;
  private static final int MAX_WORD = 40;
  private static final String ENDING = ".sweep";

  private SweepIdentity() {}

  /** A name that follows from what is swept: a word of the first source, and digits of all. */
  static String name(List<SourceSpec> sources) {
    String word =
        word(sources.get(0)).replaceAll("[^A-Za-z0-9._-]+", "_").replaceAll("^[._-]+|[._-]+$", "");
    String start = word.isEmpty() ? "sweep" : word.substring(0, Math.min(MAX_WORD, word.length()));
    return start
        + "-"
        + hash(text(
                sources.stream().map(SweepIdentity::absolute).toList(),
                Selection.ALL,
                PlatformRequest.DEFAULT))
            .substring(0, DIGITS);
  }

  /** Files of one name in two directories are two. */
  private static SourceSpec absolute(SourceSpec source) {
    return source instanceof SourceSpec.References references
        ? new SourceSpec.References(
            references
                .file()
                .map(f -> f.toString().equals("-") ? f : f.toAbsolutePath().normalize()),
            references.references())
        : source;
  }

  private static String word(SourceSpec source) {
    if (source instanceof SourceSpec.Catalog catalog) {
      return catalog.registry();
    }
    if (source instanceof SourceSpec.Harbor harbor) {
      return harbor.registry();
    }
    if (source instanceof SourceSpec.Quay quay) {
      return quay.registry();
    }
    if (source instanceof SourceSpec.Repository repository) {
      return repository.name();
    }
    if (source instanceof SourceSpec.References references) {
      return references
          .file()
          .map(file -> file.toString().equals("-") ? "stdin" : String.valueOf(file.getFileName()))
          .orElse("references");
    }
    return "sweep";
  }

  /** What two runs have in common of which one may go on with the other. */
  static String fingerprint(SweepPlan plan, String basis) {
    return hash(text(plan.sources(), plan.selection(), plan.platforms()) + "\n" + basis);
  }

  private static String text(
      List<SourceSpec> sources, Selection selection, PlatformRequest platforms) {
    return new String(
        SweepPlanFile.json(
            new SweepPlan(
                "sweep",
                sources,
                selection,
                platforms,
                SweepPace.DEFAULT,
                QuietHours.NONE,
                Tolerance.DEFAULT,
                Publishing.AT_END,
                Optional.empty())),
        StandardCharsets.UTF_8);
  }

  private static String hash(String text) {
    return Digest.ofText(text).hex();
  }

  /** The file of what sweeps of a name found. */
  static Path file(Optional<Path> directory, String name, Streams streams) throws UsageException {
    return (directory.isPresent() ? directory.get() : standard(streams)).resolve(name + ENDING);
  }

  private static Path standard(Streams streams) throws UsageException {
    try {
      String xdg = streams.environment().getOrDefault("XDG_STATE_HOME", "");
      Path state = xdg.startsWith("/") ? Path.of(xdg) : Homes.of(streams).resolve(".local/state");
      return state.resolve("imgcompat").resolve("sweeps");
    } catch (InvalidPathException e) {
      throw new UsageException("no directory can be made of the environment: use --state");
    }
  }
}
