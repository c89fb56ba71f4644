package dev.imgcompat.core.image;

import java.io.InputStream;

/**
 * Reads layers that pass in a stream which comes only once, before it is known which image they are
 * of: the manifest may be at its end. What was read is known afterwards by either digest.
 *
 * <p>One serves one {@link ImageSource#resolve}, and is used by one thread.
 */
public interface PassingLayers {
  /**
   * What a blob turned out to be.
   *
   * @param blob digest of the bytes that passed
   * @param bytes how many these were
   * @param tar digest of the uncompressed tar in them, hence the diff id
   */
  record Passed(Digest blob, long bytes, Digest tar) {}

  /** Whether the facts of the layer with this digest or diff id are known. */
  boolean knows(Digest digest);

  /**
   * Reads a blob as a layer.
   *
   * @param subject names it in failures, such as {@code layer 3/layer.tar}
   * @param blob is read to its end, unless that fails
   * @throws ScanException if it is no readable layer
   * @throws ScanException.LimitExceeded if no more shall be read, of this archive at all
   * @throws InterruptedException if the thread was interrupted
   */
  Passed read(String subject, InputStream blob) throws ScanException, InterruptedException;
}
