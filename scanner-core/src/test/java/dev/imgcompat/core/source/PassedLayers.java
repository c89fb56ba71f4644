package dev.imgcompat.core.source;

import dev.imgcompat.core.analyze.Analyzers;
import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.image.LayerContent;
import dev.imgcompat.core.image.PassingLayers;
import dev.imgcompat.core.image.ScanException;
import dev.imgcompat.core.layer.LayerFacts;
import dev.imgcompat.core.layer.LayerReader;
import dev.imgcompat.core.layer.ScanLimits;
import dev.imgcompat.core.layer.UnpackBudget;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads layers, whether they pass or are opened, and remembers which passed. */
final class PassedLayers implements PassingLayers {
  private final LayerReader reader = new LayerReader(Analyzers.all(), ScanLimits.DEFAULT);
  private final Map<Digest, LayerFacts> known = new HashMap<>();
  private final List<String> subjects = new ArrayList<>();

  @Override
  public boolean knows(Digest digest) {
    return known.containsKey(digest);
  }

  @Override
  public Passed read(String subject, InputStream blob) throws ScanException, InterruptedException {
    subjects.add(subject);
    LayerReader.Passed read = reader.pass(subject, blob, n -> {}, new UnpackBudget(Long.MAX_VALUE));
    known.put(read.ofBlob().digest().orElseThrow(), read.ofBlob());
    known.put(read.ofTar().digest().orElseThrow(), read.ofTar());
    return new Passed(
        read.ofBlob().digest().orElseThrow(),
        read.ofBlob().bytes(),
        read.ofTar().digest().orElseThrow());
  }

  /** What was shown to this, in its order. */
  List<String> subjects() {
    return subjects;
  }

  /** The facts of a layer that passed, or is read now. */
  LayerFacts facts(LayerContent content) throws ScanException, InterruptedException {
    if (content instanceof LayerContent.Failed failed) {
      throw failed.failure();
    }
    return content instanceof LayerContent.Known passed
        ? known.get(passed.layer().digest())
        : reader.read(content, n -> {});
  }
}
