package dev.imgcompat.core.access;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

/** Credential programs of a test: shell scripts in a directory of the PATH. */
final class Programs {
  private final Path directory;

  Programs(Path directory) {
    this.directory = directory;
  }

  /** Adds {@code docker-credential-SUFFIX} that runs some lines of shell. */
  Programs add(String suffix, String script) throws IOException {
    Path file = directory.resolve("docker-credential-" + suffix);
    Files.writeString(file, "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    return this;
  }

  /** Adds one that knows one server only. */
  Programs knowing(String suffix, String server, String username, String secret)
      throws IOException {
    return add(
        suffix,
        """
        if [ "$1" = get ] && [ "$(cat)" = '%s' ]; then
          echo '{"ServerURL":"%s","Username":"%s","Secret":"%s"}'
        else
          echo credentials not found in native keychain
          exit 1
        fi\
        """
            .formatted(server, server, username, secret));
  }

  /** Variables with a PATH that has them. */
  Map<String, String> environment() {
    return Map.of("PATH", directory + ":/usr/bin:/bin");
  }
}
