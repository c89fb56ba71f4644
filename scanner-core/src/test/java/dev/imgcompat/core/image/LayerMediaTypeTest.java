package dev.imgcompat.core.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imgcompat.core.image.LayerMediaType.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LayerMediaTypeTest {
  @ParameterizedTest
  @CsvSource({
    "application/vnd.oci.image.layer.v1.tar,uncompressed",
    "application/vnd.oci.image.layer.v1.tar+gzip,gzip",
    "application/vnd.oci.image.layer.v1.tar+zstd,zstd",
    "application/vnd.oci.image.layer.nondistributable.v1.tar,uncompressed",
    "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip,gzip",
    "application/vnd.oci.image.layer.nondistributable.v1.tar+zstd,zstd",
    "application/vnd.docker.image.rootfs.diff.tar,uncompressed",
    "application/vnd.docker.image.rootfs.diff.tar.gzip,gzip",
    "application/vnd.docker.image.rootfs.diff.tar.zstd,zstd",
    "application/vnd.docker.image.rootfs.foreign.diff.tar,uncompressed",
    "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip,gzip",
    "application/vnd.docker.container.image.rootfs.diff+x-gtar,uncompressed",
    "application/x-tar,uncompressed",
    "application/x-gzip,gzip",
    "application/gzip,gzip",
    "APPLICATION/vnd.OCI.image.layer.v1.tar+GZIP; charset=binary,gzip",
    "application/vnd.x.layer.tar+lz4,",
    "application/octet-stream,",
    "'',",
  })
  void aLayerOfAFileSystemMayStateItsCompression(String mediaType, String stated) {
    assertThat(LayerMediaType.kind(mediaType)).isEqualTo(Kind.FILE_SYSTEM);
    assertThat(LayerMediaType.stated(mediaType).orElse(null)).isEqualTo(stated);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/vnd.in-toto+json",
        "application/vnd.target+json",
        "application/json",
        "application/vnd.wasm.content.layer.v1+wasm",
        "application/vnd.cncf.helm.chart.content.v1.tar+gzip",
        "application/vnd.oci.image.layer.v1.squashfs",
        "application/vnd.oci.image.layer.nydus.blob.v1",
        "application/vnd.oci.empty.v1+json",
        "tar/plain",
        "text/plain",
      })
  void otherThingsAreNone(String mediaType) {
    assertThat(LayerMediaType.kind(mediaType)).isEqualTo(Kind.OTHER);
    assertThat(LayerMediaType.stated(mediaType)).isEmpty();
  }

  @Test
  void encryptedLayersStateNothingThatCouldBeSeen() {
    String type = "application/vnd.oci.image.layer.v1.tar+gzip+encrypted";
    assertThat(LayerMediaType.kind(type)).isEqualTo(Kind.ENCRYPTED);
    assertThat(LayerMediaType.stated(type)).isEmpty();
  }
}
