package dev.imgcompat.service;

import java.util.Map;

/** Sweeps with the embedded store. */
class EmbeddedSweepIT extends SweepScenario {
  @Override
  Map<String, String> store() {
    return Map.of();
  }
}
