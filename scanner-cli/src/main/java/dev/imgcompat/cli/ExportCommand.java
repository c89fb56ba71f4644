package dev.imgcompat.cli;

import dev.imgcompat.core.export.ExportFormat;
import picocli.CommandLine.Command;
import picocli.CommandLine.IModelTransformer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code imgcompat export}, which has a subcommand for each format. */
@Command(
    name = "export",
    description =
        "Makes lists for routers and clusters, and pages for gates and people, from saved JSON reports.",
    synopsisSubcommandLabel = "FORMAT",
    subcommands = {},
    modelTransformer = ExportCommand.Formats.class,
    mixinStandardHelpOptions = true,
    versionProvider = ImgcompatCommand.VersionOfTheJar.class)
final class ExportCommand implements Runnable {
  @ParentCommand private ImgcompatCommand parent;
  @Spec private CommandSpec spec;

  Streams streams() {
    return parent.streams();
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "Missing a format: " + String.join(", ", spec.subcommands().keySet()));
  }

  /** Adds a subcommand for each format, in their order. */
  static final class Formats implements IModelTransformer {
    @Override
    public CommandSpec transform(CommandSpec export) {
      for (ExportFormat format : ExportFormat.values()) {
        export.addSubcommand(format.id(), FormatCommand.of(format));
      }
      return export;
    }
  }
}
