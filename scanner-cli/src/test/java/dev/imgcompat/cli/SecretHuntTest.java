package dev.imgcompat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * No secret is seen, whatever happens: in no stream, report, log or file. And what happens is said
 * in one line.
 */
@Timeout(120)
class SecretHuntTest {
  @TempDir private Path directory;

  static Stream<Hunt> hunts() {
    return Stream.of(
            EchoHunts.all(),
            AnswerHunts.all(),
            ProxyHunts.all(),
            CredentialHunts.all(),
            UsageHunts.all())
        .flatMap(hunts -> hunts);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("hunts")
  void nothingOfASecretIsSeen(Hunt hunt) throws IOException {
    try (HuntingGround ground = new HuntingGround(directory)) {
      hunt.preparation().accept(ground);

      Run run = silently(hunt, ground);
      assertThat(run.exit()).as("%s: %s", hunt, run.err()).isEqualTo(hunt.exit());
      assertThat(ground.secrets().seenIn(run.out() + run.err())).as(hunt.name()).isEmpty();
      assertThat(messages(run)).as(hunt.name()).noneMatch(SecretHuntTest::isUnfit);
      assertThat(messages(run).filter(line -> !line.startsWith("imgcompat: warning: ")))
          .as(hunt.name())
          .hasSize(hunt.exit() == ExitCode.OK ? 0 : 1)
          .allMatch(line -> line.contains(hunt.said()), "says " + hunt.said());

      if (hunt.exit() != ExitCode.USAGE && ground.isScan()) {
        Run traced = silently(hunt, ground, "--debug", "-o", "json");
        assertThat(traced.exit()).as("%s: %s", hunt, traced.err()).isEqualTo(hunt.exit());
        assertThat(ground.secrets().seenIn(traced.out() + traced.err())).as(hunt.name()).isEmpty();
      }

      for (Map.Entry<Path, String> file : ground.leftovers().entrySet()) {
        assertThat(ground.secrets().seenIn(file.getValue()))
            .as("%s: %s", hunt, file.getKey())
            .isEmpty();
      }
      assertThat(ground.hasHappened()).as(hunt.name()).isTrue();
    }
  }

  private static Run silently(Hunt hunt, HuntingGround ground, String... more) {
    try (WhatElseIsSaid rest = new WhatElseIsSaid()) {
      Run run = ground.run(more);
      assertThat(rest.text()).as(hunt.name()).isEmpty();
      return run;
    }
  }

  private static Stream<String> messages(Run run) {
    return run.err().lines().filter(line -> !line.startsWith("Try 'imgcompat "));
  }

  /** Whether a message is one for programmers, or looks like a mistake of one. */
  private static boolean isUnfit(String line) {
    return !line.startsWith("imgcompat: ")
        || line.contains("a defect of this program")
        || line.contains("Exception")
        || line.matches(".*[ :]null\\b.*")
        || line.length() > 1000;
  }
}
