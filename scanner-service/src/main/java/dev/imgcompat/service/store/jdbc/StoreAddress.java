package dev.imgcompat.service.store.jdbc;

import dev.imgcompat.core.image.Printable;
import dev.imgcompat.service.settings.InvalidSettingException;
import dev.imgcompat.service.settings.Settings.StoreSettings;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the database is, and as whom it is opened.
 *
 * @param url with all that has to be in it; may hold secrets
 * @param subject how the store is called in messages; holds none
 */
record StoreAddress(
    Dialect dialect,
    String url,
    @Nullable String username,
    @Nullable String password,
    String subject) {

  /**
   * With {@code WRITE_DELAY=0} a commit is written before it returns, so that a process that is
   * killed loses none. Whoever shuts down closes the database, in the right order.
   */
  private static final Map<String, String> H2_OPTIONS = h2Options();

  private static final String DATABASE = "imgcompat";

  private static final FileAttribute<?> PRIVATE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private static Map<String, String> h2Options() {
    Map<String, String> options = new LinkedHashMap<>();
    options.put("MODE", "PostgreSQL");
    options.put("DATABASE_TO_LOWER", "TRUE");
    options.put("WRITE_DELAY", "0");
    options.put("RETENTION_TIME", String.valueOf(Housekeeping.RETENTION.toMillis()));
    options.put("DB_CLOSE_ON_EXIT", "FALSE");
    return options;
  }

  /**
   * Finds out.
   *
   * @throws InvalidSettingException if the password cannot be read, or the directory not be made
   */
  static StoreAddress of(StoreSettings settings, Path defaultDirectory) {
    String url = settings.url();
    if (url == null) {
      Path directory = settings.directory() == null ? defaultDirectory : settings.directory();
      return embedded(directory.toAbsolutePath().normalize());
    }
    Dialect dialect = Dialect.of(url);
    String username = settings.username();
    return new StoreAddress(
        dialect,
        dialect == Dialect.H2 ? withOptions(url) : url,
        username == null && dialect == Dialect.H2 ? "sa" : username,
        password(settings),
        "at " + withoutSecrets(url));
  }

  private static StoreAddress embedded(Path directory) {
    if (directory.toString().indexOf(';') >= 0) {
      throw new InvalidSettingException("store.directory", "its path may not have a semicolon");
    }
    try {
      makePrivate(directory);
    } catch (IOException e) {
      throw new InvalidSettingException(
          "store.directory",
          Printable.of(directory + " cannot be made: " + e.getClass().getSimpleName()));
    }
    Path file = directory.resolve(DATABASE + ".mv.db");
    try {
      // Made before the database would, with the rights of all files; it takes an empty file for
      // none.
      makePrivateFile(file);
    } catch (IOException e) {
      throw new InvalidSettingException(
          "store.directory",
          Printable.of(file + " cannot be made: " + e.getClass().getSimpleName()));
    }
    // The usual file channel is closed when a thread that uses it is interrupted, and data is lost.
    return new StoreAddress(
        Dialect.H2,
        withOptions("jdbc:h2:async:" + directory.resolve(DATABASE)),
        "sa",
        "",
        "in " + Printable.of(directory.toString()));
  }

  private static void makePrivateFile(Path file) throws IOException {
    if (Files.exists(file) || !posix(file)) {
      return;
    }
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
  }

  private static boolean posix(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  /** What is in the store is for whoever runs the service. */
  private static void makePrivate(Path directory) throws IOException {
    if (Files.isDirectory(directory)) {
      return;
    }
    if (Files.exists(directory)) {
      throw new FileAlreadyExistsException(directory.toString());
    }
    Path parent = directory.getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    if (posix(directory)) {
      Files.createDirectory(directory, PRIVATE);
    } else {
      Files.createDirectory(directory);
    }
  }

  private static String withOptions(String url) {
    StringBuilder whole = new StringBuilder(url);
    String given = url.toUpperCase(Locale.ROOT);
    H2_OPTIONS.forEach(
        (name, value) -> {
          if (!given.contains(";" + name + "=")) {
            whole.append(';').append(name).append('=').append(value);
          }
        });
    return whole.toString();
  }

  /** Options may hold passwords, and so may what is before an @. */
  private static String withoutSecrets(String url) {
    String plain = url.replaceFirst("^jdbc:", "").replaceFirst("[?;].*$", "");
    return Printable.of(plain.replaceFirst("//.*@", "//"));
  }

  private static @Nullable String password(StoreSettings settings) {
    Path file = settings.passwordFile();
    if (file == null) {
      return settings.password();
    }
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new InvalidSettingException(
          "store.password-file",
          Printable.of(file + " cannot be read: " + e.getClass().getSimpleName()));
    }
  }

  /** Without the password. */
  @Override
  public String toString() {
    return subject;
  }
}
