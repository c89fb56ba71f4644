package dev.imgcompat.core.facts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imgcompat.core.image.Bytes;
import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.layer.LayerFacts;
import dev.imgcompat.core.testing.ElfBuilder;
import dev.imgcompat.core.testing.LayerBuilder;
import dev.imgcompat.core.testing.Layers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What every {@link FactStore} must do. */
public abstract class FactStoreContract {
  protected static final LayerFacts FACTS = Layers.facts(layer());

  protected static final FactKey KEY = new FactKey(FACTS.digest().orElseThrow(), "elf-1");

  protected abstract FactStore store();

  private static LayerBuilder layer() {
    return new LayerBuilder()
        .program("bin/x", ElfBuilder.glibcProgram().note("GNU", 1, 0, 2, 6, 18))
        .program("lib/libc-2.12.so", ElfBuilder.glibc("2.12"))
        .program("bin/script", "#!/bin/sh\n".getBytes(StandardCharsets.UTF_8))
        .program("bin/rpm", ElfBuilder.x86_64().text("rpmpopt-4.8.0"))
        .link("bin/sh", "x")
        .hardLink("bin/y", "bin/x")
        .whiteout("gone")
        .opaque("hidden")
        .directory("empty")
        .text("etc/os-release", "ID=x\n")
        .text("var/lib/dpkg/status", "Package: libc6\nVersion: 2.11\n")
        .text("plain/größe", "x");
  }

  @Test
  void givesBackWhatItKeeps() {
    FactStore store = store();
    assertThat(store.facts(KEY)).isEmpty();

    store.putFacts(KEY, FACTS);

    assertThat(store.facts(KEY)).contains(FACTS);
  }

  @Test
  void otherAnalyzersHaveOtherFacts() {
    FactStore store = store();
    store.putFacts(KEY, FACTS);

    assertThat(store.facts(new FactKey(KEY.layer(), "elf-2"))).isEmpty();
    assertThat(store.facts(new FactKey(Bytes.digest(new byte[1]), KEY.analyzers()))).isEmpty();
  }

  @Test
  void findsFactsOfALayerUnderWhateverKey() {
    FactStore store = store();
    assertThat(store.facts(KEY.layer(), facts -> true)).isEmpty();

    store.putFacts(KEY, FACTS);

    assertThat(store.facts(KEY.layer(), facts -> true)).contains(FACTS);
    assertThat(store.facts(KEY.layer(), facts -> false)).isEmpty();
    assertThat(store.facts(Bytes.digest(new byte[1]), facts -> true)).isEmpty();
  }

  @Test
  void keepsTheFactsOfSeveralAnalyzersBesideEachOther() {
    FactStore store = store();
    LayerFacts later = Layers.facts(List.of(), layer());
    FactKey laterKey = new FactKey(KEY.layer(), "elf-2");
    store.putFacts(KEY, FACTS);
    store.putFacts(laterKey, later);

    assertThat(store.facts(KEY)).contains(FACTS);
    assertThat(store.facts(laterKey)).contains(later);
    assertThat(store.facts(KEY.layer(), FACTS::equals)).contains(FACTS);
    assertThat(store.facts(KEY.layer(), later::equals)).contains(later);
  }

  @Test
  void asksOfABoundedNumberOfKeys() {
    FactStore store = store();
    for (int i = 0; i < FactStore.MOST_VERSIONS + 5; i++) {
      store.putFacts(new FactKey(KEY.layer(), "elf-" + i), FACTS);
    }
    AtomicInteger asked = new AtomicInteger();

    assertThat(store.facts(KEY.layer(), facts -> asked.incrementAndGet() < 0)).isEmpty();

    assertThat(asked).hasValue(FactStore.MOST_VERSIONS);
  }

  @Test
  void keepsDocuments() {
    FactStore store = store();
    byte[] document = "{}".getBytes(StandardCharsets.UTF_8);
    Digest digest = Bytes.digest(document);
    assertThat(store.document(digest)).isEmpty();

    store.putDocument(digest, document);

    assertThat(store.document(digest)).hasValueSatisfying(d -> assertThat(d).isEqualTo(document));
  }

  @Test
  void manyMayReadAndWriteAtOnce() throws Exception {
    FactStore store = store();
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<?>> tasks = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        tasks.add(threads.submit(() -> store.putFacts(KEY, FACTS)));
        tasks.add(
            threads.submit(() -> store.facts(KEY).ifPresent(f -> assertThat(f).isEqualTo(FACTS))));
      }
      for (Future<?> task : tasks) {
        task.get();
      }
    } finally {
      threads.shutdown();
    }

    assertThat(store.facts(KEY)).contains(FACTS);
  }
}
