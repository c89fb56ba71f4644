package dev.imgcompat.core.lint;

import dev.imgcompat.core.lint.ConfigValue.Place;
import dev.imgcompat.core.lint.RouterTrap.Severity;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The traps that were found so far. For one configuration, by one thread. */
final class Traps {
  private final Set<RouterTrap> found = new LinkedHashSet<>();

  void error(Place place, String id, String message) {
    found.add(new RouterTrap(place.file(), place.line(), Severity.ERROR, id, message));
  }

  void warning(Place place, String id, String message) {
    found.add(new RouterTrap(place.file(), place.line(), Severity.WARNING, id, message));
  }

  void note(Place place, String id, String message) {
    found.add(new RouterTrap(place.file(), place.line(), Severity.NOTE, id, message));
  }

  /** In the order of the files, and of their lines. */
  List<RouterTrap> sorted(List<String> files) {
    return found.stream()
        .sorted(
            Comparator.comparingInt((RouterTrap t) -> files.indexOf(t.file()))
                .thenComparingInt(RouterTrap::line)
                .thenComparing(RouterTrap::severity))
        .toList();
  }
}
