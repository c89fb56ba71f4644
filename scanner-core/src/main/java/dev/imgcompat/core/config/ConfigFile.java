package dev.imgcompat.core.config;

import dev.imgcompat.core.config.Origin.Kind;
import dev.imgcompat.core.config.StatementsBuilder.Word;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The config file: where it is, and its text.
 *
 * @param path where it is
 * @param name for messages, as it was written
 * @param text empty where there is no such file, and none was asked for
 */
record ConfigFile(Path path, String name, Optional<String> text) {
  private static final String VARIABLE = "IMGCOMPAT_CONFIG";
  private static final int MAX_BYTES = 1 << 20;

  /** The file that was asked for, or else the one of the XDG base directory specification. */
  static ConfigFile find(ConfigInputs inputs, PathBase base) throws ConfigException {
    Optional<Word> named =
        inputs
            .file()
            .map(file -> new Word(file, new Origin(Kind.FLAG, "--config")))
            .or(() -> Variables.first(inputs.environment(), VARIABLE));
    if (named.isPresent()) {
      return named(named.get(), base);
    }
    Path path = standard(inputs);
    return new ConfigFile(path, path.toString(), ifThere(path));
  }

  /** In a home directory that is none, such as /dev/null, there is no file either. */
  private static Optional<String> ifThere(Path path) throws ConfigException {
    try {
      return path.isAbsolute() && Files.exists(path)
          ? Optional.of(read(path, path.toString()))
          : Optional.empty();
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  private static ConfigFile named(Word word, PathBase base) throws ConfigException {
    try {
      Path path = base.parse(word.text());
      try {
        return new ConfigFile(path, word.text(), Optional.of(read(path, word.text())));
      } catch (NoSuchFileException e) {
        throw new ConfigException(
            word.origin(), "there is no file " + word.text() + ": name one that there is");
      }
    } catch (BadValueException e) {
      throw new ConfigException(word.origin(), e.getMessage());
    }
  }

  private static Path standard(ConfigInputs inputs) throws ConfigException {
    try {
      String xdg = inputs.environment().getOrDefault("XDG_CONFIG_HOME", "");
      Path directory = xdg.startsWith("/") ? Path.of(xdg) : inputs.home().resolve(".config");
      return directory.resolve("imgcompat").resolve("config.yaml");
    } catch (InvalidPathException e) {
      throw new ConfigException(
          new Origin(Kind.VARIABLE, "XDG_CONFIG_HOME"), "not a directory: write its path");
    }
  }

  private static String read(Path path, String name) throws ConfigException, NoSuchFileException {
    try (InputStream in = Files.newInputStream(path)) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw new ConfigException(name + " is larger than 1 MiB, which no config file is");
      }
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return text.startsWith("\ufeff") ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw new ConfigException(name + " is not text in UTF-8: save it as that");
    } catch (NoSuchFileException e) {
      throw e;
    } catch (AccessDeniedException e) {
      throw new ConfigException(name + " may not be read: permission denied");
    } catch (IOException e) {
      String reason = Files.isDirectory(path) ? "it is a directory" : e.getMessage();
      throw new ConfigException(name + " could not be read: " + reason);
    }
  }
}
