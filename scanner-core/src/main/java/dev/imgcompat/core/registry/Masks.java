package dev.imgcompat.core.registry;

import com.google.cloud.tools.jib.http.Authorization;
import dev.imgcompat.core.access.Credentials;
import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The secrets that a registry was shown, or gave us: it may say them back in what it answers. Safe
 * for use by several threads.
 */
final class Masks {
  /** What is shorter is no secret, and would mask half of any text. */
  private static final int LEAST_LENGTH = 4;

  /** Tokens of long runs are forgotten in the end; they have expired by then. */
  private static final int MOST = 1000;

  private final Set<String> secrets = ConcurrentHashMap.newKeySet();

  void add(String secret) {
    if (secret.length() >= LEAST_LENGTH) {
      if (secrets.size() >= MOST) {
        secrets.clear();
      }
      secrets.add(secret);
    }
  }

  void add(Credentials credentials) {
    if (credentials instanceof Credentials.Password password) {
      add(password.password());
      add(Authorization.fromBasicCredentials(password.username(), password.password()).getToken());
    } else if (credentials instanceof Credentials.IdentityToken token) {
      add(token.token());
    } else if (credentials instanceof Credentials.RegistryToken token) {
      add(token.token());
    }
  }

  /** Returns the text with each secret replaced. */
  String masked(String text) {
    String masked = text;
    for (String secret :
        secrets.stream().sorted(Comparator.comparingInt(String::length).reversed()).toList()) {
      masked = masked.replace(secret, "***");
    }
    return masked;
  }
}
