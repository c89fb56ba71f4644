package dev.imgcompat.core.access;

import dev.imgcompat.core.image.ScanException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * One entry of {@code auths}: {@code AuthConfig} of docker/cli, with {@code decodeAuth} in {@code
 * cli/config/configfile/file.go}. Tokens go before passwords: those who log in with a token leave a
 * user without a password beside it.
 */
final class AuthEntry {
  private static final int MAX_SHOWN = 200;

  private AuthEntry() {}

  /**
   * Reads an entry; nothing is in one that only marks a registry as known to a credential store.
   *
   * @param key of the entry
   * @param file that has it, for messages
   */
  static Optional<Credentials> read(JsonNode entry, String key, String file)
      throws ScanException.Unreadable {
    String shown = key.length() > MAX_SHOWN ? key.substring(0, MAX_SHOWN) + "…" : key;
    String what = "the entry '" + shown + "' of " + file;
    if (entry.isNull()) {
      return Optional.empty();
    }
    if (!entry.isObject()) {
      throw PrivateJson.malformed(what + " is not a JSON object");
    }
    Optional<String> registryToken = PrivateJson.text(entry, "registrytoken", what);
    if (registryToken.isPresent()) {
      return registryToken.map(token -> new Credentials.RegistryToken(file, token));
    }
    Optional<String> identityToken = PrivateJson.text(entry, "identitytoken", what);
    if (identityToken.isPresent()) {
      return identityToken.map(token -> new Credentials.IdentityToken(file, token));
    }
    Optional<String> auth = PrivateJson.text(entry, "auth", what);
    if (auth.isPresent()) {
      return Optional.of(decode(auth.get(), what, file));
    }
    Optional<String> username = PrivateJson.text(entry, "username", what);
    Optional<String> password = PrivateJson.text(entry, "password", what);
    return username.flatMap(u -> password.map(p -> new Credentials.Password(file, u, p)));
  }

  private static Credentials decode(String auth, String what, String file)
      throws ScanException.Unreadable {
    String text;
    try {
      // Go's decoder does not mind line breaks.
      byte[] bytes = Base64.getDecoder().decode(auth.replace("\n", "").replace("\r", ""));
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (IllegalArgumentException e) {
      throw undecodable(what, "is not base64");
    } catch (CharacterCodingException e) {
      throw undecodable(what, "is not the base64 of UTF-8");
    }
    int colon = text.indexOf(':');
    if (colon <= 0) {
      throw undecodable(what, "is not the base64 of USER:PASSWORD");
    }
    return new Credentials.Password(
        file, text.substring(0, colon), withoutNul(text.substring(colon + 1)));
  }

  private static ScanException.Unreadable undecodable(String what, String why) {
    return new ScanException.Unreadable("auth in " + what + " " + why + ": log in anew", null);
  }

  /** The text without NUL at either end, as docker takes it. */
  private static String withoutNul(String text) {
    int start = 0;
    int end = text.length();
    while (start < end && text.charAt(start) == 0) {
      start++;
    }
    while (end > start && text.charAt(end - 1) == 0) {
      end--;
    }
    return text.substring(start, end);
  }
}
