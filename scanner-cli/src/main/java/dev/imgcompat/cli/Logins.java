package dev.imgcompat.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Makes a login of {@code --username} and {@code --password-stdin}. */
final class Logins {
  private static final int MAX_PASSWORD_BYTES = 64 << 10;
  private static final int SHOWN_REGISTRIES = 3;

  private Logins() {}

  static Optional<GivenLogin> of(
      Optional<String> name,
      boolean passwordOnStdin,
      Set<String> registries,
      boolean standardInputIsTaken,
      Streams streams)
      throws UsageException {
    if (name.isEmpty() && !passwordOnStdin) {
      return Optional.empty();
    }
    if (name.isEmpty()) {
      throw new UsageException("--password-stdin is a password of nobody: add --username NAME");
    }
    if (!passwordOnStdin) {
      throw new UsageException(
          "--username comes without a password: add --password-stdin, and write it to standard"
              + " input");
    }
    String username = name.get();
    if (username.isEmpty() || username.indexOf(':') >= 0) {
      throw new UsageException("--username takes a name, which has no colon");
    }
    if (standardInputIsTaken) {
      throw new UsageException(
          "standard input comes once: --password-stdin leaves neither references nor an archive to"
              + " read from it");
    }
    String registry = onlyOne(registries);
    return Optional.of(new GivenLogin(registry, username, password(streams.in())));
  }

  private static String onlyOne(Set<String> registries) throws UsageException {
    if (registries.size() == 1) {
      return registries.iterator().next();
    }
    String found =
        registries.isEmpty()
            ? "no reference names one"
            : "the references name "
                + registries.stream()
                    .sorted()
                    .limit(SHOWN_REGISTRIES)
                    .collect(Collectors.joining(", "))
                + (registries.size() > SHOWN_REGISTRIES ? " and others" : "");
    throw new UsageException(
        "--username is for one registry, and "
            + found
            + ": leave it out, or use an auth file (docker login, podman login or --authfile)");
  }

  /** The first line; whatever follows stays unread. */
  private static String password(InputStream in) throws UsageException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    try {
      for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
        if (line.size() == MAX_PASSWORD_BYTES) {
          throw new UsageException(
              "standard input has a line of more than 64 KiB, which is no password");
        }
        line.write(next);
      }
      String password =
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(line.toByteArray()))
              .toString();
      if (password.endsWith("\r")) {
        password = password.substring(0, password.length() - 1);
      }
      if (password.isEmpty()) {
        throw new UsageException("standard input has no password: write it there, as one line");
      }
      return password;
    } catch (CharacterCodingException e) {
      throw new UsageException("the password on standard input is not text in UTF-8");
    } catch (IOException e) {
      throw new UsageException("the password could not be read from standard input");
    }
  }
}
