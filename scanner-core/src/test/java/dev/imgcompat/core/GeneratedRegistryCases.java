package dev.imgcompat.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imgcompat.core.facts.MemoryFactStore;
import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.image.ImageReference;
import dev.imgcompat.core.image.ImageReference.InRegistry;
import dev.imgcompat.core.image.PlatformRequest;
import dev.imgcompat.core.sweep.Inspector;
import dev.imgcompat.core.testing.CountingRegistry;
import dev.imgcompat.core.testing.CountingRegistry.BlobGet;
import dev.imgcompat.core.testing.GeneratedImages;
import dev.imgcompat.core.testing.GeneratedImages.Tag;
import dev.imgcompat.core.verdict.Decision;
import dev.imgcompat.core.verdict.Report.ImageReport;
import dev.imgcompat.core.verdict.Report.ScanError;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** A whole generated registry, as a sweep looks at it, counted before the registry. */
abstract class GeneratedRegistryCases {
  private static final GeneratedImages IMAGES = new GeneratedImages(8, 7, 250, 40);

  /** A registry that has the images; its host and port. */
  abstract String registryWith(GeneratedImages images) throws InterruptedException;

  private static final class Counting implements Inspector.Pulls {
    private final AtomicLong pulled = new AtomicLong();

    @Override
    public void layer(boolean isPulled) {
      pulled.addAndGet(isPulled ? 1 : 0);
    }

    @Override
    public void bytes(long count) {}
  }

  @Test
  void everyTagHasItsDecisionAndEveryLayerIsPulledOnce() throws Exception {
    Map<Decision, Long> kinds =
        IMAGES.tags().stream().collect(Collectors.groupingBy(Tag::decision, Collectors.counting()));
    assertThat(kinds)
        .containsOnlyKeys(
            Decision.COMPATIBLE, Decision.NEEDS_KERNEL_PARAMS, Decision.EXCLUDED, Decision.UNKNOWN);
    assertThat(IMAGES.tags()).filteredOn(t -> t.failure().isPresent()).hasSizeLessThan(50);
    assertThat(IMAGES.tags())
        .flatExtracting(t -> t.failure().stream().toList())
        .contains("damaged", "not-found", "not-an-image", "platform-missing");

    try (CountingRegistry registry = new CountingRegistry(registryWith(IMAGES));
        Scanner scanner =
            Scanner.builder()
                .store(new MemoryFactStore(64 << 20))
                .rememberBroken(Duration.ofHours(1))
                .build()) {
      Counting pulls = lookAtAll(scanner, registry);

      assertThat(pulls.pulled).hasValue(IMAGES.readable().size());
      Map<Digest, Long> pulled = registry.pulls();
      for (Digest layer : IMAGES.readable()) {
        assertThat(pulled).containsEntry(layer, 1L);
      }
      for (Digest layer : IMAGES.damaged()) {
        assertThat(pulled).containsEntry(layer, 1L);
      }
      assertThat(pulled).doesNotContainKeys(IMAGES.lost().toArray(Digest[]::new));
      assertThat(registry.manifestHeads())
          .hasSize(IMAGES.tags().size())
          .allSatisfy((tag, count) -> assertThat(count).isEqualTo(1));

      registry.reset();
      lookAtAll(scanner, registry);

      assertThat(registry.manifestHeads()).hasSize(IMAGES.tags().size());
      assertThat(registry.manifestGets()).isEmpty();
      assertThat(registry.blobGets())
          .allSatisfy(get -> assertThat(get.status()).isEqualTo(404))
          .extracting(BlobGet::digest)
          .allMatch(IMAGES.lost()::contains);
    }
  }

  private static Counting lookAtAll(Scanner scanner, CountingRegistry registry) throws Exception {
    SweepInspector inspector =
        new SweepInspector(
            scanner,
            new ScanRequest(
                PlatformRequest.DEFAULT, List.of(scanner.rules().target("kata")), false));
    Counting pulls = new Counting();
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Callable<Void>> tasks = new ArrayList<>();
      for (Tag tag : IMAGES.tags()) {
        tasks.add(
            () -> {
              lookAt(inspector, registry, tag, pulls);
              return null;
            });
      }
      for (Future<Void> task : threads.invokeAll(tasks)) {
        task.get();
      }
      return pulls;
    } finally {
      threads.shutdownNow();
    }
  }

  private static void lookAt(
      SweepInspector inspector, CountingRegistry registry, Tag tag, Counting pulls)
      throws Exception {
    InRegistry reference = (InRegistry) ImageReference.parse(tag.reference(registry.name()));
    Optional<Digest> digest = inspector.digest(reference);
    assertThat(digest).contains(tag.digest());

    ImageReport report = inspector.scan(reference, digest, pulls).get(0);

    assertThat(report.error().map(ScanError::kind)).as("%s", report).isEqualTo(tag.failure());
    assertThat(report.verdicts().get(0).decision()).as("%s", report).isEqualTo(tag.decision());
    assertThat(report.canonical()).isEqualTo(tag.reference(registry.name()));
  }
}
