package dev.imgcompat.cli;

import dev.imgcompat.core.config.ConfigException;
import dev.imgcompat.core.config.Configuration;
import dev.imgcompat.core.image.Printable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code imgcompat config}. */
@Command(
    name = "config",
    description = "Shows the settings that hold.",
    mixinStandardHelpOptions = true,
    versionProvider = ImgcompatCommand.VersionOfTheJar.class)
final class ConfigCommand implements Runnable {
  @ParentCommand private ImgcompatCommand parent;
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Missing a command: show");
  }

  @Command(
      name = "show",
      description = {
        "Shows how registries are spoken to, as a config.yaml, and where each value is from.",
        "Passwords are hidden; none is read."
      },
      mixinStandardHelpOptions = true,
      versionProvider = ImgcompatCommand.VersionOfTheJar.class)
  int show(
      @Option(
              names = "--registry",
              paramLabel = "HOST",
              description = "Shows what holds for this registry only.")
          @Nullable String registry,
      @Mixin RegistryOptions registries)
      throws UsageException {
    Configuration configuration = registries.configuration(parent.streams());
    try {
      String yaml = registry == null ? configuration.yaml() : configuration.yaml(registry);
      yaml.lines().forEach(line -> parent.streams().out().println(Printable.of(line)));
      parent.streams().out().flush();
      return ExitCode.OK;
    } catch (ConfigException e) {
      throw new UsageException(e.getMessage());
    }
  }
}
