package dev.imgcompat.service.scan;

import dev.imgcompat.core.ScanListener;
import dev.imgcompat.core.image.Image;
import dev.imgcompat.core.image.Layer;
import dev.imgcompat.service.store.ScanRecord;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** How far one scan is. Safe for use by several threads. */
final class ScanProgress implements ScanListener {
  private final ScanWatch watch;
  private final AtomicInteger layers = new AtomicInteger();
  private final AtomicInteger done = new AtomicInteger();
  private final AtomicLong bytes = new AtomicLong();

  ScanProgress(ScanWatch watch) {
    this.watch = watch;
  }

  @Override
  public void resolved(Image image) {
    layers.addAndGet(image.contents().size());
  }

  @Override
  public void layerKnown(Image image, boolean fromCache) {
    done.incrementAndGet();
    watch.layer(fromCache);
  }

  @Override
  public void layerBytes(Layer layer, long count) {
    bytes.addAndGet(count);
    watch.pulled(count);
  }

  /** The same scan, as far as it is now. */
  ScanRecord of(ScanRecord scan) {
    return scan.progressed(layers.get(), done.get(), bytes.get());
  }
}
