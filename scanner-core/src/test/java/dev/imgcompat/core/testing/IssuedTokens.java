package dev.imgcompat.core.testing;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The tokens of a {@link TokenServer}, and what they open. Safe for use by several threads. */
final class IssuedTokens {
  private static final SecureRandom RANDOM = new SecureRandom();

  /** What may be done with a repository. */
  record Access(String repository, String action) {
    /** All that can be done with the catalog, which is no repository. */
    static final Access CATALOG = new Access("", "*");

    /** Parses scopes with spaces between them, such as {@code repository:team/it:pull,push}. */
    static Set<Access> parse(String scopes) {
      return Arrays.stream(scopes.split(" ", -1))
          .flatMap(Access::parseOne)
          .collect(Collectors.toSet());
    }

    private static Stream<Access> parseOne(String scope) {
      if (scope.equals("registry:catalog:*")) {
        return Stream.of(CATALOG);
      }
      return Stream.of(scope)
          .filter(s -> s.startsWith("repository:") && s.lastIndexOf(':') > "repository".length())
          .flatMap(
              s ->
                  Arrays.stream(s.substring(s.lastIndexOf(':') + 1).split(",", -1))
                      .map(
                          action ->
                              new Access(
                                  s.substring("repository:".length(), s.lastIndexOf(':')),
                                  action)));
    }
  }

  private record Life(Set<Access> access, long end) {}

  private final Map<String, Life> living = new ConcurrentHashMap<>();
  private final List<String> all = new ArrayList<>();

  static String random() {
    byte[] bytes = new byte[24];
    RANDOM.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  void add(String token, Set<Access> access, Duration lifetime) {
    synchronized (all) {
      all.add(token);
    }
    living.put(token, new Life(access, System.nanoTime() + lifetime.toNanos()));
  }

  /** What a living token opens. */
  Optional<Set<Access>> find(String token) {
    return Optional.ofNullable(living.get(token))
        .filter(life -> System.nanoTime() - life.end() < 0)
        .map(Life::access);
  }

  List<String> all() {
    synchronized (all) {
      return List.copyOf(all);
    }
  }

  void revokeAll() {
    living.clear();
  }
}
