package dev.imgcompat.service.store.jdbc;

import static dev.imgcompat.service.store.jdbc.StoreSamples.NOON;
import static dev.imgcompat.service.store.jdbc.StoreSamples.key;
import static dev.imgcompat.service.store.jdbc.StoreSamples.scan;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imgcompat.core.image.Bytes;
import dev.imgcompat.service.settings.Settings.StoreSettings;
import dev.imgcompat.service.store.ScanRecord.State;
import dev.imgcompat.service.store.StoreUnavailableException;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The embedded store. */
class H2StoreTest extends RetentionContract {
  @TempDir Path directory;
  private FileChannel otherProcess;

  @Override
  StoreSettings settings() {
    return new StoreSettings(
        directory.resolve("store"), null, null, null, null, 4, Duration.ofSeconds(1));
  }

  @Override
  JdbcStore open() {
    return JdbcStore.open(settings(), Path.of("unused"));
  }

  /** As if another process had opened it, as soon as this one has not. */
  @Override
  void goDown() {
    try {
      otherProcess =
          FileChannel.open(
              directory.resolve("store").resolve("imgcompat.mv.db"), StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Awaitility.await()
        .ignoreExceptions()
        .until(
            () -> {
              client().sql("SHUTDOWN").update();
              return otherProcess.tryLock() != null;
            });
  }

  @Override
  void comeBack() {
    try {
      otherProcess.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @AfterEach
  void unlock() {
    if (otherProcess != null) {
      comeBack();
    }
  }

  @Test
  void fileShrinksWhenMuchIsForgotten() {
    Random random = new Random(7);
    File file = directory.resolve("store").resolve("imgcompat.mv.db").toFile();
    for (int i = 0; i < 500; i++) {
      byte[] document = new byte[100_000];
      random.nextBytes(document);
      store.facts().putDocument(Bytes.digest(document), document);
    }
    byte[] last = "the last".getBytes(StandardCharsets.UTF_8);
    store.facts().putDocument(Bytes.digest(last), last);
    assertThat(file.length()).isGreaterThan(48_000_000);

    client()
        .sql("DELETE FROM document WHERE digest <> ?")
        .param(Bytes.digest(last).value())
        .update();

    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofSeconds(1))
        .untilAsserted(
            () -> {
              store.lists().noteChange(); // now and then something is written
              assertThat(file.length()).isLessThan(24_000_000);
            });
    assertThat(store.facts().document(Bytes.digest(last))).hasValue(last);
  }

  @Test
  void saysThatAnotherProcessHasIt() {
    goDown();

    assertDown(this::open);
    assertThatThrownBy(this::open)
        .hasMessage("the store in " + directory.resolve("store") + " is in use by another process");
  }

  @Test
  void isEmbeddedInADirectoryOfItsOwner() throws Exception {
    assertThat(store.isEmbedded()).isTrue();
    assertThat(Files.getPosixFilePermissions(directory.resolve("store")))
        .allMatch(permission -> permission.name().startsWith("OWNER_"));
    try (var files = Files.list(directory.resolve("store"))) {
      assertThat(files).hasSize(1);
    }
  }

  @Test
  void interruptedThreadsLoseNothing() throws Exception {
    Set<String> added = ConcurrentHashMap.newKeySet();
    for (int round = 0; round < 20; round++) {
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        String name = round + "-" + i;
        threads.add(new Thread(() -> addScans(name, added)));
      }
      threads.forEach(Thread::start);
      for (int i = 0; i < 10; i++) {
        threads.forEach(Thread::interrupt);
        Thread.onSpinWait();
      }
      for (Thread thread : threads) {
        thread.join();
      }
    }

    store.check();
    store.close();
    store = open();
    assertThat(added).isNotEmpty().allSatisfy(id -> assertThat(store.scans().scan(id)).isPresent());
  }

  private void addScans(String name, Set<String> added) {
    for (int i = 0; i < 10; i++) {
      String id = name + "-" + i;
      try {
        store.scans().add(scan(id, key("docker.io/library/x:" + id), State.QUEUED, NOON));
        added.add(id);
      } catch (StoreUnavailableException e) {
        return; // interrupted while it waited for a connection
      }
    }
  }
}
