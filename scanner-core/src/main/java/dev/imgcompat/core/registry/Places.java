package dev.imgcompat.core.registry;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.imgcompat.core.access.CredentialSource;
import dev.imgcompat.core.image.ImageReference.InRegistry;
import dev.imgcompat.core.image.RegistryListener;
import dev.imgcompat.core.image.ScanException;
import dev.imgcompat.core.registry.RegistrySettings.Mirror;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * All registries that the process asks, and where an image can be pulled from: the mirrors of its
 * registry first, then that itself. Safe for use by several threads.
 */
final class Places implements AutoCloseable {
  /** How long a mirror that failed is left alone. */
  private static final Duration COOL_DOWN = Duration.ofSeconds(60);

  private final String userAgent;
  private final RegistrySettings.Source settings;
  private final CredentialSource credentials;
  private final RegistryListener listener;
  private final Reach reach;
  private final NameLookup lookup;
  private final Map<String, RegistryHost> hosts = new HashMap<>();

  /** Mirrors, or repositories of theirs, that failed not long ago. */
  private final Cache<String, Boolean> cooling =
      Caffeine.newBuilder().expireAfterWrite(COOL_DOWN).maximumSize(10_000).build();

  private boolean closed;

  Places(
      String userAgent,
      RegistrySettings.Source settings,
      CredentialSource credentials,
      RegistryListener listener,
      Reach reach,
      NameLookup lookup) {
    this.userAgent = userAgent;
    this.settings = settings;
    this.credentials = credentials;
    this.listener = listener;
    this.reach = reach;
    this.lookup = lookup;
  }

  /** Asks one place for something. */
  @FunctionalInterface
  interface Asking<T> {
    T at(Place place) throws ScanException, InterruptedException;
  }

  /** Asks one place after the other; the failure that counts is that of the registry itself. */
  <T> T anywhere(InRegistry image, Asking<T> asking) throws ScanException, InterruptedException {
    List<String> lacking = new ArrayList<>();
    for (Mirror mirror : host(image.registry()).settings().mirrors()) {
      if (isCooling(mirror, image)) {
        continue;
      }
      try {
        String prefix = mirror.prefix().isEmpty() ? "" : mirror.prefix() + "/";
        return asking.at(new Place(host(mirror.host()), prefix + image.repository(), true));
      } catch (ScanException.NotFound e) {
        // It need not mirror all there is.
        lacking.add("mirror " + mirror + " was asked first: " + e.getMessage());
      } catch (ScanException e) {
        leaveAlone(mirror, image, e);
      }
    }
    try {
      return asking.at(origin(image));
    } catch (ScanException.Unavailable | ScanException.NotAllowed e) {
      lacking.forEach(listener::warning);
      throw e;
    }
  }

  Place origin(InRegistry image) throws ScanException {
    return new Place(host(image.registry()), image.repository(), false);
  }

  private boolean isCooling(Mirror mirror, InRegistry image) {
    return cooling.getIfPresent(mirror.toString()) != null
        || cooling.getIfPresent(repository(mirror, image)) != null;
  }

  private static String repository(Mirror mirror, InRegistry image) {
    return mirror + " " + image.repository();
  }

  private void leaveAlone(Mirror mirror, InRegistry image, ScanException failure) {
    // What is refused for good may be so for this repository alone.
    cooling.put(failure.retryable() ? mirror.toString() : repository(mirror, image), Boolean.TRUE);
    listener.warning(
        "mirror "
            + mirror
            + " was of no use, "
            + image.registry()
            + " itself is asked: "
            + failure.getMessage());
  }

  /** One registry, by its host; {@code docker.io} is Docker Hub. */
  synchronized RegistryHost host(String registry) throws ScanException {
    if (closed) {
      throw new IllegalStateException("closed");
    }
    RegistryHost host = hosts.get(registry);
    if (host == null) {
      host =
          new RegistryHost(
              registry,
              userAgent,
              settings.of(registry),
              credentials,
              listener,
              new Gate(registry, reach, lookup));
      hosts.put(registry, host);
    }
    return host;
  }

  @Override
  public void close() {
    List<RegistryHost> open;
    synchronized (this) {
      closed = true;
      open = new ArrayList<>(hosts.values());
      hosts.clear();
    }
    open.forEach(RegistryHost::close);
  }
}
