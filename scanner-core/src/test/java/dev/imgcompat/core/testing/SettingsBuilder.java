package dev.imgcompat.core.testing;

import dev.imgcompat.core.access.ClientIdentity;
import dev.imgcompat.core.registry.RegistrySettings;
import dev.imgcompat.core.registry.RegistrySettings.Mirror;
import dev.imgcompat.core.registry.RegistrySettings.Pace;
import dev.imgcompat.core.registry.RegistrySettings.Proxies;
import dev.imgcompat.core.registry.RegistrySettings.Rate;
import dev.imgcompat.core.registry.RegistrySettings.Retries;
import dev.imgcompat.core.registry.RegistrySettings.Timeouts;
import dev.imgcompat.core.registry.RegistrySettings.Trust;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Settings of a registry for tests: as patient as tests are, unless told otherwise. */
public final class SettingsBuilder {
  private Trust trust = Trust.DEFAULT;
  private Proxies proxies = Proxies.NONE;
  private List<Mirror> mirrors = List.of();
  private Timeouts timeouts =
      new Timeouts(Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofMinutes(5), 0);
  private Retries retries =
      new Retries(3, Duration.ofMillis(1), Duration.ofMillis(5), Duration.ofSeconds(5));
  private Pace pace = Pace.DEFAULT;

  /** Puts up with anything, as for a registry that is named insecure. */
  public SettingsBuilder insecure() {
    trust = new Trust(true, trust.authorities(), trust.identity());
    return this;
  }

  /** Trusts the authorities in a file. */
  public SettingsBuilder authority(Path file) {
    trust = new Trust(trust.insecure(), List.of(file), trust.identity());
    return this;
  }

  /** Has a certificate to show. */
  public SettingsBuilder identity(Path certificate, Path key) {
    trust =
        new Trust(
            trust.insecure(),
            trust.authorities(),
            Optional.of(new ClientIdentity(certificate, key)));
    return this;
  }

  /** Asks through a proxy. */
  public SettingsBuilder proxy(String url, String... bypass) {
    proxies =
        new Proxies(Optional.of(URI.create(url)), Optional.of(URI.create(url)), List.of(bypass));
    return this;
  }

  /** Asks mirrors first. */
  public SettingsBuilder mirrors(Mirror... values) {
    mirrors = List.of(values);
    return this;
  }

  /** Waits no longer than this for a connection and for a byte. */
  public SettingsBuilder stall(Duration value) {
    timeouts = new Timeouts(value, value, timeouts.overall(), timeouts.minimumSpeed());
    return this;
  }

  /** Waits no longer than this for all. */
  public SettingsBuilder overall(Duration value) {
    timeouts = new Timeouts(timeouts.connect(), timeouts.stall(), value, timeouts.minimumSpeed());
    return this;
  }

  /** Wants a speed. */
  public SettingsBuilder minimumSpeed(long bytesPerSecond) {
    timeouts =
        new Timeouts(timeouts.connect(), timeouts.stall(), timeouts.overall(), bytesPerSecond);
    return this;
  }

  /** Tries again this often. */
  public SettingsBuilder retries(int most) {
    retries =
        new Retries(most, retries.backoff(), retries.longestBackoff(), retries.longestRetryAfter());
    return this;
  }

  /** Has this many connections at a time. */
  public SettingsBuilder connections(int most) {
    pace = new Pace(most, pace.requests(), pace.bytesPerSecond());
    return this;
  }

  /** Sends this many requests in some time. */
  public SettingsBuilder rate(int count, Duration per) {
    pace = new Pace(pace.connections(), Optional.of(new Rate(count, per)), pace.bytesPerSecond());
    return this;
  }

  /** Reads this many bytes of layers in a second. */
  public SettingsBuilder byteRate(long perSecond) {
    pace = new Pace(pace.connections(), pace.requests(), OptionalLong.of(perSecond));
    return this;
  }

  /** Returns the settings. */
  public RegistrySettings build() {
    return new RegistrySettings(trust, proxies, mirrors, timeouts, retries, pace);
  }
}
