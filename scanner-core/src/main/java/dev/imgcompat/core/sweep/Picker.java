package dev.imgcompat.core.sweep;

import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.image.ScanException;
import dev.imgcompat.core.sweep.plan.Selection;
import dev.imgcompat.core.sweep.source.ListedReference;
import dev.imgcompat.core.sweep.source.Listing;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Picks, of what is listed, what counts. Holds no more than the newest tags of one repository, or
 * of those that somebody wrote down in any order. Used by one thread.
 */
final class Picker implements Listing, AutoCloseable {
  /** How many are asked for their time together. */
  private static final int TOGETHER = 64;

  private static final Comparator<Dated> OLDEST_FIRST =
      Comparator.comparing(Dated::time)
          .thenComparing(d -> d.listed().reference().canonical(), Comparator.reverseOrder());

  private final Selection selection;
  private final Instant now;
  private final Inspector inspector;
  private final SweepControl control;
  private final Picked picked;
  private final ExecutorService threads;
  private final List<ListedReference> undated = new ArrayList<>();

  /** Of each repository that may still come; of most sources that is one. */
  private final Map<String, PriorityQueue<Dated>> newest = new LinkedHashMap<>();

  private boolean grouped = true;
  private String repository = "";
  private long count;

  /** What is done with what counts. */
  interface Picked {
    /** Takes it; may wait for room. */
    void picked(ListedReference listed) throws InterruptedException;

    /** Takes note of what cannot be listed. */
    void unlisted(String what, ScanException why);

    /** Takes note of a repository that cannot be listed. */
    void unlisted(String registry, String repository, ScanException why);
  }

  private record Dated(ListedReference listed, Instant time) {}

  private record Answer(ListedReference listed, Optional<Instant> time) {}

  /**
   * Creates one.
   *
   * @param now from which ages are counted
   * @param concurrency how many to ask for their time at a time
   */
  Picker(
      Selection selection,
      Instant now,
      Inspector inspector,
      int concurrency,
      SweepControl control,
      Picked picked) {
    this.selection = selection;
    this.now = now;
    this.inspector = inspector;
    this.control = control;
    this.picked = picked;
    this.threads =
        Executors.newFixedThreadPool(
            concurrency,
            task -> {
              Thread thread = new Thread(task, "sweep-times");
              thread.setDaemon(true);
              return thread;
            });
  }

  @Override
  public boolean wants(String registry, String name) throws InterruptedException {
    // Whoever lists much of which nothing counts is to be held up, too.
    control.awaitTurn();
    return selection.wants(registry, name);
  }

  @Override
  public void unlisted(String what, ScanException why) {
    picked.unlisted(what, why);
  }

  @Override
  public void unlisted(String registry, String name, ScanException why) {
    picked.unlisted(registry, name, why);
  }

  @Override
  public void found(ListedReference listed) throws InterruptedException {
    control.awaitTurn();
    count++;
    if (!selection.wants(listed.reference())) {
      return;
    }
    if (!selection.asksForTimes()) {
      picked.picked(listed);
      return;
    }
    String name = listed.reference().registry() + "/" + listed.reference().repository();
    if (grouped && !name.equals(repository)) {
      finish();
      repository = name;
    }
    if (listed.pushedAt().isPresent()) {
      dated(listed, listed.pushedAt().get());
    } else {
      undated.add(listed);
      if (undated.size() == TOGETHER) {
        askForTimes();
      }
    }
  }

  /** Nothing more comes of the repository that came last. */
  void finish() throws InterruptedException {
    askForTimes();
    for (PriorityQueue<Dated> ofOne : newest.values()) {
      while (!ofOne.isEmpty()) {
        picked.picked(ofOne.remove().listed());
      }
    }
    newest.clear();
  }

  /** The next source begins; its repositories come in one piece each, or they do not. */
  void begin(boolean inOnePiece) {
    grouped = inOnePiece;
    repository = "";
  }

  /** How many references were listed so far, wanted or not. */
  long count() {
    return count;
  }

  private void dated(ListedReference listed, Instant time) throws InterruptedException {
    if (selection.changedSince().filter(since -> time.isBefore(since.at(now))).isPresent()) {
      return;
    }
    if (selection.newest().isEmpty()) {
      picked.picked(listed);
      return;
    }
    String name = listed.reference().registry() + "/" + listed.reference().repository();
    PriorityQueue<Dated> ofOne =
        newest.computeIfAbsent(name, n -> new PriorityQueue<>(OLDEST_FIRST));
    String canonical = listed.reference().canonical();
    if (ofOne.stream().noneMatch(d -> d.listed().reference().canonical().equals(canonical))) {
      ofOne.add(new Dated(listed, time));
    }
    if (ofOne.size() > selection.newest().getAsInt()) {
      ofOne.remove();
    }
  }

  /** Plain registries do not tell when a tag was pushed; configs tell when the image was made. */
  private void askForTimes() throws InterruptedException {
    List<Callable<Answer>> questions = new ArrayList<>();
    for (ListedReference listed : undated) {
      questions.add(() -> ask(listed));
    }
    for (Future<Answer> answer : threads.invokeAll(questions)) {
      try {
        ListedReference listed = answer.get().listed();
        Optional<Instant> time = answer.get().time();
        if (time.isPresent()) {
          dated(listed, time.get());
        } else {
          picked.picked(listed);
        }
      } catch (ExecutionException e) {
        if (e.getCause() instanceof RuntimeException defect) {
          throw defect;
        }
        throw new IllegalStateException(e.getCause());
      }
    }
    undated.clear();
  }

  /**
   * What does not tell its time counts besides the newest: rather one too many than one too few.
   */
  private Answer ask(ListedReference listed) throws InterruptedException {
    control.awaitTurn();
    try {
      Optional<Digest> digest =
          listed.digest().isPresent() ? listed.digest() : inspector.digest(listed.reference());
      Optional<Instant> created = inspector.created(listed.reference(), digest);
      return new Answer(
          new ListedReference(listed.reference(), digest, listed.pushedAt()),
          created.map(c -> c.isAfter(now) ? now : c));
    } catch (ScanException e) {
      // Whoever looks at it will see the same.
      return new Answer(listed, Optional.empty());
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
