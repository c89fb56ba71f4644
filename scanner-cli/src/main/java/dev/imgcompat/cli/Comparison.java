package dev.imgcompat.cli;

import dev.imgcompat.core.export.ListDiff;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a new list is compared with the one before it. */
final class Comparison {
  private static final Pattern PERCENT = Pattern.compile("(\\d{1,3}(?:\\.\\d{1,3})?)%?");

  @Option(
      names = "--diff",
      paramLabel = "OLD",
      description =
          "Prints what the new list has that OLD, a list of the same format, has not, and the other"
              + " way round, and why; the list itself only goes to --write then.")
  private @Nullable Path old;

  @Option(
      names = "--max-removals",
      paramLabel = "N%",
      description =
          "Does not publish a list that lacks more than N%% of the entries of the old one, which is"
              + " that of --diff, or else the file to --write; ends with exit code 5.")
  private @Nullable String maxRemovals;

  boolean isPrinted() {
    return old != null;
  }

  /** What the new list is compared with, to be named. */
  String name(Publication publication) {
    return String.valueOf(old == null ? publication.target().orElse(null) : old);
  }

  /** Refuses options that cannot work together. */
  void check(Publication publication) throws UsageException {
    if (old != null && old.toString().equals("-")) {
      throw new UsageException("--diff wants a file: standard input is for reports");
    }
    if (maxRemovals == null) {
      return;
    }
    if (percent(maxRemovals) > 100) {
      throw new UsageException("--max-removals: " + maxRemovals + " is more than all");
    }
    if (old == null && publication.target().isEmpty()) {
      throw new UsageException("--max-removals needs a list to compare with: --diff or --write");
    }
  }

  /** The old list, where one is asked for and is there. */
  Optional<String> before(Publication publication) throws UsageException {
    boolean isOptional = old == null;
    Path file = isOptional ? publication.target().orElse(null) : old;
    if (file == null || (isOptional && maxRemovals == null)) {
      return Optional.empty();
    }
    Optional<String> before = OldList.read(file);
    if (before.isEmpty() && !isOptional) {
      throw new UsageException(file + ": no such file");
    }
    if (before.filter(String::isBlank).isPresent()) {
      throw new UsageException(file + ": is empty, and so no list to compare with");
    }
    return before;
  }

  /** Why a list must not be published; empty if it may be. */
  Optional<String> refusal(ListDiff difference) throws UsageException {
    if (maxRemovals == null || !difference.removesMoreThan(percent(maxRemovals))) {
      return Optional.empty();
    }
    return Optional.of(
        "not published: "
            + difference.removed()
            + " of "
            + difference.entries()
            + " entries would be gone, more than "
            + maxRemovals
            + (maxRemovals.endsWith("%") ? "" : "%")
            + "; see which with --diff and without --max-removals");
  }

  /** Prints the difference, and how much it is. */
  void print(ListDiff difference, Streams streams) {
    difference.lines().forEach(streams.out()::println);
    streams
        .out()
        .println(
            String.format(
                Locale.ROOT,
                "%d added, %d removed, %d elsewhere",
                count(difference, '+'),
                count(difference, '-'),
                count(difference, '~')));
  }

  private static long count(ListDiff difference, char sign) {
    return difference.lines().stream().filter(l -> l.charAt(0) == sign).count();
  }

  private static double percent(String text) throws UsageException {
    Matcher matcher = PERCENT.matcher(text);
    if (!matcher.matches()) {
      throw new UsageException("--max-removals: '" + text + "' is not a percentage, such as 10%");
    }
    return Double.parseDouble(matcher.group(1));
  }
}
