package dev.imgcompat.service.access;

import java.util.Optional;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.server.resource.InvalidBearerTokenException;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthenticationToken;

/** Tells who shows a bearer token (RFC 6750). */
final class BearerTokens implements AuthenticationManager {
  private final Optional<TokenFile> file;

  BearerTokens(Optional<TokenFile> file) {
    this.file = file;
  }

  @Override
  public Authentication authenticate(Authentication shown) {
    if (shown instanceof BearerTokenAuthenticationToken bearer) {
      return file.map(TokenFile::tokens)
          .orElse(Tokens.NONE)
          .find(bearer.getToken())
          .map(entry -> new Caller(entry.name(), entry.role()))
          .orElseThrow(() -> new InvalidBearerTokenException("no such token"));
    }
    throw new InvalidBearerTokenException("no bearer token");
  }
}
