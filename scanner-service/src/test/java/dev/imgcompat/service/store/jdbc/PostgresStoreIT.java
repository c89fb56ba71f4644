package dev.imgcompat.service.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imgcompat.service.settings.Settings.StoreSettings;
import dev.imgcompat.service.store.StoreUnavailableException;
import dev.imgcompat.service.testing.Postgres;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The store on a server. */
class PostgresStoreIT extends RetentionContract {
  private final Postgres postgres = new Postgres();

  @Override
  StoreSettings settings() {
    return settings(postgres.password());
  }

  private StoreSettings settings(String password) {
    return new StoreSettings(
        null,
        postgres.url() + "?reWriteBatchedInserts=true",
        postgres.username(),
        null,
        password,
        4,
        Duration.ofSeconds(3));
  }

  @Override
  JdbcStore open() {
    return JdbcStore.open(settings(), Path.of("unused"));
  }

  @Override
  void goDown() {
    postgres.stop();
  }

  @Override
  void comeBack() {
    postgres.start();
  }

  @AfterEach
  void closeRelay() {
    postgres.close();
  }

  @Test
  void serverThatIsSilentHoldsNobodyUp() {
    postgres.silence();

    for (int i = 0; i <= settings().connections(); i++) {
      assertDown(() -> store.check());
    }

    postgres.start();
    awaitStore();
  }

  @Test
  void recoversWhenTheServerIsStartedAgain() {
    store.check();

    postgres.restartServer();

    awaitStore();
    assertThat(store.isEmbedded()).isFalse();
  }

  @Test
  void refusedPasswordIsNotShown() {
    assertDown(
        () -> {
          try (JdbcStore refused =
              JdbcStore.open(settings("s3cret-but-wrong"), Path.of("unused"))) {
            refused.check();
          }
        });
  }

  @Test
  void statementThatTakesTooLongIsGivenUp() {
    assertThat(
            client()
                .sql("SELECT setting FROM pg_settings WHERE name = 'statement_timeout'")
                .query(String.class)
                .single())
        .isEqualTo("3000");
  }

  private void awaitStore() {
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .ignoreExceptionsInstanceOf(StoreUnavailableException.class)
        .untilAsserted(() -> store.check());
  }
}
