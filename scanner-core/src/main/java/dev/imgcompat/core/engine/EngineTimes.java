package dev.imgcompat.core.engine;

import java.time.Duration;

/**
 * How long an engine may take.
 *
 * @param connect to accept a connection over TCP, and for the greetings of TLS
 * @param silence between two bytes of an answer, and before its first one
 * @param exportStart before the first byte of an export
 */
record EngineTimes(Duration connect, Duration silence, Duration exportStart) {
  /**
   * The classic engine writes the layers of an image to its disk, uncompressed, before it sends the
   * first byte of an export: tens of gigabytes on a slow disk take their time.
   */
  static final EngineTimes DEFAULT =
      new EngineTimes(Duration.ofSeconds(15), Duration.ofMinutes(2), Duration.ofMinutes(30));
}
