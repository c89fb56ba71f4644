package dev.imgcompat.core.testing;

import dev.imgcompat.core.analyze.Analyzers;
import dev.imgcompat.core.image.Bytes;
import dev.imgcompat.core.image.Layer;
import dev.imgcompat.core.image.LayerContent;
import dev.imgcompat.core.image.ScanException;
import dev.imgcompat.core.layer.LayerAnalyzer;
import dev.imgcompat.core.layer.LayerFacts;
import dev.imgcompat.core.layer.LayerReader;
import dev.imgcompat.core.layer.ScanLimits;
import java.io.ByteArrayInputStream;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads layers that tests built. */
public final class Layers {
  private Layers() {}

  /** The blob as a manifest that tells the truth would list it. */
  public static Layer layer(byte[] blob) {
    return new Layer(Bytes.digest(blob), Optional.empty(), OptionalLong.of(blob.length), "");
  }

  /** The facts of a blob. */
  public static LayerFacts facts(byte[] blob) throws ScanException, InterruptedException {
    return facts(layer(blob), blob, ScanLimits.DEFAULT);
  }

  /** The facts of an uncompressed layer; for layers that are known to be readable. */
  public static LayerFacts facts(LayerBuilder layer) {
    try {
      return facts(layer.tar());
    } catch (ScanException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** What some analyzers find in an uncompressed layer that is known to be readable. */
  public static LayerFacts facts(List<LayerAnalyzer> analyzers, LayerBuilder layer) {
    byte[] blob = layer.tar();
    try {
      return facts(analyzers, layer(blob), blob, ScanLimits.DEFAULT);
    } catch (ScanException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** The facts of a blob that the manifest lists as it likes. */
  public static LayerFacts facts(Layer listed, byte[] blob, ScanLimits limits)
      throws ScanException, InterruptedException {
    return facts(Analyzers.all(), listed, blob, limits);
  }

  private static LayerFacts facts(
      List<LayerAnalyzer> analyzers, Layer listed, byte[] blob, ScanLimits limits)
      throws ScanException, InterruptedException {
    return new LayerReader(analyzers, limits)
        .read(new LayerContent.Blob(listed, true, () -> new ByteArrayInputStream(blob)), n -> {});
  }
}
