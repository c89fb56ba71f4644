package dev.imgcompat.cli;

import dev.imgcompat.core.image.ImageReference;
import dev.imgcompat.core.image.Layer;
import dev.imgcompat.core.image.Printable;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** One bar of bytes for each layer that is being read, on stderr; gone when the layer is done. */
final class ProgressBars implements ProgressDisplay {
  private static final int INTERVAL_MILLIS = 200;
  private static final long UNIT_BYTES = 1 << 20;

  /** Small layers come and go faster than anybody could read. */
  private static final long LEAST_BYTES = 256 << 10;

  private static final String DIRECTORY = "";

  private final Map<String, ProgressBar> bars = new ConcurrentHashMap<>();

  @Override
  public void layerStarted(ImageReference image, Layer layer) {
    if (layer.size() >= LEAST_BYTES) {
      bars.put(
          layer.digest().value(),
          bar(image.text() + " " + layer.digest().abbreviated().substring(7), layer.size()));
    }
  }

  @Override
  public void layerBytes(Layer layer, long bytes) {
    ProgressBar bar = bars.get(layer.digest().value());
    if (bar != null) {
      bar.stepBy(bytes);
    }
  }

  @Override
  public void layerEnded(Layer layer) {
    ProgressBar bar = bars.remove(layer.digest().value());
    if (bar != null) {
      bar.close();
    }
  }

  @Override
  public void directoryBytes(ImageReference image, long bytes) {
    bars.computeIfAbsent(DIRECTORY, k -> bar(image.text(), -1)).stepBy(bytes);
  }

  @Override
  public void finish() {
    bars.values().forEach(ProgressBar::close);
    bars.clear();
  }

  private static ProgressBar bar(String name, long bytes) {
    return new ProgressBarBuilder()
        .setTaskName(Printable.of(name))
        .setInitialMax(bytes)
        .setUnit(" MiB", UNIT_BYTES)
        .setStyle(ProgressBarStyle.ASCII)
        .setUpdateIntervalMillis(INTERVAL_MILLIS)
        .clearDisplayOnFinish()
        .build();
  }
}
