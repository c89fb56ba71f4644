package dev.imgcompat.core.sweep;

import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.sweep.state.TagChange;
import dev.imgcompat.core.sweep.state.TagChange.Kind;
import dev.imgcompat.core.sweep.state.TagOutcome;
import dev.imgcompat.core.sweep.state.TagRecord;
import dev.imgcompat.core.verdict.Decision;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Says what is new about a tag, and adds it to its history. */
final class Changes {
  private Changes() {}

  /** The history with what was just found, if that is new. */
  static List<TagChange> found(
      Optional<TagRecord> before,
      long run,
      Instant now,
      Optional<Digest> digest,
      Map<String, Decision> decisions) {
    List<TagChange> history = before.map(TagRecord::history).orElse(List.of());
    Optional<TagChange> last = last(history);
    Kind kind;
    if (last.isEmpty()) {
      kind = Kind.NEW;
    } else if (last.get().kind() == Kind.GONE) {
      kind = Kind.BACK;
    } else if (!last.get().decisions().equals(decisions)) {
      kind = Kind.DECISION;
    } else if (!last.get().digest().equals(digest)) {
      kind = Kind.MOVED;
    } else {
      return history;
    }
    return with(history, new TagChange(run, now, kind, digest, decisions));
  }

  /** The history of a tag that is gone. */
  static List<TagChange> gone(TagRecord before, long run, Instant now) {
    return with(
        before.history(),
        new TagChange(
            run, now, Kind.GONE, before.digest(), TagOutcome.decisions(before.outcomes())));
  }

  static Optional<TagChange> last(List<TagChange> history) {
    return history.isEmpty() ? Optional.empty() : Optional.of(history.get(history.size() - 1));
  }

  private static List<TagChange> with(List<TagChange> history, TagChange change) {
    List<TagChange> all = new ArrayList<>(history);
    all.add(change);
    int surplus = Math.max(0, all.size() - TagRecord.MAX_HISTORY);
    return List.copyOf(all.subList(surplus, all.size()));
  }
}
