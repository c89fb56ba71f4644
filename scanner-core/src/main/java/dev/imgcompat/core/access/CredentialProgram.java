package dev.imgcompat.core.access;

import dev.imgcompat.core.image.Printable;
import dev.imgcompat.core.image.ScanException;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * A program that keeps credentials, {@code docker-credential-NAME}: {@code get} reads a server from
 * its input and writes JSON (docker/docker-credential-helpers). Jib core's {@code
 * DockerCredentialHelper} is not used: it waits for ever, reads without bound, and quotes what it
 * read in its exceptions.
 *
 * <p>Never fails but says what is wrong: without credentials, public images can still be had. What
 * the program writes is never quoted: scripts that are traced write secrets to their errors, too.
 */
final class CredentialProgram {
  private static final int MAX_ANSWER = 1 << 20;

  /** How long what the program left behind may keep its output open. */
  private static final Duration GRACE = Duration.ofSeconds(1);

  private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");
  private static final String NOT_FOUND = "credentials not found in native keychain";
  private static final String TOKEN_USER = "<token>";

  private final boolean isPlain;
  private final String name;
  private final Map<String, String> environment;
  private final Duration limit;

  /**
   * Creates a program; whether there is one is not asked.
   *
   * @param suffix of its name
   * @param environment to find it and to run it with
   * @param limit that it may run
   */
  CredentialProgram(String suffix, Map<String, String> environment, Duration limit) {
    this.isPlain = PLAIN_NAME.matcher(suffix).matches();
    this.name = isPlain ? "docker-credential-" + suffix : "the credential store";
    this.environment = environment;
    this.limit = limit;
  }

  /** Asks for the credentials for a server. */
  Credentials get(String server) throws InterruptedException {
    if (!isPlain) {
      return problem("has a name that no program has: correct it");
    }
    Optional<Path> program = findOnPath();
    if (program.isEmpty()) {
      return problem("is not on the PATH: install it, or log in without it");
    }
    Process process;
    try {
      process = start(program.get());
    } catch (IOException e) {
      return problem("could not be started: " + ScanException.reason(e));
    }
    BoundedOutput answer = new BoundedOutput(MAX_ANSWER, () -> end(process));
    try {
      answer.drain(process.getInputStream(), name);
      say(server, process);
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        return problem(
            "did not answer within "
                + limit.toSeconds()
                + " s: see whether it waits for somebody to unlock what it keeps");
      }
      answer.await(GRACE);
    } finally {
      end(process);
    }
    return judge(process.exitValue(), answer);
  }

  private Credentials judge(int exit, BoundedOutput answer) {
    if (answer.isExceeded()) {
      return problem("answered with more than " + MAX_ANSWER + " bytes: correct it");
    }
    byte[] bytes = answer.bytes();
    if (new String(bytes, StandardCharsets.UTF_8).strip().equals(NOT_FOUND)) {
      return new Credentials.None(name, Optional.empty());
    }
    if (exit != 0) {
      return problem(
          "failed (exit code " + exit + "): run '" + name + " get' to see why, or log in anew");
    }
    String wrong = "did not answer with JSON of a Username and a Secret: correct it";
    try {
      JsonNode json = PrivateJson.object(bytes, name);
      String username = PrivateJson.text(json, "Username", name).orElse("");
      String secret = PrivateJson.text(json, "Secret", name).orElse("");
      if (secret.isEmpty()) {
        return username.isEmpty() ? new Credentials.None(name, Optional.empty()) : problem(wrong);
      }
      return username.equals(TOKEN_USER)
          ? new Credentials.IdentityToken(name, secret)
          : new Credentials.Password(name, username, secret);
    } catch (ScanException.Unreadable e) {
      return problem(wrong);
    }
  }

  /** As Go does, not in directories that are named relative to that of the day. */
  private Optional<Path> findOnPath() {
    String path = environment.getOrDefault("PATH", "");
    for (String directory : path.split(Pattern.quote(File.pathSeparator), -1)) {
      try {
        Path file = Path.of(directory).resolve(name);
        if (file.isAbsolute() && Files.isRegularFile(file) && Files.isExecutable(file)) {
          return Optional.of(file);
        }
      } catch (InvalidPathException e) {
        // No directory has such a name.
      }
    }
    return Optional.empty();
  }

  private Process start(Path program) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(List.of(program.toString(), "get"));
    builder.environment().clear();
    builder.environment().putAll(environment);
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    return builder.start();
  }

  private static void say(String server, Process process) {
    try (OutputStream out = process.getOutputStream()) {
      out.write(server.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      // It did not want to hear; what it says tells why.
    }
  }

  private static void end(Process process) {
    if (process.isAlive()) {
      List<ProcessHandle> below = process.descendants().toList();
      process.destroyForcibly();
      below.forEach(ProcessHandle::destroyForcibly);
    }
  }

  private Credentials problem(String why) {
    return new Credentials.None(name, Optional.of(Printable.of(name + " " + why)));
  }
}
