package dev.imgcompat.core;

import dev.imgcompat.core.image.ScanException;
import java.util.concurrent.ExecutionException;

/** Facts that are being got. */
@FunctionalInterface
interface Loading {
  /** Waits for them. */
  Loaded await() throws ExecutionException, InterruptedException;

  /** Those that are there already. */
  static Loading of(Loaded loaded) {
    return () -> loaded;
  }

  /** Those that cannot be had. */
  static Loading failed(ScanException failure) {
    return () -> {
      throw new ExecutionException(failure);
    };
  }
}
