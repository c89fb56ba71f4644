package dev.imgcompat.core.engine;

import dev.imgcompat.core.image.Bytes;
import dev.imgcompat.core.image.ScanException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Reads small files of settings whole. */
final class SettingsFile {
  private SettingsFile() {}

  static byte[] read(Path file, int most) throws ScanException {
    try (InputStream in = Files.newInputStream(file)) {
      return Bytes.read(in, most, file.toString());
    } catch (NoSuchFileException e) {
      throw new ScanException.Unreadable("there is no file " + file, e);
    } catch (AccessDeniedException e) {
      throw new ScanException.Unreadable(file + " may not be read: permission denied", e);
    } catch (IOException e) {
      throw new ScanException.Unreadable(
          file + " could not be read: " + ScanException.reason(e), e);
    }
  }
}
