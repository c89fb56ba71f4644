package dev.imgcompat.core.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imgcompat.core.image.ManifestDocument.Legacy;
import dev.imgcompat.core.testing.Schema1Builder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class Schema1Test {
  private static final byte[] A = {1};
  private static final byte[] B = {2};
  private static final byte[] C = {3};

  private static Legacy parse(byte[] manifest) throws ScanException {
    return (Legacy) ManifestParser.manifest(manifest, "it");
  }

  private static Schema1Builder image() {
    return new Schema1Builder().layer(A).layer(B).command("/bin/x", "-v");
  }

  private static void refuses(byte[] manifest, String... fragments) {
    assertThatThrownBy(() -> ManifestParser.manifest(manifest, "manifest of it"))
        .isInstanceOf(ScanException.Damaged.class)
        .hasMessageStartingWith("manifest of it")
        .hasMessageContainingAll(fragments)
        .hasMessageNotContaining("\n");
  }

  private static byte[] replaced(byte[] manifest, String from, String to) {
    String text = new String(manifest, StandardCharsets.UTF_8);
    assertThat(text).contains(from);
    return text.replace(from, to).getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void layersComeBottomFirstAndTheConfigFromTheTop() throws ScanException {
    Legacy image = parse(image().unsigned());

    assertThat(image.layers()).containsExactly(Bytes.digest(A), Bytes.digest(B));
    assertThat(image.config().startCommand()).containsExactly("/bin/x", "-v");
    assertThat(image.config().path()).containsExactly("/usr/bin", "/bin");
    assertThat(image.config().platform()).isEqualTo(Platform.LINUX_AMD64);
    assertThat(image.config().diffIds()).isEmpty();
  }

  @Test
  void aSignedManifestIsThatWhichIsSigned() throws ScanException {
    assertThat(parse(image().signed())).isEqualTo(parse(image().unsigned()));
    assertThat(Bytes.digest(SignedManifest.payload(image().signed(), "it")))
        .isEqualTo(image().digest())
        .isNotEqualTo(Bytes.digest(image().signed()));
  }

  @Test
  void whatIsNotSignedIsItsOwnPayload() throws ScanException {
    for (String other : List.of("{\"schemaVersion\":2,\"signatures\":[7]}", "<html>", "")) {
      byte[] bytes = other.getBytes(StandardCharsets.UTF_8);
      assertThat(SignedManifest.payload(bytes, "it")).isEqualTo(bytes);
    }
    assertThat(SignedManifest.payload(image().unsigned(), "it")).isEqualTo(image().unsigned());
  }

  @Test
  void severalSignaturesMayAgree() throws ScanException {
    Schema1Builder image = image();
    byte[] twice =
        image.signedWith(
            image.signature(image.formatLength(), "\n}"),
            image.signature(image.formatLength(), "\n}"));

    assertThat(Bytes.digest(SignedManifest.payload(twice, "it"))).isEqualTo(image.digest());
  }

  @Test
  void signaturesOfAnythingElseAreRefused() {
    Schema1Builder image = image();
    String right = image.signature(image.formatLength(), "\n}");
    refuses(image.signedWith(right, image.signature(image.formatLength(), "}")), "signatures");
    refuses(image.signedWith(right, image.signature(1, "}")), "signatures");
    refuses(image.signedWith(image.signature(1, "}")), "not what the manifest says");
    refuses(image.signedWith(image.signature(1 << 30, "\n}")), "formatLength");
    refuses(image.signedWith(image.signature(-1, "\n}")), "formatLength");
    refuses(image.signedWith(image.signature(0, "")), "signed manifest");
    refuses(image.signedWith(image.signature(image.formatLength(), ",")), "signed manifest");
    refuses(image.signedWith(), "it has none");
    refuses(image.signedWith("7"), "header");
    refuses(image.signedWith("{\"protected\":\"*\"}"), "base64url");
    refuses(image.signedWith("{\"protected\":\"bm8\"}"), "header of a signature is not JSON");
    refuses(image.signedWith("{\"protected\":\"e30\"}"), "formatLength");
    refuses(replaced(image.signed(), "\"protected\"", "\"Protected\""), "'Protected'");
  }

  @Test
  void dozensOfSignaturesAreRefused() {
    String[] many = Collections.nCopies(17, "{}").toArray(String[]::new);

    assertThatThrownBy(() -> parse(image().signedWith(many)))
        .isInstanceOf(ScanException.LimitExceeded.class)
        .hasMessageContaining("signatures");
  }

  @Test
  void aManifestThatWasChangedAfterItWasSignedIsRefused() {
    refuses(
        replaced(image().signed(), "\"signatures\"", "\"annotations\": {}, \"signatures\""),
        "not what the manifest says");
  }

  @Test
  void throwawayLayersAreLeftOut() throws ScanException {
    Schema1Builder image = new Schema1Builder().layer(A).throwaway().layer(B).throwaway();

    assertThat(parse(image.command("/x").signed()).layers())
        .containsExactly(Bytes.digest(A), Bytes.digest(B));
    assertThat(parse(image.unsigned()).config().startCommand()).containsExactly("/x");
  }

  @Test
  void anImageMayHaveNoFilesAtAll() throws ScanException {
    assertThat(parse(new Schema1Builder().throwaway().unsigned()).layers()).isEmpty();
  }

  @Test
  void theSameLayerMayComeTwice() throws ScanException {
    assertThat(parse(new Schema1Builder().layer(A).layer(B).layer(A).unsigned()).layers())
        .containsExactly(Bytes.digest(A), Bytes.digest(B), Bytes.digest(A));
  }

  @Test
  void ofEntriesWithOneIdTheLowestCounts() throws ScanException {
    Schema1Builder image = new Schema1Builder().layer(A).layer(B).repeated(C).repeated(C);

    assertThat(parse(image.unsigned()).layers()).containsExactly(Bytes.digest(A), Bytes.digest(B));
  }

  @Test
  void theArchitectureOfTheManifestStandsInForThatOfTheHistory() throws ScanException {
    Schema1Builder image = new Schema1Builder().architecture("arm64").layer(A);

    assertThat(parse(image.with("architecture", "arm").with("variant", "v7").unsigned()).config())
        .extracting(c -> c.platform().toString())
        .isEqualTo("linux/arm/v7");
    assertThat(parse(image.with("architecture", null).unsigned()).config())
        .extracting(c -> c.platform().toString())
        .isEqualTo("linux/arm64/v7");
  }

  @Test
  void aHistoryThatDoesNotHangTogetherIsRefused() {
    String id = "0".repeat(64);
    refuses(new Schema1Builder().layer(A).with("parent", id).unsigned(), "has a parent");
    refuses(image().with("parent", id).unsigned(), "parent of");
    refuses(image().with("parent", null).unsigned(), "parent of");
    refuses(image().with("id", "../../etc").unsigned(), "no id");
    refuses(image().with("id", null).unsigned(), "no id");
    refuses(image().with("throwaway", "yes").unsigned(), "throwaway");
    refuses(image().with("ID", id).unsigned(), "'ID'");
    refuses(image().with("config", Map.of("cmd", List.of("/y"))).unsigned(), "'cmd'");
    refuses(replaced(image().unsigned(), "blobSum", "blobsum"), "'blobsum'");
    refuses(replaced(image().unsigned(), "v1Compatibility", "v1compatibility"), "v1compat");
    refuses(replaced(image().unsigned(), "\"fsLayers\"", "\"fslayers\""), "'fslayers'");
    refuses(replaced(image().unsigned(), "\"history\"", "\"other\""), "a history of 0");
    refuses(replaced(image().unsigned(), "\"fsLayers\"", "\"other\""), "no layers");
    refuses(replaced(image().unsigned(), "{\\\"id", "{{\\\"id"), "not JSON");
    refuses(
        replaced(image().unsigned(), "\"schemaVersion\": 1", "\"schemaVersion\": 1,\"layers\":[]"),
        "ambiguous");
    refuses(
        replaced(
            image().unsigned(),
            "\"schemaVersion\": 1",
            "\"schemaVersion\": 1,\"mediaType\":\"" + ManifestDocument.MediaTypes.OCI_INDEX + "\""),
        "form");
  }

  @Test
  void anIdThatComesBackIsRefused() {
    Schema1Builder image = new Schema1Builder().layer(A).layer(B);
    String lowest = Bytes.digest("layer 0".getBytes(StandardCharsets.UTF_8)).hex();
    refuses(image.layer(C).with("id", lowest).unsigned(), "appears in two places");
  }

  @Test
  void thousandsOfLayersAreRefused() {
    Schema1Builder image = new Schema1Builder();
    for (int i = 0; i <= 1000; i++) {
      image.layer(A);
    }

    assertThatThrownBy(() -> parse(image.unsigned()))
        .isInstanceOf(ScanException.LimitExceeded.class)
        .hasMessageContaining("1001");
  }
}
