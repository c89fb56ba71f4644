package dev.imgcompat.cli;

import dev.imgcompat.core.ScanListener;
import dev.imgcompat.core.image.ImageReference;
import dev.imgcompat.core.image.Layer;
import dev.imgcompat.core.image.ScanException;
import java.io.PrintWriter;

/** Shows where failures come from, besides what another listener does. */
final class DebugListener implements ScanListener {
  private final ScanListener other;
  private final PrintWriter err;

  DebugListener(ScanListener other, PrintWriter err) {
    this.other = other;
    this.err = err;
  }

  @Override
  public void layerStarted(ImageReference image, Layer layer) {
    other.layerStarted(image, layer);
  }

  @Override
  public void layerBytes(Layer layer, long bytes) {
    other.layerBytes(layer, bytes);
  }

  @Override
  public void layerEnded(Layer layer) {
    other.layerEnded(layer);
  }

  @Override
  public void bytes(ImageReference image, long bytes) {
    other.bytes(image, bytes);
  }

  @Override
  public void ended(ImageReference image) {
    other.ended(image);
  }

  @Override
  public void failed(String reference, ScanException failure) {
    failure.printStackTrace(err);
  }
}
