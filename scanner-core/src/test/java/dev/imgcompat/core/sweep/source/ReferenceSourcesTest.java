package dev.imgcompat.core.sweep.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imgcompat.core.image.ScanException;
import dev.imgcompat.core.registry.RegistryListings;
import dev.imgcompat.core.sweep.plan.SourceSpec;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReferenceSourcesTest {
  private static ReferenceSource source(SourceSpec spec) throws ScanException {
    return ReferenceSources.of(spec, RegistryListings.NONE, InputStream.nullInputStream());
  }

  @Test
  void registriesHaveOneNameEach() throws Exception {
    assertThat(source(new SourceSpec.Catalog("R.Example:5000")).name())
        .isEqualTo("the catalog of r.example:5000");
    assertThat(source(new SourceSpec.Catalog("registry-1.docker.io")).name())
        .isEqualTo("the catalog of docker.io");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "https://r.example", "r.example/x", "r.example:", "a b", "r\n"})
  void whatIsNoRegistryIsRefused(String name) {
    for (SourceSpec spec :
        List.of(
            new SourceSpec.Catalog(name),
            new SourceSpec.Harbor(name, List.of()),
            new SourceSpec.Quay(name, List.of("acme")))) {
      assertThatThrownBy(() -> source(spec))
          .isInstanceOf(ScanException.InvalidReference.class)
          .hasMessageContaining("not the name of a registry")
          .message()
          .doesNotContain("\n");
    }
  }

  @Test
  void credentialsAreNotSaidBack() {
    assertThatThrownBy(() -> source(new SourceSpec.Catalog("alice:hunter2@r.example")))
        .isInstanceOf(ScanException.InvalidReference.class)
        .message()
        .doesNotContain("hunter2");
  }

  @Test
  void clustersAreTheServicesBusiness() {
    assertThatThrownBy(
            () -> source(new SourceSpec.Kubernetes(List.of(), Optional.empty(), Optional.empty())))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
