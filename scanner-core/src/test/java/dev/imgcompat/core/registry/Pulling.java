package dev.imgcompat.core.registry;

import dev.imgcompat.core.ScanListener;
import dev.imgcompat.core.ScanRequest;
import dev.imgcompat.core.Scanner;
import dev.imgcompat.core.access.CredentialSource;
import dev.imgcompat.core.image.Bytes;
import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.image.PlatformRequest;
import dev.imgcompat.core.image.RegistryListener;
import dev.imgcompat.core.rules.RulePack;
import dev.imgcompat.core.testing.ElfBuilder;
import dev.imgcompat.core.testing.FaultyRegistry;
import dev.imgcompat.core.testing.LayerBuilder;
import dev.imgcompat.core.testing.LayoutBuilder;
import dev.imgcompat.core.testing.LayoutBuilder.ImageSpec;
import dev.imgcompat.core.testing.SettingsBuilder;
import dev.imgcompat.core.verdict.Report.ImageReport;
import dev.imgcompat.core.verdict.Report.ScanError;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;

/** An image of one big layer in a registry, and scans of it as a user would ask for them. */
final class Pulling {
  static final String REPOSITORY = "team/it";
  static final int NOISE = 3 << 20;

  private final byte[] layerBytes;
  private final LayoutBuilder layout = new LayoutBuilder();
  private final Digest image;
  private final List<String> waits = new CopyOnWriteArrayList<>();
  private final List<String> warnings = new CopyOnWriteArrayList<>();
  private final List<String> limits = new CopyOnWriteArrayList<>();

  Pulling() {
    byte[] noise = new byte[NOISE];
    new Random(1).nextBytes(noise);
    layerBytes =
        new LayerBuilder().program("bin/sh", ElfBuilder.x86_64()).file("noise", 0644, noise).gzip();
    image =
        layout.image(
            "it", new ImageSpec().layer(layerBytes, "application/vnd.oci.image.layer.v1.tar+gzip"));
  }

  /** Puts the image into a registry. */
  FaultyRegistry into(FaultyRegistry registry) {
    return registry.serve(REPOSITORY, "1", layout, image);
  }

  /** Puts it into another repository. */
  FaultyRegistry into(FaultyRegistry registry, String repository) {
    return registry.serve(repository, "1", layout, image);
  }

  Digest image() {
    return image;
  }

  Digest layer() {
    return Bytes.digest(layerBytes);
  }

  int layerSize() {
    return layerBytes.length;
  }

  String manifestPath() {
    return FaultyRegistry.manifest(REPOSITORY, "1");
  }

  String layerPath() {
    return FaultyRegistry.blob(REPOSITORY, layer());
  }

  /** What was waited for. */
  List<String> waits() {
    return waits;
  }

  List<String> warnings() {
    return warnings;
  }

  /** The registries that said 429, as often as they did. */
  List<String> limits() {
    return limits;
  }

  RegistryListener listener() {
    return new RegistryListener() {
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
  }

  /** A client that speaks to all registries alike. */
  HttpRegistryClient client(SettingsBuilder settings, CredentialSource credentials) {
    return client(registry -> settings.build(), credentials);
  }

  HttpRegistryClient client(RegistrySettings.Source settings, CredentialSource credentials) {
    return new HttpRegistryClient("imgcompat/test", settings, credentials, listener());
  }

  /** A client that does not ask everybody. */
  HttpRegistryClient client(RegistrySettings.Source settings, Reach reach, NameLookup lookup) {
    return new HttpRegistryClient(
        "imgcompat/test", settings, CredentialSource.ANONYMOUS, listener(), reach, lookup);
  }

  /** Scans the image, and closes the client. */
  ImageReport scan(FaultyRegistry registry, SettingsBuilder settings) {
    return scan(registry.name(), client(settings, CredentialSource.ANONYMOUS));
  }

  ImageReport scan(String registry, HttpRegistryClient client) {
    try (Scanner scanner = Scanner.builder().registries(client).build()) {
      return scan(registry, scanner);
    }
  }

  static ImageReport scan(String registry, Scanner scanner) {
    return scanReference(registry + "/" + REPOSITORY + ":1", scanner);
  }

  static ImageReport scanReference(String reference, Scanner scanner) {
    try {
      ScanRequest request =
          new ScanRequest(
              PlatformRequest.DEFAULT, List.of(RulePack.builtIn().target("kata")), false);
      return scanner.scan(reference, request, ScanListener.NONE).get(0);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  static ScanError failure(ImageReport report) {
    return report.error().orElseThrow(() -> new AssertionError("scanned: " + report));
  }
}
