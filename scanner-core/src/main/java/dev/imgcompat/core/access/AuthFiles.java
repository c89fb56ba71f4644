package dev.imgcompat.core.access;

import dev.imgcompat.core.image.Printable;
import dev.imgcompat.core.image.ScanException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Credentials as {@code docker login} and {@code podman login} leave them: in files, or in programs
 * that these files name. The first file that has something for a registry counts.
 *
 * <p>Facts from {@code cli/config/configfile/file.go} of docker/cli, {@code
 * pkg/docker/config/config.go} of containers/image, and containers-auth.json(5).
 *
 * <p>Safe for use by several threads. Files are read, and programs run, anew each time, so that a
 * login beside a long-running process is seen.
 */
public final class AuthFiles implements CredentialSource {
  /** For how long a credential program may run. */
  private static final Duration PROGRAM_LIMIT = Duration.ofSeconds(30);

  private static final int MAX_BYTES = 4 << 20;
  private static final String VARIABLE = "DOCKER_AUTH_CONFIG";

  private final List<Place> places;
  private final Optional<String> namedBy;
  private final Function<String, CredentialProgram> programs;

  /** Where credentials may be: a file, or a text that is there already. */
  private record Place(String name, Optional<Path> file, String text) {
    /** Without the text, which is a secret. */
    @Override
    public String toString() {
      return name;
    }
  }

  private AuthFiles(
      List<Place> places, Optional<String> namedBy, Function<String, CredentialProgram> programs) {
    this.places = List.copyOf(places);
    this.namedBy = namedBy;
    this.programs = programs;
  }

  /**
   * One file that the user named, which has to be there and to be in order.
   *
   * @param file in the form of docker's or podman's
   * @param namedBy an option or a variable, for messages
   * @param environment to find and to run credential programs with
   */
  public static AuthFiles named(Path file, String namedBy, Map<String, String> environment) {
    Place place = new Place(file.toString(), Optional.of(file), "");
    return new AuthFiles(List.of(place), Optional.of(namedBy), programs(environment));
  }

  /**
   * What docker and podman look at by default, in this order: the text of {@code
   * DOCKER_AUTH_CONFIG}; {@code config.json} in {@code $DOCKER_CONFIG} or {@code ~/.docker}; {@code
   * containers/auth.json} in {@code $XDG_RUNTIME_DIR}, or without that, {@code auth.json} in {@code
   * /run/containers/UID}; {@code containers/auth.json} in {@code $XDG_CONFIG_HOME} or {@code
   * ~/.config}. {@code REGISTRY_AUTH_FILE} is not looked at: it names a file.
   *
   * <p>What is malformed or unreadable here, is told only if nothing else is found.
   *
   * @param environment {@link System#getenv()}
   * @param home directory of the user
   */
  public static AuthFiles ofUser(Map<String, String> environment, Path home) {
    List<Place> places = new ArrayList<>();
    variable(environment, VARIABLE)
        .ifPresent(text -> places.add(new Place(VARIABLE, Optional.empty(), text)));
    List<Path> files = new ArrayList<>();
    files.add(
        variable(environment, "DOCKER_CONFIG")
            .map(Path::of)
            .orElse(home.resolve(".docker"))
            .resolve("config.json"));
    variable(environment, "XDG_RUNTIME_DIR")
        .map(directory -> Path.of(directory, "containers"))
        .or(AuthFiles::runtimeDirectoryOfPodman)
        .ifPresent(directory -> files.add(directory.resolve("auth.json")));
    files.add(
        variable(environment, "XDG_CONFIG_HOME")
            .map(Path::of)
            .orElse(home.resolve(".config"))
            .resolve("containers/auth.json"));
    for (Path file : files) {
      String name = file.startsWith(home) ? "~/" + home.relativize(file) : file.toString();
      places.add(new Place(name, Optional.of(file), ""));
    }
    return new AuthFiles(places, Optional.empty(), programs(environment));
  }

  @Override
  public Credentials find(String registry, String repository)
      throws ScanException, InterruptedException {
    String canonical = RegistryName.canonical(RegistryName.checked(registry));
    List<String> asked = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    for (Place place : places) {
      asked.add(place.name());
      try {
        Credentials found = find(place, canonical, repository);
        if (!(found instanceof Credentials.None none)) {
          return found;
        }
        none.problem().ifPresent(problems::add);
      } catch (ScanException.Unreadable e) {
        if (namedBy.isPresent()) {
          throw new ScanException.Unreadable(namedBy.get() + ": " + e.getMessage(), e.getCause());
        }
        problems.add(e.getMessage());
      }
    }
    return new Credentials.None(
        Printable.of(String.join(", ", asked)),
        problems.isEmpty()
            ? Optional.empty()
            : Optional.of(Printable.of(String.join("; ", problems))));
  }

  private Credentials find(Place place, String registry, String repository)
      throws ScanException.Unreadable, InterruptedException {
    if (place.file().isEmpty()) {
      byte[] text = place.text().getBytes(StandardCharsets.UTF_8);
      return new AuthFile(place.name(), PrivateJson.object(text, place.name()), programs)
          .find(registry, repository);
    }
    Path file = place.file().get();
    if (namedBy.isEmpty() && Files.notExists(file)) {
      return new Credentials.None(place.name(), Optional.empty());
    }
    return new AuthFile(place.name(), SettingsFile.json(file, MAX_BYTES), programs)
        .find(registry, repository);
  }

  /** Where podman keeps what it should forget, where there is no session of a desktop. */
  private static Optional<Path> runtimeDirectoryOfPodman() {
    try {
      Object user = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
      return Optional.of(Path.of("/run/containers", user.toString()));
    } catch (IOException | UnsupportedOperationException e) {
      return Optional.empty();
    }
  }

  private static Function<String, CredentialProgram> programs(Map<String, String> environment) {
    Map<String, String> copy = Map.copyOf(environment);
    return suffix -> new CredentialProgram(suffix, copy, PROGRAM_LIMIT);
  }

  private static Optional<String> variable(Map<String, String> environment, String name) {
    return Optional.ofNullable(environment.get(name)).filter(v -> !v.isEmpty());
  }
}
