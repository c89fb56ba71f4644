package dev.imgcompat.service.lookup;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.imgcompat.core.image.ImageReference.InRegistry;
import dev.imgcompat.service.lists.Lists;
import dev.imgcompat.service.reach.AllowList;
import dev.imgcompat.service.scan.ScanWatch;
import dev.imgcompat.service.scan.Wishes;
import dev.imgcompat.service.settings.Settings;
import dev.imgcompat.service.store.ReferenceKey;
import dev.imgcompat.service.subject.Freshness;
import dev.imgcompat.service.subject.InvalidQuestionException;
import dev.imgcompat.service.subject.Knowledge;
import dev.imgcompat.service.subject.Subject;
import dev.imgcompat.service.subject.Subjects;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Answers from memory. What is not there is read from the store, for which an answer waits a moment
 * at the most; what is there is compared with the store in the background, and kept while the store
 * is down.
 */
public final class MemoryLookups implements Lookups, ScanWatch {
  private static final int QUESTION_BYTES = 600;

  private final Subjects subjects;
  private final AllowList allowed;
  private final Freshness freshness;
  private final StoreReader reader;
  private final Wishes wishes;
  private final Lists lists;
  private final AnswerWriter writer;
  private final Settings.LookupSettings settings;
  private final Clock clock;
  private final Supplier<Optional<String>> traceParent;
  private final long refreshNanos;
  private final Cache<EntryKey, LookupEntry> entries;
  private final Cache<LookupQuestion, Written> written;

  private record EntryKey(ReferenceKey key, String runtime) {
    static EntryKey of(Subject subject) {
      return new EntryKey(subject.key(), subject.runtime());
    }
  }

  /** An answer that was written, and what it was made of. */
  private record Written(
      LookupEntry entry, boolean stale, long revision, EncodedAnswer answer, Subject subject) {}

  MemoryLookups(
      Subjects subjects,
      AllowList allowed,
      Freshness freshness,
      StoreReader reader,
      Wishes wishes,
      Lists lists,
      AnswerWriter writer,
      Settings settings,
      Clock clock,
      Supplier<Optional<String>> traceParent) {
    this.subjects = subjects;
    this.allowed = allowed;
    this.freshness = freshness;
    this.reader = reader;
    this.wishes = wishes;
    this.lists = lists;
    this.writer = writer;
    this.settings = settings.lookup();
    this.clock = clock;
    this.traceParent = traceParent;
    this.refreshNanos = settings.lookup().refresh().toNanos();
    long bytes = settings.memory().lookups().toBytes();
    this.entries =
        Caffeine.newBuilder()
            .maximumWeight(bytes / 2)
            .<EntryKey, LookupEntry>weigher((k, e) -> e.weight())
            .build();
    this.written =
        Caffeine.newBuilder()
            .maximumWeight(bytes / 2)
            .<LookupQuestion, Written>weigher(
                (q, w) -> QUESTION_BYTES + w.answer().body().length + 2 * q.image().length())
            .build();
  }

  @Override
  public EncodedAnswer answer(LookupQuestion question) throws InvalidQuestionException {
    Written before = written.getIfPresent(question);
    Subject subject;
    if (before != null) {
      subject = before.subject();
    } else {
      try {
        subject = subjects.of(question.image(), question.platform(), question.runtime());
      } catch (InvalidQuestionException e) {
        InRegistry reference = subjects.requireReference(question.image());
        // A runtime that the rules do not know yet must not stop builds.
        return writer.write(question, reference, e.getMessage(), lists.revision());
      }
    }
    LookupEntry entry = entry(subject);
    Instant now = clock.instant();
    if (settings.scan()) {
      entry.due(now).ifPresent(cause -> wishes.add(subject, cause, traceParent.get()));
    }
    boolean stale = entry.isStale(now);
    long revision = lists.revision();
    if (before != null
        && before.entry() == entry
        && before.stale() == stale
        && before.revision() == revision) {
      return before.answer();
    }
    EncodedAnswer answer = writer.write(question.image(), entry, stale, revision);
    written.put(question, new Written(entry, stale, revision, answer, subject));
    return answer;
  }

  @Override
  public void prepare(List<LookupQuestion> questions) {
    Map<EntryKey, Subject> missing = new LinkedHashMap<>();
    for (LookupQuestion question : questions) {
      try {
        Subject subject = subjects.of(question.image(), question.platform(), question.runtime());
        EntryKey key = EntryKey.of(subject);
        if (entries.getIfPresent(key) == null) {
          missing.put(key, subject);
        }
      } catch (InvalidQuestionException e) {
        // Its answer says so.
      }
    }
    reader.readAll(
        missing.values(),
        (subject, known) -> entries.put(EntryKey.of(subject), entry(subject, known, false)));
  }

  private LookupEntry entry(Subject subject) {
    EntryKey key = EntryKey.of(subject);
    LookupEntry entry = entries.getIfPresent(key);
    if (entry == null) {
      Optional<Knowledge> known = reader.read(subject);
      if (known.isEmpty()) {
        // The store does not answer. What is unknown is not kept: it may be back at once.
        return entry(subject, Knowledge.NONE, true);
      }
      LookupEntry loaded = entry(subject, known.get(), false);
      entries.put(key, loaded);
      return loaded;
    }
    if (entry.beginRefresh(System.nanoTime(), refreshNanos)) {
      if (entry.isWorthWaiting(clock.instant())) {
        // Another replica may have found out long ago.
        Optional<Knowledge> known = reader.read(subject);
        if (known.isPresent()) {
          LookupEntry loaded = entry(subject, known.get(), false);
          entries.put(key, loaded);
          return loaded;
        }
        entry.endRefresh();
      } else {
        reload(key, subject, entry);
      }
    }
    return entry;
  }

  private LookupEntry entry(Subject subject, Knowledge known, boolean uncertain) {
    return new LookupEntry(
        subject,
        known,
        allowed.isAllowed(subject.reference().registry()),
        uncertain,
        System.nanoTime(),
        freshness.until(known, subject),
        freshness.holdsUntil(known, subject));
  }

  /** Reads anew in the background; what is in memory stays until then, and if the store is down. */
  private void reload(EntryKey key, Subject subject, LookupEntry entry) {
    reader.readLater(
        subject, known -> entries.put(key, entry(subject, known, false)), entry::endRefresh);
  }

  /** What a scan of this process found is seen at once. */
  @Override
  public void changed(ReferenceKey key) {
    entries
        .asMap()
        .forEach(
            (kept, entry) -> {
              if (kept.key().equals(key)) {
                reload(kept, entry.subject(), entry);
              }
            });
  }

  /** How many answers are in memory. */
  public long size() {
    return entries.estimatedSize();
  }
}
