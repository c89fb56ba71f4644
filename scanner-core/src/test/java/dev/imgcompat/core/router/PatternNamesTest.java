package dev.imgcompat.core.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imgcompat.core.testing.ReportBuilder;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PatternNamesTest {
  private static SortedSet<ImageName> abbreviated(SortedSet<ImageName> names) {
    return names.stream()
        .map(ImageName::abbreviated)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static SortedSet<ImageName> someNames(Random random) {
    SortedSet<ImageName> names = new TreeSet<>();
    String[] registries = {"docker.io", "quay.io", "localhost:5000", "r-1.example.com:443"};
    String[] repositories = {"library/centos", "library/a.b", "team/app", "a/b_c/d-e", "x"};
    String[] tags = {"latest", "6", "6.8", "6.9", "V1", "v1", "_x", "1-2", "1.0-b.2"};
    for (int i = 0; i < 1 + random.nextInt(30); i++) {
      String registry = registries[random.nextInt(registries.length)];
      String repository = repositories[random.nextInt(repositories.length)];
      names.add(
          random.nextBoolean()
              ? ImageName.tagged(registry, repository, tags[random.nextInt(tags.length)])
              : ImageName.digested(
                  registry, repository, ReportBuilder.digestOf("" + random.nextInt(9))));
    }
    return names;
  }

  @Test
  void whatIsWrittenIsReadBack() {
    Random random = new Random(6);
    for (int round = 0; round < 300; round++) {
      SortedSet<ImageName> names = someNames(random);
      Optional<String> registry = random.nextBoolean() ? Optional.of("quay.io") : Optional.empty();
      ImagePatterns writer = new ImagePatterns(registry, names);

      SortedSet<ImageName> read = new TreeSet<>();
      for (String pattern : writer.anchored(names)) {
        read.addAll(PatternNames.of(pattern).orElseThrow(() -> new AssertionError(pattern)));
      }

      assertThat(read).isEqualTo(abbreviated(names));
      assertThat(PatternNames.ofAllBut(writer.allBut(names))).contains(abbreviated(names));
    }
  }

  @Test
  void thousandsOfNamesAreReadBack() {
    SortedSet<ImageName> names = new TreeSet<>();
    for (int i = 0; i < 3000; i++) {
      names.add(ImageName.tagged("quay.io", "team/app-" + i, "1"));
      names.add(ImageName.digested("quay.io", "team/one", ReportBuilder.digestOf("" + i)));
    }
    ImagePatterns writer = new ImagePatterns(Optional.empty(), names);
    String allBut = writer.allBut(names);

    assertThat(PatternNames.ofAllBut(allBut)).contains(abbreviated(names));
    // Its expressions are Java's, too, and Rhino would not take so many.
    Pattern pattern = Pattern.compile(allBut);
    assertThat(pattern.matcher("quay.io/team/app-2999:1").find()).isFalse();
    assertThat(pattern.matcher("quay.io/team/one@" + ReportBuilder.digestOf("2999")).find())
        .isFalse();
    assertThat(pattern.matcher("quay.io/team/app-2999:2").find()).isTrue();
    assertThatThrownBy(() -> EcmaPattern.compile(allBut))
        .isInstanceOf(PatternTooLargeException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "^$",
        "rhel6",
        "^rhel6$",
        "centos:6",
        "^quay\\.io/centos:6.8$",
        "^quay\\.io/centos:6\\.8",
        "^quay\\.io/centos:(?:6|7$",
        "^quay\\.io/centos:[6$",
        "^quay\\.io/centos:6*$",
        "^quay\\.io/centos:\\d$",
        "^quay\\.io/centos:6\\.8)$",
        "^.*$"
      })
  void otherPatternsAreNobodys(String pattern) {
    assertThat(PatternNames.of(pattern)).isEmpty();
    assertThat(PatternNames.ofAllBut("^(?!(?:" + pattern + ")$)")).isEmpty();
  }

  @Test
  void aPatternThatStandsForTooMuchIsNobodys() {
    String many = "[0123456789]".repeat(30);
    String deep = "(?:".repeat(5000) + "a" + ")".repeat(5000);

    for (String rest : List.of(many, deep)) {
      assertThat(PatternNames.of("^quay\\.io/x:" + rest + "$")).isEmpty();
    }
  }
}
