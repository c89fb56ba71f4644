package dev.imgcompat.core.engine;

import dev.imgcompat.core.image.Platform;
import dev.imgcompat.core.image.ScanException;
import java.io.InputStream;
import java.util.Optional;

/**
 * What a scan needs of a Docker engine, or of Podman's socket that speaks like one. Safe for use by
 * several threads; one serves a whole process.
 */
public interface EngineClient extends AutoCloseable {
  /**
   * Asks what the engine says of an image.
   *
   * @param name a reference or an image id, as the engine knows it
   * @param platform which image of several; engines before API 1.49 have no such choice and tell of
   *     the one they would run
   * @throws ScanException.NotFound if the engine does not have it
   * @throws ScanException.PlatformMissing if the engine has it for other platforms only
   */
  EngineImage inspect(String name, Optional<Platform> platform) throws ScanException;

  /**
   * Opens an export of an image, the tar that {@code docker save} writes. It streams: nothing is
   * kept. The caller closes it; closing early drops the connection.
   *
   * <p>Reading fails with an {@link java.io.IOException} of one line, which names the engine, if
   * the connection breaks, the engine is silent for too long, or it ends the stream with a failure
   * of its own.
   *
   * @param name a reference or an image id, as the engine knows it
   * @param platform which image of several; engines before API 1.48 have no such choice
   * @throws ScanException.NotFound if the engine does not have it
   * @throws ScanException.PlatformMissing if the engine has it for other platforms only
   */
  InputStream export(String name, Optional<Platform> platform) throws ScanException;

  /** Closes all connections; exports that are open end with a failure. */
  @Override
  void close();
}
