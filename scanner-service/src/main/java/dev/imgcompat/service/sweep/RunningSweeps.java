package dev.imgcompat.service.sweep;

import dev.imgcompat.core.sweep.SweepControl;
import dev.imgcompat.core.sweep.SweepProgress;
import dev.imgcompat.service.background.Background;
import dev.imgcompat.service.store.Store;
import dev.imgcompat.service.store.StoreUnavailableException;
import dev.imgcompat.service.store.SweepRecord;
import dev.imgcompat.service.store.SweepRecord.State;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * The sweeps that this process does: stores how far they are, and hears what others want of them,
 * every second.
 */
final class RunningSweeps implements AutoCloseable {
  private static final Duration EVERY = Duration.ofSeconds(1);

  private final Store store;
  private final Map<String, Running> running = new ConcurrentHashMap<>();
  private final Background background = new Background("sweep-progress");

  /**
   * A sweep that goes on.
   *
   * @param worker under which this process has it
   * @param changed whether lists may have something new
   * @param thread that does it
   */
  record Running(
      SweepRecord sweep,
      String worker,
      SweepControl control,
      Supplier<SweepProgress> progress,
      Supplier<Boolean> changed,
      Thread thread) {}

  RunningSweeps(Store store) {
    this.store = store;
    background.every(EVERY, this::look);
  }

  void put(Running one) {
    running.put(one.sweep().id(), one);
  }

  /** After this nothing more is stored of a sweep, and its thread is not interrupted any more. */
  void remove(String id) {
    synchronized (running) {
      running.remove(id);
    }
  }

  /** Has all of them stop where they are, for another process to go on with. */
  void interrupt() {
    synchronized (running) {
      running.values().forEach(one -> one.thread().interrupt());
    }
  }

  /** Looks now. */
  void look() {
    for (String id : running.keySet()) {
      synchronized (running) {
        Running one = running.get(id);
        if (one != null) {
          try {
            look(one);
          } catch (StoreUnavailableException e) {
            return; // the next time, then
          }
        }
      }
    }
  }

  private void look(Running one) {
    Optional<SweepRecord> now =
        store.sweeps().progress(one.sweep().id(), one.worker(), one.progress().get());
    if (now.isEmpty()) {
      // Another process took this one for dead, and goes on with it.
      one.thread().interrupt();
      return;
    }
    obey(one.control(), now.get());
    if (one.changed().get()) {
      store.lists().noteChange();
    }
  }

  /** Does what somebody wants of a sweep. */
  static void obey(SweepControl control, SweepRecord now) {
    if (now.cancelled()) {
      control.cancel();
    } else if (now.state() == State.PAUSED) {
      control.pause();
    } else if (control.isPaused()) {
      control.resume();
    }
  }

  @Override
  public void close() {
    background.close();
  }
}
