package dev.imgcompat.service.sweep;

import dev.imgcompat.service.settings.Settings;
import dev.imgcompat.service.store.jdbc.JdbcStore;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class StoreSweepStateTest extends StoreSweepStateContract {
  @TempDir Path directory;

  @Override
  JdbcStore openStore(Settings settings) {
    return JdbcStore.open(settings.store(), directory);
  }
}
