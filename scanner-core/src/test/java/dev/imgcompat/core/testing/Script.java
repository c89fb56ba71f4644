package dev.imgcompat.core.testing;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.Optional;

/**
 * What happens to the requests for one path, one after another. Afterwards they are answered as
 * usual, unless something is to happen always. Safe for use by several threads.
 */
public final class Script {
  private final Deque<Behaviour> next = new ArrayDeque<>();
  private Optional<Behaviour> always = Optional.empty();

  Script() {}

  /** Does this with the next request that nothing is planned for. */
  public Script then(Behaviour behaviour) {
    return times(1, behaviour);
  }

  /** Does this with the next so many. */
  public synchronized Script times(int count, Behaviour behaviour) {
    next.addAll(Collections.nCopies(count, behaviour));
    return this;
  }

  /** Does this with all that follow. */
  public synchronized Script always(Behaviour behaviour) {
    always = Optional.of(behaviour);
    return this;
  }

  /** Forgets what is planned. */
  public synchronized Script clear() {
    next.clear();
    always = Optional.empty();
    return this;
  }

  synchronized Optional<Behaviour> take() {
    Behaviour behaviour = next.poll();
    return behaviour == null ? always : Optional.of(behaviour);
  }
}
