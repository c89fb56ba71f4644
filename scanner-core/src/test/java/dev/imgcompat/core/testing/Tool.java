package dev.imgcompat.core.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Programs of this machine with which we compare ourselves. */
public final class Tool {
  private Tool() {}

  /** Skips the test, and says why, where a program is not installed. */
  public static void assumeInstalled(String program, String debianPackage) {
    boolean installed = false;
    for (String directory : System.getenv().getOrDefault("PATH", "").split(":", -1)) {
      installed |= Files.isExecutable(Path.of(directory, program));
    }
    assumeTrue(installed, program + " is not installed (Debian package " + debianPackage + ")");
  }

  /** Runs a program to its end; returns what it wrote. Fails if it does. */
  public static byte[] run(String... command) throws IOException, InterruptedException {
    Path out = Files.createTempFile("tool", ".out");
    Path err = Files.createTempFile("tool", ".err");
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectOutput(out.toFile())
              .redirectError(err.toFile())
              .start();
      process.getOutputStream().close();
      if (!process.waitFor(180, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IllegalStateException(String.join(" ", command) + " does not end");
      }
      if (process.exitValue() != 0) {
        throw new IllegalStateException(
            String.join(" ", command) + ": " + Files.readString(err, StandardCharsets.UTF_8));
      }
      return Files.readAllBytes(out);
    } finally {
      Files.delete(out);
      Files.delete(err);
    }
  }
}
