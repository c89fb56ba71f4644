package dev.imgcompat.cli;

import dev.imgcompat.core.export.ExclusionList;
import dev.imgcompat.core.export.ExportException;
import dev.imgcompat.core.export.ExportOptions;
import dev.imgcompat.core.export.KernelParamsList;
import dev.imgcompat.core.image.PlatformRequest;
import dev.imgcompat.core.verdict.Report;
import dev.imgcompat.core.verdict.ReportFormat;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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

/** {@code imgcompat export}. */
@Command(
    name = "export",
    description = "Makes lists for a router from saved JSON reports.",
    mixinStandardHelpOptions = true,
    versionProvider = ImgcompatCommand.VersionOfTheJar.class)
final class ExportCommand implements Runnable {
  @ParentCommand private ImgcompatCommand parent;
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Missing a list: exclusions or kernel-params");
  }

  /** The forms of a list. */
  enum ListFormat {
    TEXT,
    JSON
  }

  /** What both lists take. */
  static final class ListOptions {
    @Parameters(
        arity = "0..*",
        paramLabel = "REPORT",
        description = "Reports of 'scan -o json'; standard input if none is given, or for -.")
    private List<Path> reports = new ArrayList<>();

    @Option(
        names = "--runtime",
        paramLabel = "NAME[:VERSION]",
        description = "Whose verdicts count, where the reports have several.")
    private @Nullable String runtime;

    @Option(
        names = "--platform",
        paramLabel = "OS/ARCH",
        description =
            "Counts the images of this platform only, or of all (default: linux/amd64 of references"
                + " that were scanned for several).")
    private @Nullable String platform;

    @Option(
        names = {"-o", "--output"},
        paramLabel = "FORMAT",
        defaultValue = "text",
        description = "text or json (default: ${DEFAULT-VALUE}).")
    private ListFormat output = ListFormat.TEXT;

    private ExportOptions options(
        boolean excludeUnknown, boolean guestHasParams, boolean withAdvice) throws UsageException {
      try {
        return new ExportOptions(
            Optional.ofNullable(runtime),
            platform == null ? PlatformRequest.DEFAULT : PlatformRequest.parse(platform),
            excludeUnknown,
            guestHasParams,
            withAdvice);
      } catch (IllegalArgumentException e) {
        throw new UsageException(e.getMessage());
      }
    }
  }

  /** What to do with images of which nothing is known. */
  enum Unknown {
    EXCLUDE,
    ALLOW
  }

  @Command(
      name = "exclusions",
      description = "Lists the images to keep away from a runtime.",
      mixinStandardHelpOptions = true,
      versionProvider = ImgcompatCommand.VersionOfTheJar.class)
  int exclusions(
      @Mixin ListOptions list,
      @Option(
              names = "--unknown",
              defaultValue = "exclude",
              paramLabel = "exclude|allow",
              description =
                  "What becomes of images that could not be scanned (default: ${DEFAULT-VALUE}).")
          Unknown unknown,
      @Option(
              names = "--guest-has-params",
              description = "The guests have the kernel parameters that images need.")
          boolean guestHasParams)
      throws UsageException {
    ExportOptions options = list.options(unknown == Unknown.EXCLUDE, guestHasParams, false);
    List<Report> reports = read(list.reports);
    return print(
        () ->
            list.output == ListFormat.JSON
                ? ExclusionList.json(reports, options)
                : ExclusionList.text(reports, options));
  }

  @Command(
      name = "kernel-params",
      description = "Lists the images that run with additional kernel parameters, and which.",
      mixinStandardHelpOptions = true,
      versionProvider = ImgcompatCommand.VersionOfTheJar.class)
  int kernelParams(
      @Mixin ListOptions list,
      @Option(
              names = "--with-advice",
              description = "Adds parameters against what is only slow, such as old rpm.")
          boolean withAdvice)
      throws UsageException {
    ExportOptions options = list.options(true, false, withAdvice);
    List<Report> reports = read(list.reports);
    return print(
        () ->
            list.output == ListFormat.JSON
                ? KernelParamsList.json(reports, options)
                : KernelParamsList.text(reports, options));
  }

  @FunctionalInterface
  private interface ListMaker {
    String make() throws ExportException;
  }

  private int print(ListMaker list) throws UsageException {
    try {
      parent.streams().out().print(list.make());
      parent.streams().out().flush();
      return ExitCode.OK;
    } catch (ExportException e) {
      throw new UsageException(e.getMessage());
    }
  }

  private List<Report> read(List<Path> files) throws UsageException {
    List<Report> reports = new ArrayList<>();
    for (Path file : files.isEmpty() ? List.of(Path.of("-")) : files) {
      boolean stdin = file.toString().equals("-");
      try (InputStream in = stdin ? parent.streams().in() : InputFile.open(file)) {
        reports.add(ReportFormat.read(in));
      } catch (IOException e) {
        throw new UsageException(
            (stdin ? "standard input" : file)
                + ": "
                + (e instanceof NoSuchFileException ? "no such file" : e.getMessage()));
      }
    }
    return reports;
  }
}
