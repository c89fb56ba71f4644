package dev.imgcompat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imgcompat.cli.EchoHunts.Carrier;
import dev.imgcompat.core.sweep.state.FileSweepState;
import dev.imgcompat.core.testing.FaultyRegistry;
import dev.imgcompat.core.testing.Reply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Registries that say back what they were shown, to a sweep: in lists, in what is looked at, in
 * every part of an answer. Nothing of it is seen, kept or written.
 */
@Timeout(120)
class SweepSecretHuntTest {
  private static final String CATALOG = "/v2/_catalog";
  private static final String TAGS = "/v2/team/it/tags/list";
  private static final String HARBOR = "/api/v2.0/projects";
  private static final String QUAY = "/api/v1/repository";

  @TempDir private Path directory;

  /** A place, what to sweep to come there, and a carrier. */
  static Stream<Arguments> hunts() {
    return Stream.of(
            at(CATALOG, "--registry", "", EchoHunts.carriers()),
            at(CATALOG, "--registry", "", lists("repositories")),
            at(TAGS, "--registry", "", EchoHunts.some()),
            at(TAGS, "--registry", "", lists("tags")),
            at(TAGS, "--repository", "/team/it", EchoHunts.some()),
            at(HARBOR, "--harbor", "", EchoHunts.some()),
            at(HARBOR, "--harbor", "", lists("name")),
            at(QUAY, "--quay", "/acme", EchoHunts.some()),
            at(QUAY, "--quay", "/acme", lists("repositories")),
            at(HuntingGround.MANIFEST_PATH, "--registry", "", EchoHunts.some()),
            at(HuntingGround.LAYER_PATH, "--registry", "", EchoHunts.some()))
        .flatMap(hunts -> hunts);
  }

  private static Stream<Arguments> at(
      String path, String option, String rest, List<Carrier> carriers) {
    return carriers.stream()
        .map(carrier -> Arguments.of(carrier.name(), path, option, rest, carrier));
  }

  /** Lists of what nothing may be called. */
  private static List<Carrier> lists(String member) {
    List<Carrier> carriers = new ArrayList<>();
    for (String form :
        new String[] {
          "{\"%1$s\":[\"%2$s\"]}",
          "{\"%1$s\":[{\"name\":\"%2$s\"}]}",
          "{\"%1$s\":[{\"name\":\"it\",\"namespace\":\"%2$s\"}]}",
          "[{\"%1$s\":\"%2$s\"}]",
          "{\"%1$s\":\"%2$s\"}",
          "{\"%2$s\":[]}",
          "{\"%1$s\":[\"x\"],\"next_page\":\"%2$s\"}"
        }) {
      carriers.add(
          Carrier.ofReply(
              "the list " + form.formatted(member, "…"),
              text -> Reply.json(200, form.formatted(member, text))));
    }
    for (String link : new String[] {"%s", "<%s>; rel=\"next\"", "<https://%s/v2>; rel=next"}) {
      carriers.add(
          Carrier.of(
              "the link " + link,
              text ->
                  exchange -> exchange.send(exchange.usual().with("Link", link.formatted(text)))));
    }
    return carriers;
  }

  @ParameterizedTest(name = "{0} at {1} of {2} {3}")
  @MethodSource("hunts")
  void nothingOfASecretIsSeen(String name, String path, String option, String rest, Carrier carrier)
      throws IOException {
    try (HuntingGround ground = new HuntingGround(directory)) {
      FaultyRegistry registry = ground.registry();
      registry.list(Map.of("team/it", List.of("1")), 10);
      registry.requireBasic(HuntingGround.ALICE, HuntingGround.PASSWORD);
      registry.on(path).always(ground.echo(carrier.answer()));
      ground.expectEcho();
      Path written = Files.createDirectories(directory.resolve("written"));
      ground
          .command(
              "sweep",
              option,
              registry.name() + rest,
              "--ca-cert=" + ground.input("pki/ca.pem"),
              "--retries=1",
              "--backoff=1ms",
              "--state=" + directory.resolve("state"),
              "--json=" + written.resolve("report.json"),
              "--jsonl=" + written.resolve("tags.jsonl"))
          .login();

      for (List<String> more : List.of(List.<String>of(), List.of("--debug", "-o", "json"))) {
        Run run;
        try (WhatElseIsSaid other = new WhatElseIsSaid()) {
          run = ground.run(more.toArray(String[]::new));
          assertThat(other.text()).isEmpty();
        }
        assertThat(run.exit())
            .as(run.err())
            .isIn(ExitCode.OK, ExitCode.VERDICT, ExitCode.NOT_SCANNED);
        assertThat(ground.secrets().seenIn(run.out() + run.err())).isEmpty();
        assertThat(run.err()).doesNotContain("a defect of this program");
        assertThat(ground.secrets().seenIn(kept())).isEmpty();
      }
      assertThat(written).isDirectoryContaining("glob:**report.json");
      for (Map.Entry<Path, String> file : ground.leftovers().entrySet()) {
        assertThat(ground.secrets().seenIn(file.getValue())).as("%s", file.getKey()).isEmpty();
      }
      assertThat(ground.hasHappened()).isTrue();
    }
  }

  /** What is remembered, which the file has in a form of its own. */
  private String kept() throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.walk(directory.resolve("state"))) {
      files = all.filter(file -> file.toString().endsWith(".sweep")).toList();
    }
    assertThat(files).hasSize(1);
    StringBuilder text = new StringBuilder();
    try (FileSweepState state = FileSweepState.open(files.get(0))) {
      state.forEach(tag -> text.append(tag).append('\n'));
    }
    return text.toString();
  }
}
