package dev.imgcompat.service.access;

import jakarta.servlet.http.HttpServletRequest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.server.resource.InvalidBearerTokenException;
import org.springframework.security.oauth2.server.resource.web.BearerTokenResolver;

/**
 * Finds the token in the header Authorization (RFC 6750, 2.1), and nowhere else: what looks for it
 * in parameters, too, fails where any of them is wrongly encoded.
 */
final class BearerHeader implements BearerTokenResolver {
  private static final String SCHEME = "Bearer";
  private static final Pattern VALUE =
      Pattern.compile(SCHEME + " +([A-Za-z0-9._~+/-]+=*) *", Pattern.CASE_INSENSITIVE);

  @Override
  public @Nullable String resolve(HttpServletRequest request) {
    String value = request.getHeader("Authorization");
    if (value == null || !value.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return null;
    }
    Matcher token = VALUE.matcher(value);
    if (!token.matches()) {
      throw new InvalidBearerTokenException("malformed");
    }
    return token.group(1);
  }
}
