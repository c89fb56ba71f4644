package dev.imgcompat.cli;

/** The forms of what a sweep finds. */
enum SweepFormat {
  TEXT,
  JSONL,
  JSON
}
