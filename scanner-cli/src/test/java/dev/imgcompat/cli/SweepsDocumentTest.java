package dev.imgcompat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imgcompat.core.sweep.plan.SourceSpec;
import dev.imgcompat.core.sweep.plan.SweepPlan;
import dev.imgcompat.core.sweep.plan.SweepPlanFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** docs/sweeps.md says what the code does. */
class SweepsDocumentTest {
  private static final Path DOCUMENT = Path.of("../docs/sweeps.md");

  /** What scan has, too, is explained there. */
  private static final Set<String> OF_SCANS =
      Set.of(
          "--allow-foreign-layers",
          "--cache-dir",
          "--debug",
          "--help",
          "--no-cache",
          "--policy",
          "--rules",
          "--version");

  @TempDir private Path directory;

  private static Set<String> options() {
    PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
    CommandLine command =
        new CommandLine(
            new ImgcompatCommand(
                new Streams(
                    InputStream.nullInputStream(), nowhere, nowhere, Map.of(), false, false)));
    return command.getSubcommands().get("sweep").getCommandSpec().options().stream()
        .filter(option -> option.group() == null)
        .map(option -> option.longestName())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void everyOptionIsExplainedAndEveryOneThatIsExplainedIsThere() throws IOException {
    String text = Files.readString(DOCUMENT);
    Set<String> explained = new TreeSet<>();
    Matcher flags = Pattern.compile("--[a-z]+(?:-[a-z]+)*").matcher(text);
    while (flags.find()) {
      explained.add(flags.group());
    }
    Set<String> options = options();

    assertThat(explained).contains("--registry").isSubsetOf(with(options, "--write", "--output"));
    options.removeAll(OF_SCANS);
    options.remove("--output");
    assertThat(explained).containsAll(options);
    assertThat(text).contains("`-o text`", "`-o jsonl`", "`-o json`");
  }

  private static Set<String> with(Set<String> options, String... more) {
    Set<String> all = new TreeSet<>(options);
    all.addAll(List.of(more));
    return all;
  }

  @Test
  void thePlanOfTheDocumentIsOneWithEveryKindOfSource() throws Exception {
    Matcher yaml = Pattern.compile("(?s)```yaml\n(.*?)```").matcher(Files.readString(DOCUMENT));
    assertThat(yaml.find()).isTrue();
    Path file = Files.writeString(directory.resolve("plans.yaml"), yaml.group(1));

    SweepPlan plan = SweepPlanFile.read(file).get(0);

    assertThat(plan.name()).isEqualTo("nightly");
    assertThat(plan.sources())
        .extracting(source -> source.getClass().getSimpleName())
        .contains("Catalog", "Harbor", "Quay", "Repository", "References");
    assertThat(plan.sources()).noneMatch(SourceSpec.Kubernetes.class::isInstance);
  }
}
