package dev.imgcompat.service.store.jdbc;

import static dev.imgcompat.service.store.jdbc.StoreSamples.NOON;
import static dev.imgcompat.service.store.jdbc.StoreSamples.key;
import static dev.imgcompat.service.store.jdbc.StoreSamples.scan;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import dev.imgcompat.core.image.Bytes;
import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.verdict.Decision;
import dev.imgcompat.service.settings.Settings.StoreSettings;
import dev.imgcompat.service.store.ListRevision;
import dev.imgcompat.service.store.ReferenceKey;
import dev.imgcompat.service.store.ScanRecord;
import dev.imgcompat.service.store.ScanRecord.State;
import dev.imgcompat.service.store.StoreUnavailableException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What the store must do on every database: scans, lists, facts, transactions, going down. */
@Timeout(120)
abstract class StoreContract {
  static final ReferenceKey CENTOS = key("docker.io/library/centos:6.8");
  static final Digest DIGEST = Digest.ofText("image");
  private static final OneTimeTask<Void> TASK =
      Tasks.oneTime("scan").execute((instance, context) -> {});

  JdbcStore store;

  /** Settings for one database a test. */
  abstract StoreSettings settings();

  /** Makes the database fail. */
  abstract void goDown();

  /** Makes it work again. */
  abstract void comeBack();

  abstract JdbcStore open();

  @BeforeEach
  void openStore() {
    store = open();
  }

  @AfterEach
  void closeStore() {
    if (store != null) {
      store.close();
    }
  }

  @Test
  void whatIsKeptIsThereAfterReopening() {
    store.images().put(StoreSamples.image(DIGEST, "kata", Decision.EXCLUDED));
    store.references().put(StoreSamples.found(CENTOS, DIGEST));
    store.scans().add(scan("a", CENTOS, State.QUEUED, NOON));
    assertThat(store.lists().publish(revision(1), OptionalInt.of(0))).isTrue();

    store.close();
    store = open();

    store.check();
    assertThat(store.images().image(DIGEST)).isPresent();
    assertThat(store.references().reference(CENTOS)).isPresent();
    assertThat(store.scans().active(CENTOS, "kata")).isPresent();
    assertThat(store.lists().newestRevision()).isEqualTo(OptionalLong.of(1));
  }

  @Test
  void scanComesBackAsItWas() {
    ScanRecord scan = scan("a", CENTOS, State.QUEUED, NOON);

    assertThat(store.scans().add(scan)).isTrue();

    assertThat(store.scans().scan("a")).contains(scan);
    assertThat(store.scans().active(CENTOS, "kata")).contains(scan);
    assertThat(store.scans().active(CENTOS, "kata:3.19")).isEmpty();
    assertThat(store.scans().scan("b")).isEmpty();
  }

  @Test
  void ofOneQuestionOneScanIsActive() {
    store.scans().add(scan("a", CENTOS, State.QUEUED, NOON));

    assertThat(store.scans().add(scan("b", CENTOS, State.QUEUED, NOON))).isFalse();
    assertThat(store.scans().add(scan("c", key("docker.io/library/x:1"), State.QUEUED, NOON)))
        .isTrue();

    assertThat(store.scans().scan("b")).isEmpty();
    assertThat(store.scans().countActive()).isEqualTo(2);
  }

  @Test
  void scanThatEndedMakesRoomForTheNext() {
    store.scans().add(scan("a", CENTOS, State.QUEUED, NOON));
    store.scans().update(scan("a", CENTOS, State.RUNNING, NOON));
    assertThat(store.scans().countActive()).isEqualTo(1);
    store.scans().update(scan("a", CENTOS, State.DONE, NOON));

    assertThat(store.scans().countActive()).isZero();
    assertThat(store.scans().active(CENTOS, "kata")).isEmpty();
    assertThat(store.scans().lastDone(CENTOS, "kata").map(ScanRecord::id)).contains("a");
    assertThat(store.scans().add(scan("b", CENTOS, State.QUEUED, NOON))).isTrue();
    store.scans().update(scan("b", CENTOS, State.DONE, NOON.plusMillis(1)));
    assertThat(store.scans().lastDone(CENTOS, "kata").map(ScanRecord::id)).contains("b");
  }

  @Test
  void scanThatEndedStaysSo() {
    store.scans().add(scan("a", CENTOS, State.RUNNING, NOON));
    store.scans().update(scan("a", CENTOS, State.DONE, NOON));
    store.scans().add(scan("b", CENTOS, State.QUEUED, NOON));

    store.scans().update(scan("a", CENTOS, State.RUNNING, NOON));

    assertThat(store.scans().scan("a").map(ScanRecord::state)).contains(State.DONE);
    assertThat(store.scans().active(CENTOS, "kata").map(ScanRecord::id)).contains("b");
  }

  @Test
  void failedScanIsNotTheLastDone() {
    store.scans().add(scan("a", CENTOS, State.RUNNING, NOON));
    store.scans().update(scan("a", CENTOS, State.FAILED, NOON));

    assertThat(store.scans().lastDone(CENTOS, "kata")).isEmpty();
  }

  @Test
  void scansThatEndedLongAgoAreForgotten() {
    store.scans().add(scan("a", CENTOS, State.RUNNING, NOON));
    store.scans().update(scan("a", CENTOS, State.DONE, NOON));
    store.scans().add(scan("b", CENTOS, State.RUNNING, NOON));

    assertThat(store.scans().forgetEnded(NOON)).isZero();
    assertThat(store.scans().forgetEnded(NOON.plusMillis(1))).isEqualTo(1);

    assertThat(store.scans().scan("a")).isEmpty();
    assertThat(store.scans().scan("b")).isPresent();
  }

  @Test
  void ofManyWhoAddTheSameScanOneSucceeds() throws Exception {
    try (JdbcStore other = open()) {
      for (int round = 0; round < 20; round++) {
        ReferenceKey key = key("docker.io/library/image:" + round);
        List<Callable<Boolean>> tasks = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
          JdbcStore one = i % 2 == 0 ? store : other;
          String id = round + "-" + i;
          tasks.add(() -> one.scans().add(scan(id, key, State.QUEUED, NOON)));
        }
        assertThat(atOnce(tasks)).containsOnlyOnce(true);
      }
      assertThat(store.scans().countActive()).isEqualTo(20);
    }
  }

  @Test
  void ofManyWhoPublishARevisionOneSucceeds() throws Exception {
    try (JdbcStore other = open()) {
      for (int round = 1; round <= 20; round++) {
        ListRevision revision = revision(round);
        assertThat(
                atOnce(
                    List.of(
                        () -> store.lists().publish(revision, OptionalInt.of(0)),
                        () -> other.lists().publish(revision, OptionalInt.of(0)),
                        () -> other.lists().publish(revision, OptionalInt.of(0)))))
            .containsOnlyOnce(true);
      }
    }
  }

  @Test
  void manyMayWriteTheSameImageAndReferenceAtOnce() throws Exception {
    try (JdbcStore other = open()) {
      for (int round = 0; round < 20; round++) {
        Digest digest = Digest.ofText("image " + round);
        ReferenceKey key = key("docker.io/library/image:" + round);
        List<Callable<Boolean>> tasks = new ArrayList<>();
        for (JdbcStore one : List.of(store, other, store, other)) {
          tasks.add(
              () -> {
                one.images().put(StoreSamples.image(digest, "kata", Decision.EXCLUDED));
                one.references().put(StoreSamples.found(key, digest));
                return true;
              });
        }
        assertThat(atOnce(tasks)).containsOnly(true);
      }
      assertThat(store.images().count()).isEqualTo(20);
      assertThat(store.references().decisions("kata")).containsEntry("EXCLUDED", 20L);
    }
  }

  @Test
  void revisionsFollowEachOtherAndTheNewestTenAreKept() {
    assertThat(store.lists().newest()).isEmpty();
    assertThat(store.lists().newestRevision()).isEmpty();
    assertThat(store.lists().publish(revision(2), OptionalInt.of(0))).isFalse();
    for (int i = 1; i <= 12; i++) {
      assertThat(store.lists().publish(revision(i), OptionalInt.of(0))).isTrue();
    }
    assertThat(store.lists().publish(revision(12), OptionalInt.of(0))).isFalse();
    assertThat(store.lists().publish(revision(14), OptionalInt.of(0))).isFalse();

    assertThat(store.lists().newestRevision()).isEqualTo(OptionalLong.of(12));
    assertThat(store.lists().newest())
        .hasValueSatisfying(
            newest -> {
              assertThat(newest.revision()).isEqualTo(12);
              assertThat(newest.madeAt()).isEqualTo(NOON);
              assertThat(newest.fingerprint()).isEqualTo("f12");
              assertThat(newest.report()).isEqualTo(new byte[] {0, 12});
            });
    assertThat(number("SELECT count(*) FROM list_revision")).isEqualTo(10);
  }

  @Test
  void removalsAddUpUntilSomebodyOrdersARevision() {
    Instant before = NOON.minusSeconds(1);
    store.lists().publish(revision(1), OptionalInt.of(3));
    store.lists().publish(revision(2), OptionalInt.of(0));
    store.lists().publish(revision(3), OptionalInt.of(4));
    assertThat(store.lists().removedSince(before)).isEqualTo(7);
    assertThat(store.lists().removedSince(NOON.plusSeconds(1))).isZero();
    store.lists().publish(revision(4), OptionalInt.empty());
    assertThat(store.lists().removedSince(before)).isZero();
  }

  @Test
  void scanIsFoundByWhatItFound() {
    ScanRecord done = scan("d".repeat(32), CENTOS, State.QUEUED, NOON);
    store.scans().add(done);
    assertThat(store.scans().lastDone(DIGEST, "kata")).isEmpty();
    store.scans().update(done.begun(NOON).done(NOON, DIGEST));
    assertThat(store.scans().lastDone(DIGEST, "kata")).map(ScanRecord::id).hasValue(done.id());
    assertThat(store.scans().lastDone(DIGEST, "gvisor")).isEmpty();
    store.scans().forget(done.id());
    assertThat(store.scans().scan(done.id())).isEmpty();
  }

  @Test
  void changesAreCounted() {
    long before = store.lists().changes();
    store.lists().noteChange();
    store.lists().noteChange();
    assertThat(store.lists().changes()).isEqualTo(before + 2);
  }

  @Test
  void documentThatIsDamagedIsNotThere() {
    byte[] document = "{}".getBytes(StandardCharsets.UTF_8);
    Digest digest = Bytes.digest(document);
    store.facts().putDocument(digest, document);
    assertThat(store.facts().document(digest)).isPresent();

    client().sql("UPDATE document SET bytes = ?").param(new byte[] {1}).update();
    assertThat(store.facts().document(digest)).isEmpty();

    store.facts().putDocument(digest, document);
    assertThat(store.facts().document(digest)).isPresent();
  }

  @Test
  void scanAndItsExecutionAreAddedTogetherOrNotAtAll() {
    SchedulerClient scheduler = SchedulerClient.Builder.create(store.dataSource(), TASK).build();

    assertThatThrownBy(
            () ->
                store.inTransaction(
                    () -> {
                      store.scans().add(scan("a", CENTOS, State.QUEUED, NOON));
                      scheduler.scheduleIfNotExists(TASK.instance("a"), NOON);
                      throw new IllegalStateException("changed my mind");
                    }))
        .isInstanceOf(IllegalStateException.class);
    assertThat(store.scans().scan("a")).isEmpty();
    assertThat(scheduler.getScheduledExecutions()).isEmpty();

    store.inTransaction(
        () ->
            store.scans().add(scan("a", CENTOS, State.QUEUED, NOON))
                && scheduler.scheduleIfNotExists(TASK.instance("a"), NOON));
    assertThat(store.scans().scan("a")).isPresent();
    assertThat(scheduler.getScheduledExecutions()).hasSize(1);
  }

  @Test
  void storeThatIsDownSaysSoAndRecovers() {
    store.facts().putDocument(Bytes.digest(new byte[1]), new byte[1]);
    goDown();

    assertDown(() -> store.check());
    assertDown(() -> store.images().image(DIGEST));
    assertDown(() -> store.images().put(StoreSamples.image(DIGEST, "kata", Decision.EXCLUDED)));
    assertDown(() -> store.references().find(StoreSamples.all(10)));
    assertDown(() -> store.references().put(StoreSamples.found(CENTOS, DIGEST)));
    assertDown(() -> store.scans().add(scan("a", CENTOS, State.QUEUED, NOON)));
    assertDown(() -> store.lists().publish(revision(1), OptionalInt.of(0)));
    assertDown(() -> store.inTransaction(() -> 1));
    assertThat(store.facts().document(Bytes.digest(new byte[1]))).isEmpty();
    store.facts().putDocument(Bytes.digest(new byte[2]), new byte[2]);

    comeBack();
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .ignoreExceptionsInstanceOf(StoreUnavailableException.class)
        .untilAsserted(() -> store.check());
    assertThat(store.scans().add(scan("a", CENTOS, State.QUEUED, NOON))).isTrue();
    assertThat(store.facts().document(Bytes.digest(new byte[1]))).isPresent();
  }

  @Test
  void storeThatIsDownAtTheStartSaysSo() {
    goDown();

    assertDown(() -> open());
    comeBack();
  }

  final void assertDown(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOf(StoreUnavailableException.class)
        .message()
        .startsWith("the store ")
        .doesNotContain("s3cret")
        .doesNotContainPattern("[\\n\\r]");
  }

  final JdbcClient client() {
    return JdbcClient.create(store.dataSource());
  }

  final long number(String sql) {
    return client().sql(sql).query(Long.class).single();
  }

  private static ListRevision revision(int number) {
    return new ListRevision(number, NOON, "f" + number, new byte[] {0, (byte) number});
  }

  private static <T> List<T> atOnce(List<Callable<T>> tasks) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(tasks.size());
    try {
      List<T> results = new ArrayList<>();
      for (Future<T> result : threads.invokeAll(tasks)) {
        results.add(result.get());
      }
      return results;
    } finally {
      threads.shutdown();
    }
  }
}
