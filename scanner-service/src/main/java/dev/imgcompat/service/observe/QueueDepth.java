package dev.imgcompat.service.observe;

import dev.imgcompat.service.store.Store;
import dev.imgcompat.service.store.StoreUnavailableException;

/** How many scans there are to do. */
final class QueueDepth {
  private final Store store;

  QueueDepth(Store store) {
    this.store = store;
  }

  double get() {
    try {
      return store.scans().countActive();
    } catch (StoreUnavailableException e) {
      return Double.NaN;
    }
  }
}
