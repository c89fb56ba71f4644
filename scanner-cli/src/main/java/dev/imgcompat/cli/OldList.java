package dev.imgcompat.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** Lists that were published before. */
final class OldList {
  /** Several times what a list of 100,000 images takes. */
  private static final int MAX_BYTES = 32 << 20;

  private OldList() {}

  /** Reads a list; empty if there is no such file. */
  static Optional<String> read(Path file) throws UsageException {
    try (InputStream in = InputFile.open(file)) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw new UsageException(file + ": no list has more than " + (MAX_BYTES >> 20) + " MiB");
      }
      return Optional.of(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (CharacterCodingException e) {
      throw new UsageException(file + ": no list: it is not UTF-8");
    } catch (IOException e) {
      throw new UsageException(file + ": " + WholeFile.reason(e));
    }
  }
}
