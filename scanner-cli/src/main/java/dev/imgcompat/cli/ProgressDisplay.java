package dev.imgcompat.cli;

import dev.imgcompat.core.ScanListener;
import java.io.PrintWriter;

/** Shows how a scan goes on. */
interface ProgressDisplay extends ScanListener, AutoCloseable {
  /** Writes something else to the terminal, in such a way that both stay readable. */
  default void print(Runnable writing) {
    writing.run();
  }

  /** Removes whatever is drawn. */
  default void finish() {}

  @Override
  default void close() {
    finish();
  }

  /** Returns one that draws, or one that shows nothing. */
  static ProgressDisplay create(boolean drawn, PrintWriter err) {
    return drawn
        ? new ProgressBars(err, Integer.getInteger("imgcompat.terminal.columns", 80))
        : new ProgressDisplay() {};
  }
}
