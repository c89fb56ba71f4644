package dev.imgcompat.cli;

import dev.imgcompat.core.image.Printable;
import dev.imgcompat.core.lint.RouterConfig;
import dev.imgcompat.core.lint.RouterConfig.Source;
import dev.imgcompat.core.lint.RouterConfigException;
import dev.imgcompat.core.lint.RouterLint;
import dev.imgcompat.core.lint.RouterLintFormat;
import dev.imgcompat.core.lint.RouterTrap;
import dev.imgcompat.core.lint.RouterTrap.Severity;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi.Style;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code imgcompat lint-router}. */
@Command(
    name = "lint-router",
    description = {
      "Finds traps in a queue worker's configuration: what Screwdriver's executor router takes for"
          + " something else than its author.",
      "Ends with 3 if there are errors, and prints no value but patterns, keys and names."
    },
    mixinStandardHelpOptions = true,
    versionProvider = ImgcompatCommand.VersionOfTheJar.class)
final class LintRouterCommand implements Callable<Integer> {
  private static final String STDIN = "-";
  private static final int MAX_BYTES = 64 << 20;

  @ParentCommand private ImgcompatCommand parent;

  @Parameters(
      arity = "1..*",
      paramLabel = "CONFIG",
      description =
          "The files in the worker's order, such as default.yaml local.yaml, each of which ranks above"
              + " those before; - reads YAML from standard input.")
  private List<Path> files;

  @Option(names = "--strict", description = "Ends with 3 if there are warnings, too.")
  private boolean strict;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "text or json (default: ${DEFAULT-VALUE}).")
  private LintFormat output;

  /** The forms of the traps. */
  enum LintFormat {
    TEXT,
    JSON
  }

  @Override
  public Integer call() throws UsageException {
    List<Source> sources = new ArrayList<>();
    for (Path file : files) {
      sources.add(source(file));
    }
    List<RouterTrap> traps;
    try {
      traps = RouterLint.of(RouterConfig.read(sources));
    } catch (RouterConfigException e) {
      throw new UsageException(e.getMessage());
    }
    PrintWriter out = parent.streams().out();
    switch (output) {
      case TEXT -> text(traps, out, new Colours(parent.streams().coloured()));
      case JSON -> out.print(RouterLintFormat.json(traps));
    }
    out.flush();
    boolean fails =
        count(traps, Severity.ERROR) > 0 || (strict && count(traps, Severity.WARNING) > 0);
    return fails ? ExitCode.VERDICT : ExitCode.OK;
  }

  private Source source(Path file) throws UsageException {
    boolean stdin = file.toString().equals(STDIN);
    String name = stdin ? "standard input" : file.toString();
    try (InputStream in = stdin ? parent.streams().in() : InputFile.open(file)) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw new UsageException(name + ": larger than 64 MiB, which no configuration is");
      }
      return new Source(name, new String(bytes, StandardCharsets.UTF_8));
    } catch (NoSuchFileException e) {
      throw new UsageException(name + ": no such file");
    } catch (IOException e) {
      throw new UsageException(name + ": " + e.getMessage());
    }
  }

  private static void text(List<RouterTrap> traps, PrintWriter out, Colours colours) {
    for (RouterTrap trap : traps) {
      out.println(
          Printable.of(trap.file())
              + ":"
              + trap.line()
              + ": "
              + colours.styled(trap.severity() + ":", style(trap.severity()))
              + " "
              + trap.message()
              + " ["
              + trap.id()
              + "]");
    }
    out.println(
        traps.isEmpty()
            ? "no traps found"
            : String.join(
                ", ",
                counted(count(traps, Severity.ERROR), "error"),
                counted(count(traps, Severity.WARNING), "warning"),
                counted(count(traps, Severity.NOTE), "note")));
  }

  private static Style style(Severity severity) {
    return switch (severity) {
      case ERROR -> Style.fg_red;
      case WARNING -> Style.fg_yellow;
      case NOTE -> Style.faint;
    };
  }

  private static long count(List<RouterTrap> traps, Severity severity) {
    return traps.stream().filter(t -> t.severity() == severity).count();
  }

  private static String counted(long count, String noun) {
    return count + " " + noun + (count == 1 ? "" : "s");
  }
}
