package dev.imgcompat.core;

import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.image.ImageReference;
import dev.imgcompat.core.image.PassingLayers;
import dev.imgcompat.core.image.ScanException;
import dev.imgcompat.core.layer.LayerFacts;
import dev.imgcompat.core.layer.LayerReader;
import dev.imgcompat.core.layer.UnpackBudget;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Reads layers as they pass, and holds their facts until the image is judged. */
final class PassedFacts implements PassingLayers {
  /** Items of the layers of one archive that may be held: as many as two layers may have. */
  private static final long MAX_HELD = 2_000_000;

  private final LayerReader reader;
  private final KeptFacts kept;
  private final ImageReference image;
  private final ScanListener listener;
  private final Map<Digest, Loaded> passed = new HashMap<>();
  private final UnpackBudget budget;
  private long held;

  PassedFacts(LayerReader reader, KeptFacts kept, ImageReference image, ScanListener listener) {
    this.reader = reader;
    this.kept = kept;
    this.image = image;
    this.listener = listener;
    this.budget = reader.budget();
  }

  @Override
  public boolean knows(Digest digest) {
    if (passed.containsKey(digest)) {
      return true;
    }
    // Held from now on: the store may forget them before they are asked for.
    Optional<LayerFacts> known = kept.of(digest);
    known.ifPresent(facts -> passed.put(digest, new Loaded(facts, true)));
    return known.isPresent();
  }

  @Override
  public Passed read(String subject, InputStream blob) throws ScanException, InterruptedException {
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
      kept.put(digest, facts);
    }
    return digest;
  }

  Loaded known(Digest digest) {
    Loaded loaded = passed.get(digest);
    if (loaded == null) {
      throw new IllegalStateException("layer " + digest + " did not pass");
    }
    return loaded;
  }
}
