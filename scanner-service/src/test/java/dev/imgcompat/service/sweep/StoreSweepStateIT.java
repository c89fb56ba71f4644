package dev.imgcompat.service.sweep;

import dev.imgcompat.service.settings.Settings;
import dev.imgcompat.service.settings.Settings.StoreSettings;
import dev.imgcompat.service.store.jdbc.JdbcStore;
import dev.imgcompat.service.testing.Postgres;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;

/** The state of sweeps on a server. */
class StoreSweepStateIT extends StoreSweepStateContract {
  private final Postgres postgres = new Postgres();

  @Override
  JdbcStore openStore(Settings settings) {
    return JdbcStore.open(
        new StoreSettings(
            null,
            postgres.url(),
            postgres.username(),
            null,
            postgres.password(),
            4,
            Duration.ofSeconds(10)),
        Path.of("unused"));
  }

  @AfterEach
  void closeRelay() {
    postgres.close();
  }
}
