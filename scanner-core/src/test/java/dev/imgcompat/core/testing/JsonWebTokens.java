package dev.imgcompat.core.testing;

import dev.imgcompat.core.testing.IssuedTokens.Access;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes JSON Web Tokens that the distribution project's registry takes (registry/auth/token of its
 * version 2.8): signed with RS256, with the certificate of the key in the header {@code x5c}.
 *
 * <p>That registry is lenient and takes a token for 60 seconds more than it should, so they end
 * that much earlier on paper.
 */
record JsonWebTokens(TestPki.Identity signer, String issuer, String service) {
  private static final Duration LENIENCE = Duration.ofSeconds(60);
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  String sign(String user, Set<Access> access, Instant now, Duration lifetime) {
    try {
      ObjectNode header = MAPPER.createObjectNode();
      header.put("typ", "JWT").put("alg", "RS256");
      header
          .putArray("x5c")
          .add(Base64.getEncoder().encodeToString(signer.certificate().getEncoded()));
      long start = now.minus(LENIENCE).getEpochSecond();
      ObjectNode claims = MAPPER.createObjectNode();
      claims.put("iss", issuer).put("sub", user).put("aud", service).put("jti", random());
      claims.put("iat", start).put("nbf", start).put("exp", start + lifetime.toSeconds());
      claims.set("access", list(access));
      String signed = encode(header.toString()) + "." + encode(claims.toString());
      Signature signature = Signature.getInstance("SHA256withRSA");
      signature.initSign(signer.key());
      signature.update(signed.getBytes(StandardCharsets.US_ASCII));
      return signed + "." + encode(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String random() {
    return IssuedTokens.random();
  }

  private static ArrayNode list(Set<Access> access) {
    ArrayNode list = MAPPER.createArrayNode();
    access.stream()
        .collect(
            Collectors.groupingBy(
                Access::repository, Collectors.mapping(Access::action, Collectors.toSet())))
        .forEach(
            (repository, actions) -> {
              ObjectNode entry = list.addObject();
              boolean isCatalog = repository.equals(IssuedTokens.Access.CATALOG.repository());
              entry.put("type", isCatalog ? "registry" : "repository");
              entry.put("name", isCatalog ? "catalog" : repository);
              ArrayNode names = entry.putArray("actions");
              actions.forEach(names::add);
            });
    return list;
  }

  private static String encode(String text) {
    return encode(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String encode(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
