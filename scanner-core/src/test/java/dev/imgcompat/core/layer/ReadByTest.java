package dev.imgcompat.core.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imgcompat.core.analyze.Analyzers;
import dev.imgcompat.core.layer.ReadBy.Stamp;
import dev.imgcompat.core.testing.ElfBuilder;
import dev.imgcompat.core.testing.LayerBuilder;
import dev.imgcompat.core.testing.Layers;
import dev.imgcompat.core.testing.OtherVersion;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ReadByTest {
  private static final List<LayerAnalyzer> ALL = Analyzers.all();
  private static final String ELF = "elf";
  private static final String SCRIPT = "script";

  /** Opened by two analyzers, of which one found nothing; the one of scripts did not open it. */
  private static final LayerFacts PROGRAM =
      Layers.facts(new LayerBuilder().program("bin/x", ElfBuilder.i386()));

  private static LayerReader reader(List<LayerAnalyzer> analyzers) {
    return new LayerReader(analyzers, ScanLimits.DEFAULT);
  }

  @Test
  void factsSayWhichAnalyzersOpenedAFile() {
    assertThat(PROGRAM.readBy().analyzers())
        .extracting(Stamp::name)
        .containsExactlyInAnyOrderElementsOf(ALL.stream().map(LayerAnalyzer::name).toList());
    assertThat(PROGRAM.readBy().analyzers())
        .filteredOn(Stamp::opened)
        .extracting(Stamp::name)
        .containsExactly(ELF, "libc");
    assertThat(PROGRAM.items()).singleElement().asString().doesNotContain("LibcFact");
  }

  @Test
  void theSameAnalyzersTakeOverWhatTheyFound() {
    assertThat(reader(ALL).takeOver(PROGRAM)).contains(PROGRAM);
  }

  @Test
  void aNewVersionTakesOverLayersInWhichTheOldOneOpenedNothing() {
    List<LayerAnalyzer> newer = OtherVersion.changed(ALL, SCRIPT, OtherVersion::newer);

    LayerFacts takenOver = reader(newer).takeOver(PROGRAM).orElseThrow();

    assertThat(takenOver.items()).isEqualTo(PROGRAM.items());
    assertThat(takenOver)
        .isEqualTo(Layers.facts(newer, new LayerBuilder().program("bin/x", ElfBuilder.i386())));
  }

  @Test
  void aNewVersionReadsLayersInWhichTheOldOneOpenedAFile() {
    assertThat(reader(OtherVersion.changed(ALL, ELF, OtherVersion::newer)).takeOver(PROGRAM))
        .isEmpty();
  }

  @Test
  void whatOpensOtherFilesReadsAllLayers() {
    assertThat(reader(OtherVersion.changed(ALL, SCRIPT, OtherVersion::wider)).takeOver(PROGRAM))
        .isEmpty();
  }

  @Test
  void aNewAnalyzerReadsAllLayers() {
    List<LayerAnalyzer> more =
        Stream.concat(ALL.stream(), Stream.of(OtherVersion.named("new", ALL.get(0)))).toList();

    assertThat(reader(more).takeOver(PROGRAM)).isEmpty();
  }

  @Test
  void anAnalyzerThatIsGoneLeavesNothingBehind() {
    List<LayerAnalyzer> noScripts = ALL.stream().filter(a -> !a.name().equals(SCRIPT)).toList();
    List<LayerAnalyzer> noElf = ALL.stream().filter(a -> !a.name().equals(ELF)).toList();

    assertThat(reader(noScripts).takeOver(PROGRAM).orElseThrow().readBy().analyzers())
        .hasSize(noScripts.size());
    assertThat(reader(noElf).takeOver(PROGRAM)).isEmpty();
  }

  @Test
  void anotherReaderReadsAllLayers() {
    ReadBy other = new ReadBy(LayerReader.VERSION - 1, PROGRAM.readBy().analyzers());

    assertThat(reader(ALL).takeOver(PROGRAM.with(other))).isEmpty();
  }

  @Test
  void versionAndScopeArePartOfTheKey() {
    assertThat(
            Stream.of(
                ALL,
                OtherVersion.changed(ALL, ELF, OtherVersion::newer),
                OtherVersion.changed(ALL, ELF, OtherVersion::wider)))
        .extracting(analyzers -> reader(analyzers).factsKey())
        .doesNotHaveDuplicates();
  }

  @Test
  void namesOfAnalyzersAreUnique() {
    assertThatThrownBy(() -> reader(List.of(ALL.get(0), ALL.get(0))))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
