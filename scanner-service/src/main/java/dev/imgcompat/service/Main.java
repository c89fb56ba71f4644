package dev.imgcompat.service;

import dev.imgcompat.core.Version;
import dev.imgcompat.service.settings.InvalidSettingException;
import dev.imgcompat.service.settings.ProcessEnvironment;
import dev.imgcompat.service.settings.Settings;
import dev.imgcompat.service.settings.SettingsLoader;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;

/** {@code imgcompat serve}: starts the service, and goes on until it is told to stop. */
@Command(
    name = "serve",
    description = "Answers over HTTP whether images run, and scans those that it does not know.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.VersionOfTheJar.class,
    subcommands = TokenCommand.class,
    footerHeading = "%nSettings:%n",
    footer = {
      "  --set NAME=VALUE, else the variable IMGCOMPAT_NAME (server.port: IMGCOMPAT_SERVER_PORT),",
      "  else the file. docs/service.md lists them. At least registries.allowed is needed for scans:",
      "  serve --set registries.allowed='registry.example.com auth.example.com'"
    })
public final class Main implements Callable<Integer> {
  private static final int USAGE = 2;
  private static final int DEFECT = 1;

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description = "The file with settings, YAML below 'imgcompat:' (default: none).")
  private @Nullable Path file;

  @Option(
      names = {"-s", "--set"},
      paramLabel = "NAME=VALUE",
      description = "One setting, by its name without 'imgcompat.'.")
  private Map<String, String> set = new LinkedHashMap<>();

  private final ProcessEnvironment environment = ProcessEnvironment.current();

  private Main() {}

  /** Starts the service; ends the process only if that fails. */
  public static void main(String[] args) {
    int code = commandLine().execute(args);
    if (code != 0) {
      System.exit(code);
    }
  }

  private static CommandLine commandLine() {
    return new CommandLine(new Main())
        .setExecutionExceptionHandler(
            (failure, command, parsed) -> {
              Optional<String> line = StartFailure.line(failure);
              if (line.isPresent()) {
                command.getErr().println("imgcompat: " + line.get());
                return USAGE;
              }
              failure.printStackTrace(command.getErr());
              command.getErr().println("imgcompat: a defect of this program: " + failure);
              return DEFECT;
            });
  }

  @Override
  public Integer call() {
    if (file != null && !file.toFile().isFile()) {
      throw new InvalidSettingException(file, "is not there");
    }
    Settings settings =
        SettingsLoader.load(set, environment.variables(), Optional.ofNullable(file));
    Service service = Service.start(settings, environment);
    var log = LoggerFactory.getLogger(Main.class);
    List<String> strange = SettingsLoader.strangeVariables(environment.variables());
    if (!strange.isEmpty()) {
      log.warn("no settings: {}", String.join(", ", strange));
    }
    if (settings.registries().allowed().isEmpty()) {
      log.warn("registries.allowed is empty: nothing will be scanned");
    }
    log.info(
        "imgcompat {} answers on {}:{}, and is watched on {}:{}",
        Version.current(),
        settings.server().address(),
        service.port(),
        settings.management().address(),
        service.managementPort());
    return 0;
  }

  /** The version of the jar. */
  static final class VersionOfTheJar implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"imgcompat " + Version.current()};
    }
  }
}
