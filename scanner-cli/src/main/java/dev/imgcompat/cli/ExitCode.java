package dev.imgcompat.cli;

/** What the process ends with; part of the interface, as the README lists it. */
final class ExitCode {
  static final int OK = 0;
  static final int DEFECT = 1;
  static final int USAGE = 2;
  static final int VERDICT = 3;
  static final int NOT_SCANNED = 4;
  static final int NOT_PUBLISHED = 5;
  static final int INTERRUPTED = 130;

  private ExitCode() {}
}
