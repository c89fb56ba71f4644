package dev.imgcompat.core.access;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Builds an auth file. */
final class AuthJson {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private final ObjectNode root = MAPPER.createObjectNode();

  /** An entry with a user and a password, as base64. */
  AuthJson login(String key, String username, String password) {
    return auth(key, base64(username + ":" + password));
  }

  /** An entry with any text where base64 belongs. */
  AuthJson auth(String key, String auth) {
    return member(key, "auth", auth);
  }

  /** An entry, or more of one. */
  AuthJson member(String key, String member, String value) {
    root.withObjectProperty("auths").withObjectProperty(key).put(member, value);
    return this;
  }

  /** An entry without anything. */
  AuthJson marker(String key) {
    root.withObjectProperty("auths").withObjectProperty(key);
    return this;
  }

  AuthJson program(String registry, String suffix) {
    root.withObjectProperty("credHelpers").put(registry, suffix);
    return this;
  }

  AuthJson store(String suffix) {
    root.put("credsStore", suffix);
    return this;
  }

  Path write(Path file) throws IOException {
    Files.createDirectories(file.getParent());
    return Files.writeString(file, toString());
  }

  @Override
  public String toString() {
    return root.toString();
  }

  static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
