package dev.imgcompat.core.sweep;

import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.image.ImageReference;
import dev.imgcompat.core.image.ImageReference.InRegistry;
import dev.imgcompat.core.image.ScanException;
import dev.imgcompat.core.rootfs.Scope;
import dev.imgcompat.core.rules.Effect;
import dev.imgcompat.core.rules.Evidence;
import dev.imgcompat.core.rules.Finding;
import dev.imgcompat.core.verdict.Decision;
import dev.imgcompat.core.verdict.Report.ImageReport;
import dev.imgcompat.core.verdict.Report.ScanError;
import dev.imgcompat.core.verdict.Verdict;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/** Registries full of images, without registries and images; remembers what was asked. */
final class FakeImages implements Inspector {
  static final String RUNTIME = "kata";

  /** The questions for digests, in their order. */
  final ConcurrentLinkedQueue<String> asked = new ConcurrentLinkedQueue<>();

  /** The references that were scanned, in their order. */
  final ConcurrentLinkedQueue<String> scanned = new ConcurrentLinkedQueue<>();

  /** Is called before each question. */
  volatile Consumer<String> before = reference -> {};

  volatile String basis = "basis";

  private final Map<String, String> tags = new ConcurrentHashMap<>();
  private final Map<Digest, Decision> decisions = new ConcurrentHashMap<>();
  private final Map<Digest, ScanError> broken = new ConcurrentHashMap<>();
  private final Map<String, Instant> created = new ConcurrentHashMap<>();
  private final Map<String, ScanException> down = new ConcurrentHashMap<>();

  static InRegistry reference(String text) {
    try {
      return (InRegistry) ImageReference.parse(text);
    } catch (ScanException.InvalidReference e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** A tag that names an image, which is called anything. */
  FakeImages tag(String reference, String image, Decision decision) {
    tags.put(reference(reference).canonical(), image);
    decisions.put(Digest.ofText(image), decision);
    broken.remove(Digest.ofText(image));
    return this;
  }

  FakeImages broken(String reference, String image, String kind, boolean retryable) {
    tags.put(reference(reference).canonical(), image);
    broken.put(
        Digest.ofText(image), new ScanError(kind, "it is " + kind, "image-author", retryable));
    return this;
  }

  FakeImages created(String reference, Instant time) {
    created.put(reference(reference).canonical(), time);
    return this;
  }

  FakeImages remove(String reference) {
    tags.remove(reference(reference).canonical());
    return this;
  }

  /** A registry that fails from now on; or, with null, works again. */
  void down(String registry, boolean isDown) {
    if (isDown) {
      down.put(registry, new ScanException.Unavailable(registry + " is down", null));
    } else {
      down.remove(registry);
    }
  }

  void forgetQuestions() {
    asked.clear();
    scanned.clear();
  }

  @Override
  public String basis() {
    return basis;
  }

  @Override
  public String runtime() {
    return RUNTIME;
  }

  @Override
  public Optional<Digest> digest(InRegistry reference) throws ScanException {
    before.accept(reference.canonical());
    asked.add(reference.canonical());
    ScanException failure = down.get(reference.registry());
    if (failure != null) {
      throw failure;
    }
    return Optional.of(Digest.ofText(image(reference)));
  }

  private String image(InRegistry reference) throws ScanException {
    String image = tags.get(reference.canonical());
    if (image == null) {
      throw new ScanException.NotFound("there is no " + reference.canonical());
    }
    return image;
  }

  @Override
  public List<ImageReport> scan(InRegistry reference, Optional<Digest> digest, Pulls pulls) {
    scanned.add(reference.canonical());
    pulls.layer(true);
    pulls.bytes(1_000);
    Digest image = digest.orElseThrow();
    Optional<ScanError> error = Optional.ofNullable(broken.get(image));
    return List.of(
        new ImageReport(
            reference.text(),
            reference.canonical(),
            error.isEmpty() ? digest : Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.of("linux/amd64"),
            "2026-03-01T12:00:00Z",
            Optional.empty(),
            List.of(
                error.isPresent()
                    ? Verdict.unknown(RUNTIME)
                    : verdict(decisions.getOrDefault(image, Decision.COMPATIBLE))),
            List.of(),
            error));
  }

  private static Verdict verdict(Decision decision) {
    return new Verdict(
        RUNTIME,
        decision,
        List.of(),
        decision == Decision.EXCLUDED ? List.of(finding()) : List.of(),
        List.of());
  }

  private static Finding finding() {
    return new Finding(
        "elf-32bit",
        Scope.START,
        Effect.DECIDES,
        true,
        "a 32-bit program",
        List.of(new Evidence("/bin/sh", Optional.of(Digest.ofText("base")), "class 32")),
        1,
        List.of(),
        List.of(),
        List.of());
  }

  @Override
  public Optional<Instant> created(InRegistry reference, Optional<Digest> digest) {
    return Optional.ofNullable(created.get(reference.canonical()));
  }
}
