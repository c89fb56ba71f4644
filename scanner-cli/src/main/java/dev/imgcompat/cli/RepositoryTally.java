package dev.imgcompat.cli;

import dev.imgcompat.core.sweep.state.TagRecord;
import dev.imgcompat.core.verdict.Decision;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Counts the tags of a repository by their decisions. For one thread. */
final class RepositoryTally {
  private final String repository;
  private final Map<String, Map<Decision, Long>> decisions = new LinkedHashMap<>();
  private long tags;
  private long gone;
  private long failed;

  /**
   * Creates one.
   *
   * @param repository with its registry
   */
  RepositoryTally(String repository, List<String> runtimes) {
    this.repository = repository;
    runtimes.forEach(runtime -> decisions.put(runtime, new EnumMap<>(Decision.class)));
  }

  /** The repository of a reference in full. */
  static String repositoryOf(String reference) {
    int digest = reference.indexOf('@');
    String name = digest < 0 ? reference : reference.substring(0, digest);
    int tag = name.lastIndexOf(':');
    return tag > name.lastIndexOf('/') ? name.substring(0, tag) : name;
  }

  void add(TagRecord tag) {
    if (tag.goneSince().isPresent()) {
      gone++;
      return;
    }
    tags++;
    if (tag.failure().isPresent()) {
      failed++;
    }
    decisions.forEach((runtime, counts) -> counts.merge(tag.decision(runtime), 1L, Long::sum));
  }

  String repository() {
    return repository;
  }

  /** Tags that are there. */
  long tags() {
    return tags;
  }

  /** Tags that are not there any more. */
  long gone() {
    return gone;
  }

  /** Of the tags that are there, those that could not be looked at. */
  long failed() {
    return failed;
  }

  /** How many of the tags that are there have each decision, by runtime. */
  Map<String, Map<Decision, Long>> decisions() {
    return decisions;
  }
}
