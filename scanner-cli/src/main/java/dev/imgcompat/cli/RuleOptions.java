package dev.imgcompat.cli;

import dev.imgcompat.core.rules.RulePack;
import dev.imgcompat.core.rules.RulePackException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which rules and runtimes there are. */
final class RuleOptions {
  @Option(
      names = "--rules",
      paramLabel = "DIR",
      description = "Rule files (*.yaml) that add to the built-in ones, or replace them by id.")
  private @Nullable Path directory;

  RulePack pack() throws UsageException {
    try {
      return RulePack.load(Optional.ofNullable(directory));
    } catch (RulePackException e) {
      throw new UsageException(e.getMessage());
    }
  }
}
