package dev.imgcompat.core;

import dev.imgcompat.core.LayersUnderWay.Reading;
import dev.imgcompat.core.LayersUnderWay.UnderWay;
import dev.imgcompat.core.image.ImageReference;
import dev.imgcompat.core.image.Layer;
import dev.imgcompat.core.image.LayerContent;
import dev.imgcompat.core.image.LayerContent.DigestOf;
import dev.imgcompat.core.image.ScanException;
import dev.imgcompat.core.layer.LayerFacts;
import dev.imgcompat.core.layer.LayerReader;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Gets the facts of layers: from the store, or by reading, several layers at a time. A layer that
 * is being read is waited for, not read twice, whichever image asks. What another loader is reading
 * is waited for as well, but not the other way round: whoever is in a hurry need not keep to the
 * pace of whoever is not.
 */
final class LayerFactsLoader implements AutoCloseable {
  private final LayerReader reader;
  private final KeptFacts kept;
  private final BrokenLayers broken;
  private final Optional<LayersUnderWay> ofOther;
  private final LayersUnderWay underWay;
  private final ExecutorService threads;

  /**
   * Creates one.
   *
   * @param other whose layers are waited for; uses the same store
   * @param underWay of this loader, and of those with which it takes turns
   * @param parallel how many layers are read at a time
   */
  LayerFactsLoader(
      LayerReader reader,
      KeptFacts kept,
      BrokenLayers broken,
      Optional<LayerFactsLoader> other,
      LayersUnderWay underWay,
      int parallel) {
    this.reader = reader;
    this.kept = kept;
    this.broken = broken;
    this.ofOther = other.map(o -> o.underWay);
    this.underWay = underWay;
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

  /** Names and versions of the analyzers. */
  String analyzers() {
    return kept.analyzers();
  }

  /** Returns what reads the layers that pass while a reference is resolved. */
  PassedFacts passing(ImageReference image, ScanListener listener) {
    return new PassedFacts(reader, kept, image, listener);
  }

  /**
   * Starts to get the facts of a layer.
   *
   * @param passed knows the layers that passed
   */
  Loading load(
      ImageReference image, LayerContent content, PassedFacts passed, ScanListener listener) {
    if (content instanceof LayerContent.Failed failed) {
      return Loading.failed(failed.failure());
    }
    if (content instanceof LayerContent.Known known) {
      return Loading.of(passed.known(known.layer().digest()));
    }
    if (content instanceof LayerContent.Blob blob) {
      Optional<LayerFacts> known = kept.of(blob.layer().digest());
      return known.isPresent() ? known(known.get(), blob) : new Blob(image, blob, listener).load();
    }
    Callable<Loaded> walk =
        () -> new Loaded(reader.read(content, bytes -> listener.bytes(image, bytes)), false);
    return threads.submit(walk)::get;
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

  /** A blob of which no facts are kept, and for which image. */
  private final class Blob {
    private final ImageReference image;
    private final String name;
    private final LayerContent.Blob blob;
    private final Layer layer;
    private final Reading reading;
    private final ScanListener listener;

    Blob(ImageReference image, LayerContent.Blob blob, ScanListener listener) {
      this.image = image;
      this.name = image.canonical();
      this.blob = blob;
      this.layer = blob.layer();
      this.reading =
          new Reading(kept.key(layer.digest()), layer.size(), blob.digestOf(), image.origin());
      this.listener = listener;
    }

    /** Waits for whoever reads it, or reads it. */
    Loading load() {
      Optional<ScanException> failure = remembered();
      if (failure.isPresent()) {
        return Loading.failed(failure.get());
      }
      Optional<UnderWay> elsewhere = ofOther.flatMap(other -> other.find(reading));
      return elsewhere.isPresent() ? () -> awaitOther(elsewhere.get(), this::loadHere) : loadHere();
    }

    private static Loaded awaitOther(UnderWay other, Supplier<Loading> otherwise)
        throws ExecutionException, InterruptedException {
      Optional<Loaded> loaded = got(other);
      return loaded.isPresent() ? loaded.get() : otherwise.get().await();
    }

    /** What another loader got; empty where it failed, which need not befall us. */
    private static Optional<Loaded> got(UnderWay other) throws InterruptedException {
      try {
        return Optional.of(new Loaded(other.task().get().facts(), true));
      } catch (ExecutionException | CancellationException e) {
        return Optional.empty();
      }
    }

    /**
     * Reads it, or waits for whoever does so. If that fails for another image, or by another
     * loader, it is read after all: rights, mirrors, addresses and ends differ from one to the
     * other. Only whoever needs an image waits so, never a thread that reads layers: two loaders
     * that wait for each other go on.
     */
    private Loading loadHere() {
      FutureTask<Loaded> task = new FutureTask<>(this::readOnce);
      UnderWay by = new UnderWay(name, LayerFactsLoader.this, task);
      Optional<UnderWay> running = underWay.begin(reading, by);
      if (running.isEmpty()) {
        execute(by);
        return () -> own(task);
      }
      UnderWay first = running.get();
      if (!first.loader().equals(LayerFactsLoader.this)) {
        return () -> awaitOther(first, this::load);
      }
      return () -> {
        try {
          return new Loaded(own(first.task()).facts(), true);
        } catch (ExecutionException e) {
          if (first.image().equals(name) || !(e.getCause() instanceof ScanException)) {
            throw e;
          }
          return load().await();
        }
      };
    }

    /** Others may wait for it by now, and must not do so for ever. */
    private void execute(UnderWay by) {
      try {
        threads.execute(by.task());
      } catch (RejectedExecutionException e) {
        underWay.end(reading, name, LayerFactsLoader.this);
        by.task().cancel(false);
        throw e;
      }
    }

    private static Loaded own(FutureTask<Loaded> task)
        throws ExecutionException, InterruptedException {
      try {
        return task.get();
      } catch (CancellationException e) {
        throw new InterruptedException("closed");
      }
    }

    /** Called by a thread that reads layers: some time may have passed since it was asked for. */
    private Loaded readOnce() throws ScanException, InterruptedException {
      try {
        Optional<UnderWay> other = ofOther.flatMap(o -> o.find(reading));
        Optional<Loaded> loaded = other.isPresent() ? got(other.get()) : Optional.empty();
        if (loaded.isPresent()) {
          return loaded.get();
        }
        // Another scan of this process may have stored them since they were asked for.
        Optional<LayerFacts> known = kept.read(layer.digest());
        if (known.isPresent() && hasStatedSize(known.get(), blob)) {
          return new Loaded(known.get(), true);
        }
        Optional<ScanException> failure = remembered();
        if (failure.isPresent()) {
          throw failure.get();
        }
        return read();
      } finally {
        underWay.end(reading, name, LayerFactsLoader.this);
      }
    }

    private Loaded read() throws ScanException, InterruptedException {
      while (true) {
        listener.layerStarted(image, layer);
        try {
          LayerFacts facts = reader.read(blob, bytes -> listener.layerBytes(layer, bytes));
          kept.put(layer.digest(), facts);
          return new Loaded(facts, false);
        } catch (ScanException e) {
          if (!blob.opener().isWorthAnother(e)) {
            if (blob.remote()) {
              broken.failed(reading, e);
            }
            throw e;
          }
        } finally {
          listener.layerEnded(layer);
        }
      }
    }

    private Optional<ScanException> remembered() {
      return blob.remote() ? broken.failure(reading) : Optional.empty();
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
    underWay.endAll(this);
  }
}
