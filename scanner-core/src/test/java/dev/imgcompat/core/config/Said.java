package dev.imgcompat.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.imgcompat.core.config.ConfigInputs.Flag;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What flags, variables and a config file say in a test. */
final class Said {
  private final Path home;
  private final List<Flag> flags = new ArrayList<>();
  private final Map<String, String> variables = new HashMap<>();
  private Optional<String> named = Optional.empty();

  /** Says nothing. */
  Said(Path home) {
    this.home = home;
  }

  /** The config file that is read where none is named. */
  Path standardFile() {
    return home.resolve(".config/imgcompat/config.yaml");
  }

  Said flag(String name, String value) {
    flags.add(new Flag(name, value));
    return this;
  }

  Said variable(String name, String value) {
    variables.put(name, value);
    return this;
  }

  Said file(String text) {
    try {
      Files.createDirectories(standardFile().getParent());
      Files.writeString(standardFile(), text);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Said named(String file) {
    named = Optional.of(file);
    return this;
  }

  Configuration load() throws ConfigException {
    return Configuration.load(new ConfigInputs(named, flags, variables, home));
  }

  /** The message with which it is refused. */
  String refusal() {
    ConfigException refusal = catchThrowableOfType(ConfigException.class, this::load);
    assertThat(refusal).isNotNull();
    assertThat(refusal).hasNoCause();
    assertThat(refusal.getMessage().lines()).hasSize(1);
    return refusal.getMessage();
  }
}
