package dev.imgcompat.cli;

import dev.imgcompat.core.export.ExportException;
import dev.imgcompat.core.export.ExportFormat;
import dev.imgcompat.core.export.ExportOptions;
import dev.imgcompat.core.export.Exported;
import dev.imgcompat.core.export.ListDiff;
import dev.imgcompat.core.image.Printable;
import dev.imgcompat.core.verdict.Report;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;

/** One format of {@code imgcompat export}, with the options that mean something to it. */
@Command(mixinStandardHelpOptions = true, versionProvider = ImgcompatCommand.VersionOfTheJar.class)
final class FormatCommand implements Callable<Integer> {
  private final ExportFormat format;
  private final ListOptions list = new ListOptions();

  @ParentCommand private ExportCommand parent;
  @Mixin private ReportInput input;
  private final Publication publication = new Publication();
  private final Comparison comparison = new Comparison();

  private FormatCommand(ExportFormat format) {
    this.format = format;
  }

  static CommandLine of(ExportFormat format) {
    FormatCommand command = new FormatCommand(format);
    CommandSpec spec = CommandSpec.forAnnotatedObject(command);
    spec.usageMessage().description(format.description());
    command.list.addTo(spec, format);
    spec.addMixin("publication", CommandSpec.forAnnotatedObject(command.publication));
    if (format.isList()) {
      spec.addMixin("comparison", CommandSpec.forAnnotatedObject(command.comparison));
    }
    return new CommandLine(spec);
  }

  @Override
  public Integer call() throws UsageException {
    Streams streams = parent.streams();
    ExportOptions options = list.options(input, format);
    comparison.check(publication);
    publication.check();
    List<Report> reports = input.read(streams);
    Exported exported;
    try {
      exported = format.make(reports, options);
    } catch (ExportException e) {
      throw new UsageException(e.getMessage());
    }
    exported.warnings().forEach(w -> print(streams, "warning: " + w));
    Optional<ListDiff> difference = difference(exported);
    Optional<String> refusal =
        difference.isPresent() ? comparison.refusal(difference.get()) : Optional.empty();
    if (refusal.isEmpty()) {
      refusal = publication.loss(format);
    }
    if (refusal.isPresent()) {
      print(streams, refusal.get());
      return ExitCode.NOT_PUBLISHED;
    }
    publication.publish(exported, format, comparison.isPrinted(), streams);
    if (comparison.isPrinted()) {
      difference.ifPresent(d -> comparison.print(d, streams));
    }
    streams.out().flush();
    return ExitCode.OK;
  }

  private Optional<ListDiff> difference(Exported exported) throws UsageException {
    Optional<String> before = comparison.before(publication);
    try {
      return before.isPresent() ? Optional.of(exported.since(before.get())) : Optional.empty();
    } catch (ExportException e) {
      throw new UsageException(comparison.name(publication) + ": " + e.getMessage());
    }
  }

  private static void print(Streams streams, String line) {
    streams.err().println("imgcompat: " + Printable.of(line));
  }
}
