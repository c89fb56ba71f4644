package dev.imgcompat.core.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imgcompat.core.access.Credentials;
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
}
