package dev.imgcompat.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * What a command reads from and writes to.
 *
 * @param in standard input
 * @param out results
 * @param err everything else
 * @param environment variables
 * @param outTerminal whether results go to a terminal
 * @param errTerminal whether everything else does
 */
record Streams(
    InputStream in,
    PrintWriter out,
    PrintWriter err,
    Map<String, String> environment,
    boolean outTerminal,
    boolean errTerminal) {

  /** Those of this process. Java cannot tell which of them are terminals; the launcher does. */
  static Streams ofProcess() {
    return new Streams(
        System.in,
        writer(new FileOutputStream(FileDescriptor.out)),
        writer(new FileOutputStream(FileDescriptor.err)),
        System.getenv(),
        Boolean.getBoolean("imgcompat.terminal.out"),
        Boolean.getBoolean("imgcompat.terminal.err"));
  }

  private static PrintWriter writer(FileOutputStream stream) {
    return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), true);
  }

  /** Whether results may have colours. */
  boolean coloured() {
    return outTerminal && plainIsNotAskedFor();
  }

  /** Whether a progress bar may be drawn. */
  boolean animated() {
    return errTerminal && plainIsNotAskedFor();
  }

  private boolean plainIsNotAskedFor() {
    return environment.getOrDefault("NO_COLOR", "").isEmpty()
        && !environment.getOrDefault("TERM", "dumb").equals("dumb");
  }
}
