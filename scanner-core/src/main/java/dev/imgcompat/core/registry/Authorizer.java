package dev.imgcompat.core.registry;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.google.cloud.tools.jib.http.Authorization;
import dev.imgcompat.core.access.CredentialSource;
import dev.imgcompat.core.access.Credentials;
import dev.imgcompat.core.image.ScanException;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What one registry is shown, a scope at a time: nothing until it asks, then a name and a password
 * or a token, which is renewed before it expires and whenever it is not taken any more. Only what
 * takes no tokens is shown at once what there is. Safe for use by several threads; one of them gets
 * a token, the others wait for it.
 */
final class Authorizer {
  private static final int MOST_SCOPES = 1000;
  private static final Duration BEFORE_NEXT_RENEWAL = Duration.ofSeconds(5);

  /** The user whose password is a token of OAuth, in Quay. */
  private static final String TOKEN_USER = "$oauthtoken";

  private final String registry;
  private final boolean insecure;
  private final CredentialSource source;
  private final TokenSource tokens;
  private final Masks masks;
  private final Cache<Scope, Grant> grants = Caffeine.newBuilder().maximumSize(MOST_SCOPES).build();

  Authorizer(
      String registry, boolean insecure, CredentialSource source, TokenSource tokens, Masks masks) {
    this.registry = registry;
    this.insecure = insecure;
    this.source = source;
    this.tokens = tokens;
    this.masks = masks;
  }

  /**
   * Returns what to send without being asked, if it is known.
   *
   * @param endpoint of the registry
   */
  Optional<Authorization> current(Scope scope, URI endpoint)
      throws UnreachableException, ScanException, InterruptedException {
    Grant grant =
        scope.token().isPresent()
            ? grants.getIfPresent(scope)
            : grants.get(scope, unknown -> new Grant());
    return grant == null ? Optional.empty() : grant.current(scope, endpoint);
  }

  /**
   * Answers a challenge.
   *
   * @param challenges what the registry wants to see
   * @param endpoint of the registry
   * @param rejected what it was shown
   * @return what to show now, or empty where there is nothing else
   */
  Optional<Authorization> answer(
      List<Challenge> challenges, URI endpoint, Scope scope, Optional<Authorization> rejected)
      throws IOException, ScanException, InterruptedException {
    return grants.get(scope, unknown -> new Grant()).answer(challenges, endpoint, scope, rejected);
  }

  /** The credentials that were found for a scope, for messages. */
  Credentials shown(Scope scope) {
    Grant grant = grants.getIfPresent(scope);
    Credentials credentials = grant == null ? null : grant.credentials;
    return credentials == null ? new Credentials.None(registry, Optional.empty()) : credentials;
  }

  /** What is shown to who takes no tokens of token servers. */
  private static Optional<Authorization> asItIs(Credentials found) {
    if (found instanceof Credentials.Password password) {
      return Optional.of(
          password.username().equals(TOKEN_USER)
              ? Authorization.fromBearerToken(password.password())
              : Authorization.fromBasicCredentials(password.username(), password.password()));
    }
    return found instanceof Credentials.RegistryToken token
        ? Optional.of(Authorization.fromBearerToken(token.token()))
        : Optional.empty();
  }

  /** What is shown for one scope. */
  private final class Grant {
    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable Credentials credentials;
    private @Nullable Authorization authorization;
    private @Nullable Challenge challenge;
    private long renewAt;

    /** An identity token that was replaced, as it is in the user's file, and by which one. */
    private @Nullable String succeeded;

    private @Nullable String successor;

    Optional<Authorization> current(Scope scope, URI endpoint)
        throws UnreachableException, ScanException, InterruptedException {
      lock.lockInterruptibly();
      try {
        if (scope.token().isEmpty() && credentials == null) {
          authorization = asItIs(find(scope, endpoint)).orElse(null);
        }
        if (challenge != null && credentials != null && System.nanoTime() - renewAt >= 0) {
          renew(challenge, endpoint, scope, credentials);
        }
        return Optional.ofNullable(authorization);
      } finally {
        lock.unlock();
      }
    }

    Optional<Authorization> answer(
        List<Challenge> challenges, URI endpoint, Scope scope, Optional<Authorization> rejected)
        throws IOException, ScanException, InterruptedException {
      lock.lockInterruptibly();
      try {
        if (authorization != null && !Optional.of(authorization).equals(rejected)) {
          return Optional.of(authorization); // another thread was faster
        }
        authorization = null;
        Credentials found = find(scope, endpoint);
        if (scope.token().isEmpty()) {
          authorization = asItIs(found).orElse(null);
        } else if (found instanceof Credentials.RegistryToken token) {
          authorization = Authorization.fromBearerToken(token.token());
        } else {
          Optional<Challenge> token = challenges.stream().filter(Challenge::wantsToken).findFirst();
          if (token.isPresent()) {
            fetch(token.get(), endpoint, scope, found);
          } else if (found instanceof Credentials.Password password
              && challenges.stream().anyMatch(Challenge::wantsPassword)) {
            authorization =
                Authorization.fromBasicCredentials(password.username(), password.password());
          }
        }
        if (challenge == null && Optional.ofNullable(authorization).equals(rejected)) {
          authorization = null; // the same again would be rejected again
        }
        return Optional.ofNullable(authorization);
      } finally {
        lock.unlock();
      }
    }

    /** The old one may be good for some time yet; the registry will say when it is not. */
    private void renew(Challenge asked, URI endpoint, Scope scope, Credentials by)
        throws UnreachableException, ScanException {
      try {
        fetch(asked, endpoint, scope, by);
      } catch (UnreachableException e) {
        throw e;
      } catch (IOException e) {
        renewAt = System.nanoTime() + BEFORE_NEXT_RENEWAL.toNanos();
      }
    }

    /** Credentials travel encrypted, or to a registry that is named insecure. */
    private Credentials find(Scope scope, URI endpoint) throws ScanException, InterruptedException {
      // Looked for anew each time: somebody may have logged in meanwhile.
      Credentials found = source.find(registry, scope.repository());
      if (!(found instanceof Credentials.None)
          && !"https".equals(endpoint.getScheme())
          && !insecure) {
        found =
            new Credentials.None(
                found.origin(),
                Optional.of(
                    "those of "
                        + found.origin()
                        + " are not sent over plain http unless --insecure "
                        + registry
                        + " allows it"));
      }
      masks.add(found);
      if (found instanceof Credentials.IdentityToken && scope.token().isEmpty()) {
        found =
            new Credentials.None(
                found.origin(),
                Optional.of(
                    "that of "
                        + found.origin()
                        + " is an identity token, which only token servers take"));
      }
      if (found instanceof Credentials.IdentityToken identity
          && successor != null
          && identity.token().equals(succeeded)) {
        // The token server gave another one for it.
        found = new Credentials.IdentityToken(identity.origin(), successor);
      }
      credentials = found;
      return found;
    }

    private void fetch(Challenge asked, URI endpoint, Scope scope, Credentials by)
        throws IOException, ScanException {
      masks.add(by); // again, lest many tokens drive it out
      TokenSource.Token token = tokens.fetch(asked, endpoint, scope.token().orElseThrow(), by);
      if (token.successor().isPresent() && by instanceof Credentials.IdentityToken identity) {
        if (!identity.token().equals(successor)) {
          succeeded = identity.token();
        }
        successor = token.successor().get();
        credentials = new Credentials.IdentityToken(identity.origin(), successor);
      }
      authorization = token.authorization();
      challenge = asked;
      // In time: a request takes some, too.
      Duration useful = token.lifetime().multipliedBy(9).dividedBy(10);
      renewAt = System.nanoTime() + useful.toNanos();
    }
  }
}
