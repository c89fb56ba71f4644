package dev.imgcompat.cli;

import dev.imgcompat.core.facts.FileFactStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code imgcompat cache}. */
@Command(
    name = "cache",
    description = "Shows or empties the cache of layer facts.",
    mixinStandardHelpOptions = true,
    versionProvider = ImgcompatCommand.VersionOfTheJar.class)
final class CacheCommand implements Runnable {
  private static final Pattern AGE = Pattern.compile("(\\d{1,6})([smhd])");

  @ParentCommand private ImgcompatCommand parent;
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Missing a command: info or prune");
  }

  @Command(
      name = "info",
      description = "Shows where the cache is and what it holds.",
      mixinStandardHelpOptions = true,
      versionProvider = ImgcompatCommand.VersionOfTheJar.class)
  int info(@Mixin CacheOptions cache) throws UsageException {
    Path directory = cache.directory(parent.streams());
    try {
      FileFactStore.Usage usage = store(directory).usage();
      parent.streams().out().println("directory  " + directory);
      parent.streams().out().println("layers     " + usage.layers());
      parent.streams().out().println("documents  " + usage.documents());
      parent.streams().out().println("size       " + Sizes.of(usage.bytes()));
      return ExitCode.OK;
    } catch (IOException e) {
      throw unreadable(directory, e);
    }
  }

  @Command(
      name = "prune",
      description = "Removes facts that were not used for some time.",
      mixinStandardHelpOptions = true,
      versionProvider = ImgcompatCommand.VersionOfTheJar.class)
  int prune(
      @Mixin CacheOptions cache,
      @Option(
              names = "--older-than",
              paramLabel = "AGE",
              defaultValue = "30d",
              description =
                  "Such as 12h or 30d (default: ${DEFAULT-VALUE}); 0s removes everything.")
          String age)
      throws UsageException {
    Duration unused = duration(age);
    Path directory = cache.directory(parent.streams());
    try {
      FileFactStore.Usage removed = store(directory).prune(unused);
      parent
          .streams()
          .out()
          .println(
              "removed "
                  + removed.layers()
                  + " layers and "
                  + removed.documents()
                  + " documents, "
                  + Sizes.of(removed.bytes()));
      return ExitCode.OK;
    } catch (IOException e) {
      throw unreadable(directory, e);
    }
  }

  private FileFactStore store(Path directory) {
    return new FileFactStore(
        directory, warning -> parent.streams().err().println("imgcompat: " + warning));
  }

  private static UsageException unreadable(Path directory, IOException e) {
    return new UsageException("the cache " + directory + " cannot be used: " + e.getMessage());
  }

  private static Duration duration(String age) throws UsageException {
    Matcher matcher = AGE.matcher(age);
    if (!matcher.matches()) {
      throw new UsageException("'" + age + "' is no age: write a number and one of s, m, h, d");
    }
    long amount = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      case "h" -> Duration.ofHours(amount);
      default -> Duration.ofDays(amount);
    };
  }
}
