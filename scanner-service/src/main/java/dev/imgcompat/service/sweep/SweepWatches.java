package dev.imgcompat.service.sweep;

import dev.imgcompat.core.sweep.state.TagRecord;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Tells several what one is told. Plans of the file are told by their names and all others as one:
 * whoever counts by plan could otherwise be made to count without bound.
 */
public final class SweepWatches implements SweepWatch {
  /** What plans that came with requests are called. */
  static final String OTHERS = "request";

  private final Set<String> plans;
  private final List<SweepWatch> watches = new CopyOnWriteArrayList<>();

  /**
   * Creates one.
   *
   * @param plans names of those in the operator's file
   */
  SweepWatches(Collection<String> plans) {
    this.plans = Set.copyOf(plans);
  }

  private String named(String plan) {
    return plans.contains(plan) ? plan : OTHERS;
  }

  /** Tells one more from now on. */
  public void add(SweepWatch watch) {
    watches.add(watch);
  }

  @Override
  public void begun(String plan) {
    String name = named(plan);
    watches.forEach(w -> w.begun(name));
  }

  @Override
  public void ended(String plan) {
    String name = named(plan);
    watches.forEach(w -> w.ended(name));
  }

  @Override
  public void done(String plan, TagRecord tag) {
    String name = named(plan);
    watches.forEach(w -> w.done(name, tag));
  }
}
