package dev.imgcompat.cli;

import dev.imgcompat.core.rules.KernelConfig;
import dev.imgcompat.core.rules.KernelConfigException;
import dev.imgcompat.core.rules.RuntimeFormat;
import dev.imgcompat.core.rules.Target;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code imgcompat runtimes}. */
@Command(
    name = "runtimes",
    description = "Shows what runtimes offer, or makes a profile of a guest kernel.",
    mixinStandardHelpOptions = true,
    versionProvider = ImgcompatCommand.VersionOfTheJar.class)
final class RuntimesCommand implements Runnable {
  private static final String STDIN = "-";

  @ParentCommand private ImgcompatCommand parent;
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "Missing a command: list, show or from-config");
  }

  @Command(
      name = "list",
      description = "Lists the runtimes that are known.",
      mixinStandardHelpOptions = true,
      versionProvider = ImgcompatCommand.VersionOfTheJar.class)
  int list(@Mixin RuleOptions rules) throws UsageException {
    RuntimeText text = new RuntimeText(parent.streams().out(), parent.streams().coloured());
    text.list(rules.pack().runtimes());
    return done();
  }

  @Command(
      name = "show",
      description = "Shows what a runtime offers, and what helps where it does not.",
      mixinStandardHelpOptions = true,
      versionProvider = ImgcompatCommand.VersionOfTheJar.class)
  int show(
      @Parameters(
              paramLabel = "NAME[:VERSION]",
              description = "A runtime, or file:FILE[#NAME[:VERSION]].")
          String name,
      @Mixin RuleOptions rules,
      @Option(
              names = {"-o", "--output"},
              paramLabel = "FORMAT",
              defaultValue = "text",
              description =
                  "text, or json or yaml, which are files for --runtime file:FILE"
                      + " (default: ${DEFAULT-VALUE}).")
          OutputFormat output)
      throws UsageException {
    Target target = Targets.of(name, rules.pack());
    switch (output) {
      case TEXT ->
          new RuntimeText(parent.streams().out(), parent.streams().coloured()).show(target);
      case JSON -> parent.streams().out().print(RuntimeFormat.json(target));
      case YAML -> parent.streams().out().print(RuntimeFormat.yaml(target));
    }
    return done();
  }

  @Command(
      name = "from-config",
      description = {
        "Makes a profile of a guest kernel from its configuration, which 'scan --runtime file:FILE' takes:",
        "the file .config that it was built with, /boot/config-* or /proc/config.gz."
      },
      mixinStandardHelpOptions = true,
      versionProvider = ImgcompatCommand.VersionOfTheJar.class)
  int fromConfig(
      @Parameters(
              paramLabel = "FILE",
              description = "The configuration, gzipped or not; - reads standard input.")
          Path file,
      @Option(
              names = "--id",
              defaultValue = "my-kernel",
              description = "The id of the profile (default: ${DEFAULT-VALUE}).")
          String id,
      @Option(names = "--title", description = "The title of the profile.") @Nullable String title,
      @Option(
              names = "--kernel-version",
              paramLabel = "VERSION",
              description = "Such as 6.12, where the file does not say it.")
          @Nullable String kernelVersion,
      @Option(
              names = "--cmdline",
              paramLabel = "PARAMETERS",
              defaultValue = "",
              description = "With which the kernel is booted, such as \"quiet vsyscall=emulate\".")
          String commandLine)
      throws UsageException {
    boolean stdin = file.toString().equals(STDIN);
    try (InputStream in = stdin ? parent.streams().in() : InputFile.open(file)) {
      Target target =
          KernelConfig.read(in)
              .profile(
                  new KernelConfig.Wanted(
                      id,
                      Optional.ofNullable(title),
                      Optional.ofNullable(kernelVersion),
                      commandLine));
      parent.streams().out().print(RuntimeFormat.yaml(target));
      return done();
    } catch (NoSuchFileException e) {
      throw new UsageException(file + ": no such file");
    } catch (IOException | KernelConfigException e) {
      throw new UsageException((stdin ? "standard input" : file) + ": " + e.getMessage());
    }
  }

  private int done() {
    parent.streams().out().flush();
    return ExitCode.OK;
  }
}
