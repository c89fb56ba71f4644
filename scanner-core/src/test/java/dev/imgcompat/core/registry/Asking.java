package dev.imgcompat.core.registry;

import dev.imgcompat.core.access.CredentialSource;
import dev.imgcompat.core.image.RegistryListener;
import dev.imgcompat.core.image.ScanException;
import dev.imgcompat.core.testing.SettingsBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Asks registries for what they list, two at a time, and hears what is said of them. */
final class Asking {
  private final List<String> warnings = new CopyOnWriteArrayList<>();
  private final List<String> limits = new CopyOnWriteArrayList<>();
  private final List<String> waits = new CopyOnWriteArrayList<>();

  List<String> warnings() {
    return warnings;
  }

  List<String> limits() {
    return limits;
  }

  List<String> waits() {
    return waits;
  }

  HttpRegistryClient client(SettingsBuilder settings, CredentialSource credentials) {
    return client(settings, credentials, Reach.ANYWHERE, 2);
  }

  HttpRegistryClient client(
      SettingsBuilder settings, CredentialSource credentials, Reach reach, int pageSize) {
    RegistryListener listener =
        new RegistryListener() {
          @Override
          public void waiting(String registry, String why, Duration pause) {
            waits.add(why);
          }

          @Override
          public void limited(String registry) {
            limits.add(registry);
          }

          @Override
          public void warning(String what) {
            warnings.add(what);
          }
        };
    return new HttpRegistryClient(
        new Places(
            "imgcompat/test",
            registry -> settings.build(),
            credentials,
            listener,
            reach,
            NameLookup.SYSTEM),
        pageSize);
  }

  static List<String> repositories(RegistryListings client, String registry)
      throws ScanException, InterruptedException {
    List<String> found = new ArrayList<>();
    client.repositories(registry, found::add);
    return found;
  }

  static List<String> tags(RegistryListings client, String registry, String repository)
      throws ScanException, InterruptedException {
    List<String> found = new ArrayList<>();
    client.tags(registry, repository, found::add);
    return found;
  }
}
