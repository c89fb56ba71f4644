package dev.imgcompat.core;

import dev.imgcompat.core.facts.FactKey;
import dev.imgcompat.core.facts.FactStore;
import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.image.ImageReference;
import dev.imgcompat.core.image.Layer;
import dev.imgcompat.core.image.LayerContent;
import dev.imgcompat.core.image.LayerContent.DigestOf;
import dev.imgcompat.core.image.PassingLayers;
import dev.imgcompat.core.image.ScanException;
import dev.imgcompat.core.layer.LayerFacts;
import dev.imgcompat.core.layer.LayerReader;
import dev.imgcompat.core.layer.UnpackBudget;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Gets the facts of layers: from the store, or by reading, several layers at a time. A layer that
 * is being read is waited for, not read twice, whichever image asks.
 */
final class LayerFactsLoader implements AutoCloseable {
  /** Items of the layers of one archive that may be held: as many as two layers may have. */
  private static final long MAX_HELD = 2_000_000;

  private final LayerReader reader;
  private final FactStore store;
  private final String analyzers;
  private final ExecutorService threads;
  private final Map<Reading, UnderWay> underWay = new ConcurrentHashMap<>();

  LayerFactsLoader(LayerReader reader, FactStore store, int parallel) {
    this.reader = reader;
    this.store = store;
    this.analyzers = reader.factsKey();
    AtomicInteger number = new AtomicInteger();
    this.threads =
        Executors.newFixedThreadPool(
            parallel,
            task -> {
              Thread thread = new Thread(task, "layer-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
  }

  /** A layer as one manifest lists it, at one origin: another's lie or fault must not spread. */
  private record Reading(FactKey key, OptionalLong size, DigestOf digestOf, String origin) {}

  /** A layer that is being read, and for whom. */
  private record UnderWay(String image, FutureTask<Loaded> task) {}

  /** Facts that are being got. */
  @FunctionalInterface
  interface Loading {
    /** Waits for them. */
    Loaded await() throws ExecutionException, InterruptedException;

    /** Those that are there already. */
    static Loading of(Loaded loaded) {
      return () -> loaded;
    }

    /** Those that cannot be had. */
    static Loading failed(ScanException failure) {
      return () -> {
        throw new ExecutionException(failure);
      };
    }
  }

  /**
   * Facts, and where they came from.
   *
   * @param facts of the layer
   * @param fromCache whether nothing was read for them
   */
  record Loaded(LayerFacts facts, boolean fromCache) {}

  /** Names and versions of the analyzers. */
  String analyzers() {
    return analyzers;
  }

  /** Returns what reads the layers that pass while a reference is resolved. */
  Passing passing(ImageReference image, ScanListener listener) {
    return new Passing(image, listener);
  }

  /**
   * Starts to get the facts of a layer.
   *
   * @param passing knows the layers that passed
   */
  Loading load(ImageReference image, LayerContent content, Passing passing, ScanListener listener) {
    if (content instanceof LayerContent.Failed failed) {
      return Loading.failed(failed.failure());
    }
    if (content instanceof LayerContent.Known known) {
      return Loading.of(passing.known(known.layer().digest()));
    }
    if (content instanceof LayerContent.Blob blob) {
      FactKey key = new FactKey(blob.layer().digest(), analyzers);
      Optional<LayerFacts> known = store.facts(key);
      if (known.isPresent()) {
        return known(known.get(), blob);
      }
      Reading reading = new Reading(key, blob.layer().size(), blob.digestOf(), image.origin());
      return read(reading, image, blob, listener);
    }
    Callable<Loaded> walk =
        () -> new Loaded(reader.read(content, bytes -> listener.bytes(image, bytes)), false);
    return threads.submit(walk)::get;
  }

  /**
   * Reads a blob, or waits for whoever reads it. If that fails for another image, it is read after
   * all: rights, mirrors and addresses differ from one to the other.
   */
  private Loading read(
      Reading reading, ImageReference image, LayerContent.Blob blob, ScanListener listener) {
    String name = image.canonical();
    FutureTask<Loaded> task =
        new FutureTask<>(() -> readBlob(reading, name, image, blob, listener));
    UnderWay running = underWay.putIfAbsent(reading, new UnderWay(name, task));
    if (running == null) {
      threads.execute(task);
      return task::get;
    }
    return () -> {
      try {
        return running.task().get();
      } catch (ExecutionException e) {
        if (running.image().equals(name) || !(e.getCause() instanceof ScanException)) {
          throw e;
        }
        return read(reading, image, blob, listener).await();
      }
    };
  }

  private Loaded readBlob(
      Reading reading,
      String name,
      ImageReference image,
      LayerContent.Blob blob,
      ScanListener listener)
      throws ScanException, InterruptedException {
    Layer layer = blob.layer();
    try {
      // Another scan of this process may have stored them since they were asked for.
      Optional<LayerFacts> known = store.facts(reading.key());
      if (known.isPresent() && hasStatedSize(known.get(), blob)) {
        return new Loaded(known.get(), true);
      }
      while (true) {
        listener.layerStarted(image, layer);
        try {
          LayerFacts facts = reader.read(blob, bytes -> listener.layerBytes(layer, bytes));
          store.putFacts(reading.key(), facts);
          return new Loaded(facts, false);
        } catch (ScanException e) {
          if (!blob.opener().isWorthAnother(e)) {
            throw e;
          }
        } finally {
          listener.layerEnded(layer);
        }
      }
    } finally {
      underWay.computeIfPresent(reading, (key, by) -> by.image().equals(name) ? null : by);
    }
  }

  private static Loading known(LayerFacts facts, LayerContent.Blob blob) {
    Layer layer = blob.layer();
    if (hasStatedSize(facts, blob)) {
      return Loading.of(new Loaded(facts, true));
    }
    ScanException.DigestMismatch mismatch =
        new ScanException.DigestMismatch(
            "layer "
                + layer.digest()
                + " has "
                + facts.bytes()
                + " bytes, the manifest states "
                + layer.size().orElseThrow());
    return Loading.failed(blob.remote() ? mismatch : mismatch.ofLocalCopy());
  }

  /** Whether the size in the manifest, if it states one, is that of the layer. */
  private static boolean hasStatedSize(LayerFacts facts, LayerContent.Blob blob) {
    OptionalLong size = blob.layer().size();
    return blob.digestOf() == DigestOf.TAR || size.isEmpty() || facts.bytes() == size.getAsLong();
  }

  /** Reads layers as they pass, and holds their facts until the image is judged. */
  final class Passing implements PassingLayers {
    private final ImageReference image;
    private final ScanListener listener;
    private final Map<Digest, Loaded> passed = new HashMap<>();
    private final UnpackBudget budget = reader.budget();
    private long held;

    private Passing(ImageReference image, ScanListener listener) {
      this.image = image;
      this.listener = listener;
    }

    @Override
    public boolean knows(Digest digest) {
      if (passed.containsKey(digest)) {
        return true;
      }
      // Held from now on: the store may forget them before they are asked for.
      Optional<LayerFacts> kept = store.facts(new FactKey(digest, analyzers));
      kept.ifPresent(facts -> passed.put(digest, new Loaded(facts, true)));
      return kept.isPresent();
    }

    @Override
    public Passed read(String subject, InputStream blob)
        throws ScanException, InterruptedException {
      LayerReader.Passed read =
          reader.pass(subject, blob, bytes -> listener.bytes(image, bytes), budget);
      held += read.ofBlob().items().size();
      if (held > MAX_HELD) {
        throw new ScanException.LimitExceeded(
            "the layers of the archive have more than "
                + MAX_HELD
                + " programs, links and directories together");
      }
      Digest digest = keep(read.ofBlob());
      return new Passed(digest, read.ofBlob().bytes(), keep(read.ofTar()));
    }

    private Digest keep(LayerFacts facts) {
      Digest digest = facts.digest().orElseThrow();
      if (passed.put(digest, new Loaded(facts, false)) == null) {
        store.putFacts(new FactKey(digest, analyzers), facts);
      }
      return digest;
    }

    private Loaded known(Digest digest) {
      Loaded loaded = passed.get(digest);
      if (loaded == null) {
        throw new IllegalStateException("layer " + digest + " did not pass");
      }
      return loaded;
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
