package dev.imgcompat.core.access;

import dev.imgcompat.core.image.ScanException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import tools.jackson.databind.JsonNode;

/** Reads small files of settings whole. No message quotes them. */
public final class SettingsFile {
  private SettingsFile() {}

  /**
   * Reads a file.
   *
   * @param most bytes that it may have
   * @throws ScanException.Unreadable if it is not there, may not be read, or is larger
   */
  static byte[] read(Path file, int most) throws ScanException.Unreadable {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(most);
      if (bytes.length == most && in.read() >= 0) {
        throw new ScanException.Unreadable(
            file + " is larger than " + most + " bytes: name the right file", null);
      }
      return bytes;
    } catch (NoSuchFileException e) {
      throw new ScanException.Unreadable("there is no file " + file, e);
    } catch (AccessDeniedException e) {
      throw new ScanException.Unreadable(file + " may not be read: permission denied", e);
    } catch (IOException e) {
      throw new ScanException.Unreadable(
          file + " could not be read: " + ScanException.reason(e), e);
    }
  }

  /**
   * Reads a file of one JSON object.
   *
   * @param most bytes that it may have
   * @throws ScanException.Unreadable if it cannot be read, or is no JSON object
   */
  public static JsonNode json(Path file, int most) throws ScanException.Unreadable {
    return PrivateJson.object(read(file, most), file.toString());
  }
}
