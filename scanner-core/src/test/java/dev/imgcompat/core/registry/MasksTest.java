package dev.imgcompat.core.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imgcompat.core.access.Credentials;
import java.io.IOException;
import java.net.URI;
import org.junit.jupiter.api.Test;

class MasksTest {
  private final Masks masks = new Masks();

  @Test
  void secretsAreMaskedInEveryFormInWhichTheyAreSent() {
    masks.add(new Credentials.Password("a file", "me", "correct horse"));
    masks.add(new Credentials.IdentityToken("a file", "refresh-me"));
    masks.add(new Credentials.RegistryToken("a file", "take-me"));
    masks.add("bearer-of-it");

    assertThat(
            masks.masked(
                "no 'correct horse', Basic bWU6Y29ycmVjdCBob3JzZQ==, refresh-me, take-me or"
                    + " bearer-of-it"))
        .isEqualTo("no '***', Basic ***, ***, *** or ***");
  }

  @Test
  void aSecretInAnotherOneLeavesNothingOfIt() {
    masks.add("abcd");
    masks.add("abcdefgh");

    assertThat(masks.masked("abcdefgh")).isEqualTo("***");
  }

  @Test
  void whatIsTooShortForASecretMasksNothing() {
    masks.add("a");

    assertThat(masks.masked("a manifest")).isEqualTo("a manifest");
  }

  @Test
  void formsOfUrlsAndOfBase64AreMasked() {
    masks.add(new Credentials.Password("a file", "me", "a b+c/d>e?"));

    assertThat(
            masks.masked("a+b%2Bc%2Fd%3Ee%3F a%20b%2Bc%2Fd%3Ee%3F YSBiK2MvZD5lPw== YSBiK2MvZD5lPw"))
        .isEqualTo("*** *** *** ***");
    assertThat(masks.masked("me:a b+c/d>e?")).isEqualTo("***");
  }

  @Test
  void onlyLongValuesOfAnAddressAreMasked() {
    masks.addSignature(
        URI.create("https://store/blob?X-Amz-SignedHeaders=host&X-Amz-Signature=0123456789abcdef"));

    assertThat(masks.masked("host store does not accept 0123456789abcdef"))
        .isEqualTo("host store does not accept ***");
  }

  @Test
  void aPasswordOutlivesManySignaturesAndTheOldestTokensGoFirst() {
    masks.add("the-password");
    for (int i = 0; i < 5000; i++) {
      masks.addSignature(URI.create("https://store/blob?signature=0123456789abcdef" + i));
    }
    assertThat(masks.masked("the-password")).isEqualTo("***");

    for (int i = 0; i < 5000; i++) {
      masks.add("the-password");
      masks.add("token-" + i);
    }
    assertThat(masks.masked("the-password token-4999 token-0")).isEqualTo("*** *** token-0");
  }

  @Test
  void failuresTellTheSameButForSecrets() {
    masks.add("the-token");
    IOException harmless = new IOException("nothing", new IllegalStateException("at all"));
    IOException quoting = new IOException("x", new IllegalStateException("bad the-token"));

    assertThat(masks.masked(harmless)).isSameAs(harmless);
    assertThat(masks.masked(quoting))
        .hasMessage("java.io.IOException: x")
        .satisfies(
            failure -> assertThat(failure.getStackTrace()).isEqualTo(quoting.getStackTrace()))
        .cause()
        .hasMessage("java.lang.IllegalStateException: bad ***");
  }
}
