package dev.imgcompat.core.registry;

import org.jspecify.annotations.Nullable;

/**
 * Notices when a row of things goes round in a circle, and remembers no more than two of them. Not
 * thread-safe.
 *
 * @see <a href="https://doi.org/10.1007/BF01933190">R. P. Brent, An improved Monte Carlo
 *     factorization algorithm</a>, section 2
 */
final class LoopWatch<T> {
  private @Nullable T previous;
  private @Nullable T kept;
  private long since;
  private long until = 1;

  /** Whether this one has come before; of a circle, one of its second or third round has. */
  boolean hasSeen(T next) {
    if (next.equals(previous) || next.equals(kept)) {
      return true;
    }
    previous = next;
    since++;
    if (since == until) {
      kept = next;
      until *= 2;
      since = 0;
    }
    return false;
  }
}
