package dev.imgcompat.service.access;

import dev.imgcompat.service.web.Problem;
import dev.imgcompat.service.web.ProblemKind;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.SortedSet;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.access.AccessDeniedHandler;
import org.springframework.security.web.firewall.RequestRejectedException;
import org.springframework.security.web.firewall.RequestRejectedHandler;

/** Says why a request is not let through. */
final class Denials
    implements AuthenticationEntryPoint, AccessDeniedHandler, RequestRejectedHandler {
  private static final String CHALLENGE = "WWW-Authenticate";
  private static final String REALM = "Bearer realm=\"imgcompat\"";

  /** No token, or one that is not known. */
  @Override
  public void commence(
      HttpServletRequest request, HttpServletResponse response, AuthenticationException failure)
      throws IOException {
    if (failure instanceof OAuth2AuthenticationException) {
      write(
          Problem.of(ProblemKind.UNAUTHORIZED, "the token that was shown is not known here")
              .with(CHALLENGE, REALM + ", error=\"invalid_token\""),
          request,
          response);
      return;
    }
    Problem missing =
        Problem.of(
                ProblemKind.UNAUTHORIZED,
                "this needs a token: send the header 'Authorization: Bearer TOKEN'")
            .with(CHALLENGE, REALM);
    write(reachable(request, missing), request, response);
  }

  /** A token of which the role does not allow it. */
  @Override
  public void handle(
      HttpServletRequest request, HttpServletResponse response, AccessDeniedException failure)
      throws IOException {
    Problem forbidden =
        Problem.of(ProblemKind.FORBIDDEN, "this needs the token of an operator")
            .with(CHALLENGE, REALM + ", error=\"insufficient_scope\"");
    write(reachable(request, forbidden), request, response);
  }

  /** A request that is written as no client does that means well. */
  @Override
  public void handle(
      HttpServletRequest request, HttpServletResponse response, RequestRejectedException failure)
      throws IOException {
    Problem.of(ProblemKind.MALFORMED, "the path or a header of the request is malformed")
        .writeTo(response);
  }

  /** What there is not can be denied to nobody. */
  private static Problem reachable(HttpServletRequest request, Problem denial) {
    if (EndpointRules.of(request).isPresent()) {
      return denial;
    }
    SortedSet<String> methods = EndpointRules.methods(request);
    if (methods.isEmpty()) {
      return Problem.of(ProblemKind.NOT_FOUND, "there is no such path; /docs lists all of them");
    }
    String allowed = String.join(", ", methods);
    return Problem.of(ProblemKind.METHOD_NOT_ALLOWED, "this path takes " + allowed)
        .with("Allow", allowed);
  }

  private static void write(
      Problem problem, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    problem.at(request.getRequestURI()).writeTo(response);
  }
}
