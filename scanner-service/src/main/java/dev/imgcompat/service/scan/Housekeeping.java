package dev.imgcompat.service.scan;

import dev.imgcompat.service.background.Background;
import dev.imgcompat.service.settings.Settings;
import dev.imgcompat.service.store.Store;
import dev.imgcompat.service.store.StoreUnavailableException;
import java.time.Clock;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Forgets what is of no use any more; several replicas may do so at once. */
final class Housekeeping implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);

  private static final Duration EVERY = Duration.ofMinutes(10);

  /** Names that no registry had, which anybody may make up. */
  private static final Duration NEVER_FOUND = Duration.ofDays(1);

  private final Store store;
  private final Duration keep;
  private final Clock clock;
  private final Background background = new Background("housekeeping");

  Housekeeping(Store store, Settings.Scans settings, Clock clock) {
    this.store = store;
    this.keep = settings.keep();
    this.clock = clock;
    background.every(EVERY, this::clean);
  }

  /** Forgets it now. */
  void clean() {
    try {
      int scans = store.scans().forgetEnded(clock.instant().minus(keep));
      int names = store.references().forgetNeverFound(clock.instant().minus(NEVER_FOUND));
      if (scans + names > 0) {
        LOG.info("forgot {} scans that ended, and {} names that no registry had", scans, names);
      }
    } catch (StoreUnavailableException e) {
      // The next time, then.
    }
  }

  @Override
  public void close() {
    background.close();
  }
}
