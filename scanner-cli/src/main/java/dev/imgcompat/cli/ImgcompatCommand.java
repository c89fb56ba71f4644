package dev.imgcompat.cli;

import dev.imgcompat.core.Version;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The root of the commands. */
@Command(
    name = "imgcompat",
    description = "Tells whether container images run in lightweight VMs, without running them.",
    mixinStandardHelpOptions = true,
    versionProvider = ImgcompatCommand.VersionOfTheJar.class,
    subcommands = {
      ScanCommand.class,
      SweepCommand.class,
      ExportCommand.class,
      LintRouterCommand.class,
      ExplainCommand.class,
      RuntimesCommand.class,
      CacheCommand.class,
      ConfigCommand.class,
      ServeCommand.class,
      HelpCommand.class
    })
final class ImgcompatCommand implements Runnable {
  private final Streams streams;

  @Spec private CommandSpec spec;

  ImgcompatCommand(Streams streams) {
    this.streams = streams;
  }

  Streams streams() {
    return streams;
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "Missing a command: scan, sweep, export, lint-router, explain, runtimes, cache, config or serve");
  }

  static final class VersionOfTheJar implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"imgcompat " + Version.current()};
    }
  }
}
