package dev.imgcompat.core.access;

import dev.imgcompat.core.image.ScanException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Directories with one directory for each registry, named {@code HOST[:PORT]} as references to its
 * images name it, of certificates for it: {@code *.crt} are authorities, {@code NAME.cert} with
 * {@code NAME.key} says who we are. That is how docker keeps them ({@code loadTLSConfig} in {@code
 * daemon/pkg/registry/registry.go} of moby) and podman (containers-certs.d(5)).
 *
 * <p>What several directories have for a registry is added up, while podman takes the first that
 * there is. Safe for use by several threads; looks anew each time.
 */
public final class CertificateDirectories {
  private final List<Path> roots;

  /**
   * What there is for a registry.
   *
   * @param authorities files of certificates to trust, as PEM
   * @param identity to show to the registry if it asks
   */
  public record Found(List<Path> authorities, Optional<ClientIdentity> identity) {
    public Found {
      authorities = List.copyOf(authorities);
    }
  }

  /**
   * Creates directories.
   *
   * @param roots that have a directory for each registry; of several identities, that of the first
   *     of these is taken
   */
  public CertificateDirectories(List<Path> roots) {
    this.roots = List.copyOf(roots);
  }

  /**
   * Those of podman and docker, in podman's order: {@code ~/.config/containers/certs.d}, {@code
   * /etc/containers/certs.d}, {@code /etc/docker/certs.d}.
   *
   * @param home directory of the user
   */
  public static CertificateDirectories ofUser(Path home) {
    return new CertificateDirectories(
        List.of(
            home.resolve(".config/containers/certs.d"),
            Path.of("/etc/containers/certs.d"),
            Path.of("/etc/docker/certs.d")));
  }

  /**
   * Finds the certificates for a registry. The files are named, not read.
   *
   * @param registry its host, with a port where it has one
   * @throws ScanException if that is no such name, if a directory for it cannot be listed, or has a
   *     certificate of ours without its key or the reverse
   */
  public Found of(String registry) throws ScanException {
    List<Path> authorities = new ArrayList<>();
    Optional<ClientIdentity> identity = Optional.empty();
    for (Path root : roots) {
      Path directory = root.resolve(RegistryName.checked(registry));
      SortedSet<String> names = names(directory);
      for (String name : names) {
        if (name.endsWith(".crt")) {
          authorities.add(directory.resolve(name));
        }
      }
      Optional<ClientIdentity> own = identity(directory, names);
      identity = identity.isPresent() ? identity : own;
    }
    return new Found(authorities, identity);
  }

  /** The first identity by name; all of them have to be whole. */
  private static Optional<ClientIdentity> identity(Path directory, SortedSet<String> names)
      throws ScanException.Unreadable {
    Optional<ClientIdentity> first = Optional.empty();
    for (String name : names) {
      if (name.endsWith(".cert")) {
        String key = replaced(name, ".cert", ".key");
        if (!names.contains(key)) {
          throw new ScanException.Unreadable(
              directory.resolve(name)
                  + " has no "
                  + key
                  + " beside it: add the key, or name it *.crt if it is an authority",
              null);
        }
        if (first.isEmpty()) {
          first = Optional.of(new ClientIdentity(directory.resolve(name), directory.resolve(key)));
        }
      } else if (name.endsWith(".key") && !names.contains(replaced(name, ".key", ".cert"))) {
        throw new ScanException.Unreadable(
            directory.resolve(name)
                + " has no "
                + replaced(name, ".key", ".cert")
                + " beside it: add the certificate, or remove the key",
            null);
      }
    }
    return first;
  }

  private static String replaced(String name, String suffix, String other) {
    return name.substring(0, name.length() - suffix.length()) + other;
  }

  private static SortedSet<String> names(Path directory) throws ScanException.Unreadable {
    SortedSet<String> names = new TreeSet<>();
    if (!isSeen(directory)) {
      return names;
    }
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      for (Path entry : entries) {
        names.add(entry.getFileName().toString());
      }
      return names;
    } catch (NoSuchFileException e) {
      return names;
    } catch (NotDirectoryException e) {
      throw new ScanException.Unreadable(
          directory + " is not a directory: put certificates into one of this name", e);
    } catch (AccessDeniedException e) {
      throw new ScanException.Unreadable(directory + " may not be listed: permission denied", e);
    } catch (IOException | DirectoryIteratorException e) {
      throw new ScanException.Unreadable(
          directory + " could not be listed: " + ScanException.reason(e), e);
    }
  }

  /**
   * Whether there is such a directory, as far as this user may know: docker guards {@code
   * /etc/docker} in places, and what it keeps there for other registries is no matter of this one.
   */
  private static boolean isSeen(Path directory) {
    try {
      Files.readAttributes(directory, BasicFileAttributes.class);
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
