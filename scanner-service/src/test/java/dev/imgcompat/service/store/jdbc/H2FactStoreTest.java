package dev.imgcompat.service.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imgcompat.core.facts.FactStore;
import dev.imgcompat.core.facts.FactStoreContract;
import dev.imgcompat.core.facts.MemoryFactStore;
import dev.imgcompat.service.settings.Settings.StoreSettings;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

class H2FactStoreTest extends FactStoreContract {
  @TempDir Path directory;
  private JdbcStore store;

  @BeforeEach
  void open() {
    store =
        JdbcStore.open(
            new StoreSettings(null, null, null, null, null, 4, Duration.ofSeconds(3)), directory);
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Override
  protected FactStore store() {
    return store.facts();
  }

  @Test
  void factsThatCannotBeReadAreNotThere() {
    store.facts().putFacts(KEY, FACTS);

    JdbcClient.create(store.dataSource())
        .sql("UPDATE layer_facts SET facts = ?")
        .param(new byte[] {1, 2, 3})
        .update();

    assertThat(store.facts().facts(KEY)).isEmpty();
    store.facts().putFacts(KEY, FACTS);
    assertThat(store.facts().facts(KEY)).contains(FACTS);
  }

  @Test
  void factsThatCannotBeReadDoNotHideOthersOfTheirLayer() {
    store.facts().putFacts(KEY, FACTS);
    JdbcClient.create(store.dataSource())
        .sql(
            """
            INSERT INTO layer_facts (layer_digest, analyzers, facts, bytes, stored_at)
              VALUES (?, 'newer', ?, 3, ?)
            """)
        .params(KEY.layer().value(), new byte[] {1, 2, 3}, Long.MAX_VALUE)
        .update();

    assertThat(store.facts().facts(KEY.layer(), facts -> true)).contains(FACTS);
  }

  @Test
  void factsOfOtherAnalyzersAreFoundInFrontAndBehind() {
    MemoryFactStore front = new MemoryFactStore(1 << 20);
    TieredFactStore tiered = new TieredFactStore(front, store.facts());
    store.facts().putFacts(KEY, FACTS);

    assertThat(tiered.facts(KEY.layer(), FACTS::equals)).contains(FACTS);
    assertThat(tiered.facts(KEY.layer(), facts -> false)).isEmpty();

    front.putFacts(KEY, FACTS);
    store.close();
    assertThat(tiered.facts(KEY.layer(), FACTS::equals)).contains(FACTS);
    open();
  }

  @Test
  void whatIsFoundBehindIsKeptInFront() {
    store.facts().putFacts(KEY, FACTS);
    MemoryFactStore front = new MemoryFactStore(1 << 20);

    assertThat(new TieredFactStore(front, store.facts()).facts(KEY)).contains(FACTS);

    assertThat(front.facts(KEY)).contains(FACTS);
  }
}
