package dev.imgcompat.core.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imgcompat.core.access.CredentialSource;
import dev.imgcompat.core.image.RegistryListener;
import dev.imgcompat.core.sweep.plan.SourceSpec;
import dev.imgcompat.core.sweep.source.RecordedListing;
import dev.imgcompat.core.sweep.source.ReferenceSource;
import dev.imgcompat.core.sweep.source.ReferenceSources;
import dev.imgcompat.core.testing.ElfBuilder;
import dev.imgcompat.core.testing.LayerBuilder;
import dev.imgcompat.core.testing.LayoutBuilder;
import dev.imgcompat.core.testing.LayoutBuilder.ImageSpec;
import dev.imgcompat.core.testing.LayoutPusher;
import dev.imgcompat.core.testing.RealRegistry;
import dev.imgcompat.core.testing.SettingsBuilder;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was pushed to the distribution project's registry is what it lists, page by page. */
class RealCatalogIT {
  private static final Map<String, List<String>> PUSHED =
      new TreeMap<>(
          Map.of(
              "a", List.of("1"),
              "a/b", List.of("1", "2", "3"),
              "base", List.of("Latest_1.0-x"),
              "team/app", List.of("1", "latest"),
              "team/x-y__z", List.of("_")));

  @Test
  void everythingThatWasPushedIsListed(@TempDir Path directory) throws Exception {
    try (RealRegistry registry = new RealRegistry()) {
      push(registry.name(), directory);
      try (HttpRegistryClient client =
          new Asking().client(new SettingsBuilder(), CredentialSource.ANONYMOUS)) {
        assertThat(Asking.repositories(client, registry.name()))
            .containsExactlyElementsOf(PUSHED.keySet());
        // Two at a time, of five.
        assertThat(registry.requests("GET", "/v2/_catalog")).isGreaterThanOrEqualTo(3);
        for (String repository : PUSHED.keySet()) {
          assertThat(Asking.tags(client, registry.name(), repository))
              .containsExactlyInAnyOrderElementsOf(PUSHED.get(repository));
        }
        assertThat(listed(client, registry.name()))
            .containsExactlyInAnyOrderElementsOf(pushed(registry.name()));
      }
      try (HttpRegistryClient client =
          new HttpRegistryClient(
              "imgcompat/test",
              name -> new SettingsBuilder().build(),
              CredentialSource.ANONYMOUS,
              RegistryListener.NONE)) {
        assertThat(listed(client, registry.name()))
            .containsExactlyInAnyOrderElementsOf(pushed(registry.name()));
      }
    }
  }

  private static List<String> listed(HttpRegistryClient client, String registry) throws Exception {
    RecordedListing listing = new RecordedListing();
    try (ReferenceSource source =
        ReferenceSources.of(
            new SourceSpec.Catalog(registry), client, InputStream.nullInputStream())) {
      source.list(listing);
    }
    assertThat(listing.unlisted()).isEmpty();
    return listing.names();
  }

  private static List<String> pushed(String registry) {
    List<String> names = new ArrayList<>();
    PUSHED.forEach(
        (repository, tags) ->
            tags.forEach(tag -> names.add(registry + "/" + repository + ":" + tag)));
    return names;
  }

  private static void push(String registry, Path directory) throws Exception {
    byte[] layer = new LayerBuilder().program("bin/sh", ElfBuilder.x86_64()).gzip();
    for (Map.Entry<String, List<String>> repository : PUSHED.entrySet()) {
      LayoutBuilder layout = new LayoutBuilder();
      for (String tag : repository.getValue()) {
        layout.image(
            tag, new ImageSpec().layer(layer, "application/vnd.oci.image.layer.v1.tar+gzip"));
      }
      Path written = directory.resolve(repository.getKey().replace('/', '+'));
      layout.write(written);
      new LayoutPusher(written, registry + "/" + repository.getKey()).pushAll();
    }
  }
}
