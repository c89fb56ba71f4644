package dev.imgcompat.core.lint;

import dev.imgcompat.core.lint.ConfigValue.Place;
import dev.imgcompat.core.router.EcmaPattern;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Tries patterns with names of images, within bounds: a pattern of a stranger may take an engine
 * for ever, and many of them may take it long. For one configuration, by one thread.
 */
final class PatternProbe {
  /** Names that have little in common but that they are names of images. */
  private static final List<String> NAMES =
      List.of(
          "debian:12",
          "ubuntu:24.04",
          "node:22-alpine",
          "golang",
          "busybox:1.36",
          "python:3.12-slim",
          "docker.io/library/postgres:16",
          "registry.example.com/team/service:1.0.3",
          "registry.example.com:5000/q/x:2",
          "quay.io/coreos/etcd:v3.5.9",
          "ghcr.io/acme/build-tools:main",
          "maven:3.9-eclipse-temurin-17",
          "gcr.io/distroless/static",
          "mcr.microsoft.com/dotnet/sdk:8.0",
          "public.ecr.aws/amazonlinux/amazonlinux:2023",
          "fedora@sha256:0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0",
          "nginx",
          "my-org/my_app:pr-17");

  /** Far more than a search through a name takes an engine, far less than a second. */
  private static final long STEPS = 1_000_000;

  private static final int PUMPS = 40;
  private static final int MAX_LETTERS = 8;

  private final long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
  private Optional<Place> givenUpAt = Optional.empty();

  /** Of how many names in a hundred a pattern is found; empty if that would take too long. */
  Optional<Integer> percent(EcmaPattern pattern) {
    int found = 0;
    for (String name : NAMES) {
      Optional<Boolean> answer = pattern.isFoundIn(name, STEPS);
      if (answer.isEmpty()) {
        return Optional.empty();
      }
      found += answer.get() ? 1 : 0;
    }
    return Optional.of(100 * found / NAMES.size());
  }

  /** Whether there is a short name of an image, or nearly so, that takes an engine for ever. */
  boolean isEndless(EcmaPattern pattern, PatternShape shape) {
    if (!shape.repeats()) {
      return false;
    }
    long steps = STEPS + 10L * pattern.toString().length() * PUMPS;
    for (String before : List.of("", shape.start())) {
      for (String pump : pumps(shape)) {
        if (pattern.isFoundIn(before + pump.repeat(PUMPS) + "!", steps).isEmpty()) {
          return true;
        }
      }
    }
    return false;
  }

  private static Set<String> pumps(PatternShape shape) {
    Set<String> pumps = new LinkedHashSet<>(List.of("a", "0", "a.", "a/", "-"));
    shape.letters().stream().limit(MAX_LETTERS).forEach(pumps::add);
    pumps.add(String.join("", shape.letters().stream().limit(2).toList()) + "a");
    return pumps;
  }

  /** Whether there is time for one more pattern; remembers the first for which there is not. */
  boolean hasTimeFor(Place place) {
    if (givenUpAt.isEmpty() && System.nanoTime() > deadline) {
      givenUpAt = Optional.of(place);
    }
    return givenUpAt.isEmpty();
  }

  /** The first pattern that was not tried. */
  Optional<Place> givenUpAt() {
    return givenUpAt;
  }
}
