package dev.imgcompat.core.sweep;

import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.image.ImageReference.InRegistry;
import dev.imgcompat.core.image.ScanException;
import dev.imgcompat.core.verdict.Report.ImageReport;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Looks at images for a sweep. Safe for use by several threads. */
public interface Inspector {
  /** By what it judges: analyzers, rules, policy, runtimes, platforms. */
  String basis();

  /** The runtime that counts, of those for which it judges. */
  String runtime();

  /**
   * Asks which manifest or index a tag names now, by HEAD.
   *
   * @return empty where only a scan can tell
   * @throws ScanException.NotFound if there is no such tag
   */
  Optional<Digest> digest(InRegistry reference) throws ScanException, InterruptedException;

  /**
   * Scans what a tag names. What fails is a result.
   *
   * @param digest what it names; then nothing is asked for that is kept already
   * @return one report for each image, named by the reference as given; never none
   */
  List<ImageReport> scan(InRegistry reference, Optional<Digest> digest, Pulls pulls)
      throws InterruptedException;

  /**
   * When an image was made, by its config.
   *
   * @return empty if that does not tell
   */
  Optional<Instant> created(InRegistry reference, Optional<Digest> digest)
      throws ScanException, InterruptedException;

  /** Is told of layers; by several threads. */
  interface Pulls {
    /** A layer of an image is known now. */
    void layer(boolean pulled);

    /** So many bytes of layers have come. */
    void bytes(long count);
  }
}
