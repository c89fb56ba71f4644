package dev.imgcompat.cli;

/** The forms of a report. */
enum OutputFormat {
  TEXT,
  JSON,
  YAML
}
