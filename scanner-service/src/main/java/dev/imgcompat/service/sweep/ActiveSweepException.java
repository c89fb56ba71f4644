package dev.imgcompat.service.sweep;

/** A plan is being swept already. */
public final class ActiveSweepException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String id;

  /**
   * Creates one.
   *
   * @param id of the sweep that is active
   */
  public ActiveSweepException(String plan, String id) {
    super("a sweep of " + plan + " waits or goes on already: " + id);
    this.id = id;
  }

  /** The id of the sweep that is active. */
  public String id() {
    return id;
  }
}
