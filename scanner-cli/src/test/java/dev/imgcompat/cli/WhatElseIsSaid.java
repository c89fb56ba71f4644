package dev.imgcompat.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/**
 * What goes past a command's streams while this is open: to those of the process, where loggers
 * write, too, and to java.util.logging.
 */
final class WhatElseIsSaid implements AutoCloseable {
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private final PrintStream stream = new PrintStream(said, true, StandardCharsets.UTF_8);
  private final PrintStream out = System.out;
  private final PrintStream err = System.err;
  private final Logger root = Logger.getLogger("");
  private final Handler handler =
      new Handler() {
        private final SimpleFormatter form = new SimpleFormatter();

        @Override
        public void publish(LogRecord logged) {
          stream.print(form.format(logged));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  WhatElseIsSaid() {
    System.setOut(stream);
    System.setErr(stream);
    handler.setLevel(Level.ALL);
    root.addHandler(handler);
  }

  String text() {
    return said.toString(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    root.removeHandler(handler);
    System.setOut(out);
    System.setErr(err);
  }
}
