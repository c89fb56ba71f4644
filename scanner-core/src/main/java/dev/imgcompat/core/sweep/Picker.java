package dev.imgcompat.core.sweep;

import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.image.ScanException;
import dev.imgcompat.core.sweep.plan.Selection;
import dev.imgcompat.core.sweep.source.ListedReference;
import dev.imgcompat.core.sweep.source.Listing;
import dev.imgcompat.core.verdict.Report.ScanError;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;

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
  private final Lanes lanes;
  private final Picked picked;
  private final ExecutorService threads;
  private final List<ListedReference> undated = new ArrayList<>();

  /** Of each repository that may still come; of most sources that is one. */
  private final Map<String, PriorityQueue<Dated>> newest = new LinkedHashMap<>();

  /** Repositories whose tags cannot be told apart any more. */
  private final Set<String> givenUp = new HashSet<>();

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

  /**
   * What came of a question.
   *
   * @param notAsked why nobody asked, if so
   */
  private record Answer(
      ListedReference listed, Optional<Instant> time, Optional<ScanError> notAsked) {}

  /**
   * Creates one.
   *
   * @param now from which ages are counted
   * @param concurrency how many to ask for their time at a time
   * @param lanes by whose rules registries are asked
   */
  Picker(
      Selection selection,
      Instant now,
      Inspector inspector,
      int concurrency,
      SweepControl control,
      Lanes lanes,
      Picked picked) {
    this.selection = selection;
    this.now = now;
    this.inspector = inspector;
    this.control = control;
    this.lanes = lanes;
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
    String name = nameOf(listed);
    if (grouped && !name.equals(repository)) {
      finish();
      repository = name;
    }
    if (givenUp.contains(name)) {
      return;
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
    givenUp.clear();
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
    PriorityQueue<Dated> ofOne =
        newest.computeIfAbsent(nameOf(listed), n -> new PriorityQueue<>(OLDEST_FIRST));
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
        take(answer.get());
      } catch (ExecutionException e) {
        if (e.getCause() instanceof RuntimeException defect) {
          throw defect;
        }
        throw new IllegalStateException(e.getCause());
      }
    }
    undated.clear();
  }

  private void take(Answer answer) throws InterruptedException {
    ListedReference listed = answer.listed();
    if (answer.notAsked().isPresent()) {
      if (givenUp.add(nameOf(listed))) {
        picked.unlisted(
            listed.reference().registry(),
            listed.reference().repository(),
            new ScanException.Unavailable(answer.notAsked().get().message(), null));
      }
    } else if (answer.time().isPresent()) {
      dated(listed, answer.time().get());
    } else {
      picked.picked(listed);
    }
  }

  private static String nameOf(ListedReference listed) {
    return listed.reference().registry() + "/" + listed.reference().repository();
  }

  /**
   * What does not tell its time counts besides the newest: rather one too many than one too few.
   */
  private Answer ask(ListedReference listed) throws InterruptedException {
    AtomicReference<Answer> answer =
        new AtomicReference<>(new Answer(listed, Optional.empty(), Optional.empty()));
    Optional<ScanError> notAsked =
        lanes.visit(
            listed.reference().registry(),
            () -> {
              try {
                answer.set(answer(listed));
                return Optional.empty();
              } catch (ScanException e) {
                // Whoever looks at it will see the same.
                return Optional.of(ScanError.of(e));
              }
            });
    return notAsked.isEmpty() ? answer.get() : new Answer(listed, Optional.empty(), notAsked);
  }

  private Answer answer(ListedReference listed) throws ScanException, InterruptedException {
    Optional<Digest> digest =
        listed.digest().isPresent() ? listed.digest() : inspector.digest(listed.reference());
    Optional<Instant> created = inspector.created(listed.reference(), digest);
    return new Answer(
        new ListedReference(listed.reference(), digest, listed.pushedAt()),
        created.map(c -> c.isAfter(now) ? now : c),
        Optional.empty());
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
