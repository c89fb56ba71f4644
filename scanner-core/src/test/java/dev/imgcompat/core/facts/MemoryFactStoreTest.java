package dev.imgcompat.core.facts;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MemoryFactStoreTest extends FactStoreContract {
  @Override
  protected FactStore store() {
    return new MemoryFactStore(10 << 20);
  }

  @Test
  void holdsNoMoreThanItMay() {
    MemoryFactStore store = new MemoryFactStore(1);

    store.putFacts(KEY, FACTS);

    store.cleanUp();
    assertThat(store.facts(KEY)).isEmpty();
  }
}
