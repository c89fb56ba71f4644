package dev.imgcompat.core.registry;

import static dev.imgcompat.core.testing.Answers.redirect;
import static dev.imgcompat.core.testing.Answers.retryAfter;
import static dev.imgcompat.core.testing.Answers.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.imgcompat.core.Scanner;
import dev.imgcompat.core.access.Credentials;
import dev.imgcompat.core.facts.FactKey;
import dev.imgcompat.core.facts.FactStore;
import dev.imgcompat.core.image.Bytes;
import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.image.RegistryListener;
import dev.imgcompat.core.layer.LayerFacts;
import dev.imgcompat.core.testing.Behaviour;
import dev.imgcompat.core.testing.ElfBuilder;
import dev.imgcompat.core.testing.Faults;
import dev.imgcompat.core.testing.FaultyRegistry;
import dev.imgcompat.core.testing.LayerBuilder;
import dev.imgcompat.core.testing.LayoutBuilder;
import dev.imgcompat.core.testing.LayoutBuilder.ImageSpec;
import dev.imgcompat.core.testing.SettingsBuilder;
import dev.imgcompat.core.testing.TestPki;
import dev.imgcompat.core.testing.TokenServer;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A process that scans for a long time needs no more at its end than at its beginning. */
@Timeout(300)
class EnduranceTest {
  private static final int SCANS = 1000;
  private static final int SCANNERS = 50;

  /** To the registry, its token server and its blob store, at both ends, come and go. */
  private static final int SOME_DESCRIPTORS = 12;

  private static final int SOME_THREADS = 5;
  private static final long SOME_BYTES = 4 << 20;
  private static final int PATIENCE = 20;

  @TempDir private Path directory;
  private final byte[] layer = layer();
  private final FaultyRegistry registry = FaultyRegistry.secure(TestPki.shared().serverContext());
  private final FaultyRegistry store = FaultyRegistry.secure(TestPki.shared().serverContext());
  private final TokenServer tokens =
      TokenServer.secure(TestPki.shared().serverContext()).user("alice", "correct horse");
  private final SettingsBuilder settings = new SettingsBuilder();

  /** Connections that had to be replaced, and how often something else went wrong. */
  private final AtomicInteger broken = new AtomicInteger();

  private final AtomicInteger refused = new AtomicInteger();
  private final Set<Thread> others = threads();

  private static byte[] layer() {
    byte[] noise = new byte[20_000];
    new Random(1).nextBytes(noise);
    return new LayerBuilder()
        .program("bin/sh", ElfBuilder.x86_64())
        .file("noise", 0644, noise)
        .gzip();
  }

  @BeforeEach
  void serve() {
    settings.authority(TestPki.shared().write(directory).resolve("ca.pem"));
    LayoutBuilder layout = new LayoutBuilder();
    Digest image =
        layout.image(
            "it", new ImageSpec().layer(layer, "application/vnd.oci.image.layer.v1.tar+gzip"));
    registry.serve("team/it", "1", layout, image).requireToken(tokens);
    store.serve("team/it", "1", layout, image);
  }

  @AfterEach
  void stop() {
    registry.close();
    store.close();
    tokens.close();
  }

  /** Now and then it goes wrong, and well the next time. */
  private void planFaults() {
    String path = FaultyRegistry.blob("team/it", Bytes.digest(layer));
    AtomicInteger number = new AtomicInteger();
    registry
        .on(path)
        .always(
            exchange -> {
              Behaviour usual = e -> e.send(e.usual());
              Behaviour next =
                  switch (number.incrementAndGet() % 40) {
                    case 2 -> breaking(Faults.closeAfter(9_000));
                    case 4 -> breaking(Faults.resetAfter(9_000));
                    case 6 -> breaking(Faults.reset());
                    case 8 -> breaking(Faults.close());
                    case 10, 20 -> refusing(status(503));
                    case 12 -> refusing(retryAfter(429, 0));
                    case 14, 24, 34 -> refusing(redirect(store.url() + path));
                    default -> usual;
                  };
              next.on(exchange);
            });
    AtomicInteger manifests = new AtomicInteger();
    registry
        .on(FaultyRegistry.manifest("team/it", "1"))
        .always(
            exchange -> {
              exchange.send(exchange.usual());
              if (manifests.incrementAndGet() % 25 == 0) {
                tokens.revokeAll();
              }
            });
  }

  private Behaviour breaking(Behaviour fault) {
    return Faults.running(broken::incrementAndGet, fault);
  }

  private Behaviour refusing(Behaviour fault) {
    return Faults.running(refused::incrementAndGet, fault);
  }

  private Scanner scanner() {
    HttpRegistryClient client =
        new HttpRegistryClient(
            "imgcompat/test",
            name -> settings.build(),
            (name, repository) -> new Credentials.Password("a test", "alice", "correct horse"),
            RegistryListener.NONE);
    return Scanner.builder().registries(client).store(new Forgetful()).build();
  }

  private void scan(Scanner scanner, int times) {
    for (int i = 0; i < times; i++) {
      assertThat(Pulling.scan(registry.name(), scanner).error()).isEmpty();
      // What the servers remember is not ours.
      registry.forgetRequests();
      store.forgetRequests();
      tokens.forgetRequests();
    }
  }

  @Test
  void manyScansNeedNoMoreThanSome() {
    planFaults();
    Scanner scanner = scanner();
    try (scanner) {
      scan(scanner, SCANS / 10);
      Needs before = Needs.now();
      int tokensBefore = tokens.issued().size();

      scan(scanner, SCANS);

      before.areStillEnough();
      assertThat(refused.get()).as("faults").isGreaterThan(SCANS / 10);
      assertThat(broken.get()).as("broken connections").isGreaterThan(SCANS / 20);
      assertThat(tokens.issued().size() - tokensBefore).as("tokens").isEqualTo(SCANS / 25);
      assertThat(registry.connections()).isLessThan(broken.get() + 10);
      assertThat(store.connections()).isLessThan(10);
      assertThat(tokens.connections()).isLessThan(10);
    }
    nothingIsLeft();
  }

  @Test
  void scannersThatWereClosedNeedNothing() {
    try (Scanner first = scanner()) {
      scan(first, 5);
    }
    nothingIsLeft();
    Needs before = Needs.now();

    for (int i = 0; i < SCANNERS; i++) {
      try (Scanner scanner = scanner()) {
        scan(scanner, 1);
      }
    }

    nothingIsLeft();
    before.areStillEnough();
  }

  private void nothingIsLeft() {
    await("threads of ours", () -> ours().isEmpty(), this::ours);
    await("connections to the registry", () -> registry.openConnections() == 0);
    await("connections to the blob store", () -> store.openConnections() == 0);
    await("connections to the token server", () -> tokens.openConnections() == 0);
  }

  /** Threads that are neither of the servers nor of tests before. */
  private List<String> ours() {
    return threads().stream()
        .filter(thread -> !others.contains(thread))
        .map(Thread::getName)
        .filter(name -> !name.startsWith("faulty-"))
        .filter(name -> !name.startsWith("junit-"))
        // Of Java: it lends threads to whoever has something to do, and ends them some time later.
        .filter(
            name -> !name.startsWith("ForkJoinPool.commonPool-") && !name.startsWith("process "))
        .toList();
  }

  private static Set<Thread> threads() {
    return new HashSet<>(Thread.getAllStackTraces().keySet());
  }

  private static void await(String what, BooleanSupplier condition) {
    await(what, condition, () -> "");
  }

  private static void await(String what, BooleanSupplier condition, Supplier<Object> state) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime() - deadline)
          .as("%s are left: %s", what, state.get())
          .isNegative();
      Thread.onSpinWait();
    }
  }

  /** What a process needs. */
  private record Needs(long descriptors, int threads, long bytes) {
    static Needs now() {
      return new Needs(currentDescriptors(), currentThreads(), currentBytes());
    }

    void areStillEnough() {
      await("descriptors", () -> currentDescriptors() <= descriptors + SOME_DESCRIPTORS);
      await("threads", () -> currentThreads() <= threads + SOME_THREADS);
      assertThat(currentBytes()).isLessThan(bytes + SOME_BYTES);
    }

    private static long currentDescriptors() {
      assumeTrue(ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean);
      return ((UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
          .getOpenFileDescriptorCount();
    }

    private static int currentThreads() {
      return ManagementFactory.getThreadMXBean().getThreadCount();
    }

    /** On the heap, when it is clean. */
    private static long currentBytes() {
      long least = Long.MAX_VALUE;
      for (int unchanged = 0; unchanged < 3; unchanged++) {
        System.gc();
        long used = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
        if (used < least - (64 << 10)) {
          unchanged = 0;
        }
        least = Math.min(least, used);
      }
      return least;
    }
  }

  /** Keeps nothing, so that everything is pulled each time. */
  private static final class Forgetful implements FactStore {
    @Override
    public Optional<LayerFacts> facts(FactKey key) {
      return Optional.empty();
    }

    @Override
    public Optional<LayerFacts> facts(Digest layer, Predicate<LayerFacts> wanted) {
      return Optional.empty();
    }

    @Override
    public void putFacts(FactKey key, LayerFacts facts) {}

    @Override
    public Optional<byte[]> document(Digest digest) {
      return Optional.empty();
    }

    @Override
    public void putDocument(Digest digest, byte[] bytes) {}
  }
}
