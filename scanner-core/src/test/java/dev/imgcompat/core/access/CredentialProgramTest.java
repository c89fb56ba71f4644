package dev.imgcompat.core.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs that keep credentials, the ill-behaved among them. */
@Timeout(120)
class CredentialProgramTest {
  private static final Duration ENOUGH = Duration.ofSeconds(60);
  private static final String SERVER = "registry.corp:5000";

  @TempDir private Path directory;
  private Programs programs;

  @BeforeEach
  void makePrograms() {
    programs = new Programs(directory);
  }

  @Test
  void aUserAndAPasswordAreRead() throws Exception {
    programs.knowing("x", SERVER, "me", "secret:ä");
    assertThat(get("x"))
        .isEqualTo(new Credentials.Password("docker-credential-x", "me", "secret:ä"));
  }

  @Test
  void theUserOfATokenIsNone() throws Exception {
    programs.knowing("x", SERVER, "<token>", "secret");
    assertThat(get("x")).isEqualTo(new Credentials.IdentityToken("docker-credential-x", "secret"));
  }

  @Test
  void theServerComesWithoutALineBreak() throws Exception {
    programs.add("x", "[ $(wc -c) = " + SERVER.length() + " ] && echo '{\"Secret\":\"s\"}'");
    assertThat(get("x")).isEqualTo(new Credentials.Password("docker-credential-x", "", "s"));
  }

  @Test
  void theProgramHasTheEnvironmentThatWasGiven() throws Exception {
    programs.add("x", "echo '{\"Username\":\"me\",\"Secret\":\"'$HOME$(env | grep -c .)'\"}'");
    Map<String, String> environment =
        Map.of("PATH", directory + ":/usr/bin:/bin", "HOME", "/there");
    Credentials found = new CredentialProgram("x", environment, ENOUGH).get(SERVER);
    // Those two, and those that a shell sets by itself.
    assertThat(((Credentials.Password) found).password()).matches("/there[2-5]");
  }

  @Test
  void whatIsNotKnownIsNoProblem() throws Exception {
    programs.knowing("x", "other.corp", "me", "secret");
    assertThat(get("x")).isEqualTo(new Credentials.None("docker-credential-x", Optional.empty()));
    programs.add("empty", "echo '{\"ServerURL\":\"\",\"Username\":\"\",\"Secret\":\"\"}'");
    assertThat(problem("empty")).isEmpty();
  }

  @Test
  void aProgramThatIsNotThereIsNamed() throws Exception {
    assertThat(problem("gone"))
        .isEqualTo("docker-credential-gone is not on the PATH: install it, or log in without it");
    Files.createDirectory(directory.resolve("docker-credential-folder"));
    assertThat(problem("folder")).contains("is not on the PATH");
    Files.writeString(directory.resolve("docker-credential-text"), "#!/bin/sh\n");
    assertThat(problem("text")).contains("is not on the PATH");
    CredentialProgram without = new CredentialProgram("x", Map.of(), ENOUGH);
    assertThat(problem(without.get(SERVER))).contains("is not on the PATH");
  }

  @Test
  void directoriesThatAreNamedRelativelyAreNotSearched() throws Exception {
    programs.knowing("x", SERVER, "me", "secret");
    Path relative = Path.of("").toAbsolutePath().relativize(directory);
    Map<String, String> environment = Map.of("PATH", ":.:" + relative);
    assertThat(problem(new CredentialProgram("x", environment, ENOUGH).get(SERVER)))
        .contains("is not on the PATH");
  }

  @Test
  void aProgramThatCannotBeRunIsNamed() throws Exception {
    programs.add("x", "");
    Path file = directory.resolve("docker-credential-x");
    Files.writeString(file, "#!/nowhere/interpreter\n");
    assertThat(problem("x")).startsWith("docker-credential-x could not be started: ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"../x", "a/b", "..", "-x", "a b", "a\nb", "a;b", "", "secret\0"})
  void onlyPlainNamesAreTaken(String suffix) throws Exception {
    assertThat(problem(suffix))
        .isEqualTo("the credential store has a name that no program has: correct it");
  }

  @Test
  void outputIsNeverQuoted() throws Exception {
    programs.add("x", "echo '{\"Username\":\"me\",\"Secret\":\"hidden\"}'; exit 1");
    assertThat(problem("x"))
        .isEqualTo(
            "docker-credential-x failed (exit code 1): run 'docker-credential-x get' to see why, or"
                + " log in anew");
  }

  @Test
  void errorsAreNotQuotedEitherSinceTracesHaveSecrets() throws Exception {
    programs.add("x", "set -x; SECRET=hidden; exit 3");
    assertThat(problem("x"))
        .startsWith("docker-credential-x failed (exit code 3): ")
        .doesNotContain("hidden", "SECRET");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hidden",
        "{\"Username\":\"me\",\"Secret\":\"hidden",
        "{\"Username\":\"me\",\"Secret\":[\"hidden\"]}",
        "{\"Username\":\"<token>\",\"Secret\":\"\"}",
        "{\"Username\":\"me\",\"Password\":\"hidden\"}",
        "{\"Username\":7,\"Secret\":\"hidden\"}",
        "[\"hidden\"]",
        "\"hidden\"",
        "{} hidden",
        ""
      })
  void whatIsNotTheRightJsonIsNotQuotedEither(String answer) throws Exception {
    programs.add("x", "printf %s '" + answer + "'");
    assertThat(problem("x"))
        .isEqualTo(
            "docker-credential-x did not answer with JSON of a Username and a Secret: correct it");
  }

  @Test
  void deepJsonIsRefused() throws Exception {
    programs.add("x", "yes '{\"a\":' | head -n 100000");
    assertThat(problem("x")).contains("did not answer with JSON");
  }

  @Test
  void errorsAreNotMixedWithTheAnswer() throws Exception {
    programs.add("x", "echo '{' >&2; echo '{\"Username\":\"me\",\"Secret\":\"s\"}'; echo } >&2");
    assertThat(get("x")).isEqualTo(new Credentials.Password("docker-credential-x", "me", "s"));
  }

  @Test
  void aFloodOfErrorsDoesNotStopIt() throws Exception {
    programs.add(
        "x", "yes error | head -c 5000000 >&2; echo '{\"Username\":\"me\",\"Secret\":\"s\"}'");
    assertThat(get("x")).isEqualTo(new Credentials.Password("docker-credential-x", "me", "s"));
  }

  @Test
  void aFloodOfOutputEndsIt() throws Exception {
    programs.add("x", "exec yes hidden");
    assertThat(problem("x"))
        .isEqualTo("docker-credential-x answered with more than 1048576 bytes: correct it");
  }

  @Test
  void aProgramThatDoesNotListenMayAnswer() throws Exception {
    programs.add("x", "exec <&-; echo '{\"Username\":\"me\",\"Secret\":\"s\"}'");
    assertThat(get("x")).isInstanceOf(Credentials.Password.class);
  }

  @Test
  void aProgramThatHangsIsEnded() throws Exception {
    programs.add("x", "exec sleep 1000");
    CredentialProgram program =
        new CredentialProgram("x", programs.environment(), Duration.ofSeconds(1));
    assertThat(problem(program.get(SERVER)))
        .startsWith("docker-credential-x did not answer within 1 s: ");
  }

  @Test
  void whatItLeavesRunningIsNotWaitedFor() throws Exception {
    Path pipe = pipe();
    programs.add("x", "cat '" + pipe + "' & echo '{\"Username\":\"me\",\"Secret\":\"s\"}'");
    assertThat(get("x")).isEqualTo(new Credentials.Password("docker-credential-x", "me", "s"));
    // It had the output open until now.
    Files.writeString(pipe, "");
  }

  @Test
  void anInterruptEndsItAndWhatItStarted() throws Exception {
    Path pipe = pipe();
    // Whoever runs keeps the pipe open.
    programs.add("x", "exec 3>'" + pipe + "'; sleep 1000 & echo started >&3; wait");
    AtomicReference<Object> outcome = new AtomicReference<>("none");
    Thread asking =
        new Thread(
            () -> {
              try {
                outcome.set(get("x"));
              } catch (Exception e) {
                outcome.set(e);
              }
            });
    CountDownLatch started = new CountDownLatch(1);
    CompletableFuture<Integer> end =
        CompletableFuture.supplyAsync(
            () -> {
              try (InputStream in = Files.newInputStream(pipe)) {
                in.read();
                started.countDown();
                return in.readAllBytes().length;
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    asking.start();
    assertThat(started.await(60, TimeUnit.SECONDS)).isTrue();
    asking.interrupt();
    asking.join();
    assertThat(outcome.get()).isInstanceOf(InterruptedException.class);
    assertThat(end.get(60, TimeUnit.SECONDS)).isEqualTo("tarted\n".length());
  }

  private Path pipe() throws Exception {
    Path pipe = directory.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    return pipe;
  }

  private Credentials get(String suffix) throws InterruptedException {
    return new CredentialProgram(suffix, programs.environment(), ENOUGH).get(SERVER);
  }

  private String problem(String suffix) throws InterruptedException {
    return problem(get(suffix));
  }

  private static String problem(Credentials found) {
    assertThat(found).isInstanceOf(Credentials.None.class);
    String problem = ((Credentials.None) found).problem().orElse("");
    assertThat(problem).doesNotContain("hidden").doesNotContain("\n");
    return problem;
  }
}
