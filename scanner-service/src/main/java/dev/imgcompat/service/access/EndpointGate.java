package dev.imgcompat.service.access;

import dev.imgcompat.service.settings.Settings.Reading;
import java.util.function.Supplier;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.authorization.AuthorizationManager;
import org.springframework.security.authorization.AuthorizationResult;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.access.intercept.RequestAuthorizationContext;

/** Lets through what {@link EndpointRules} allow, and nothing else. */
final class EndpointGate implements AuthorizationManager<RequestAuthorizationContext> {
  private static final AuthorizationDecision OPEN = new AuthorizationDecision(true);
  private static final AuthorizationDecision SHUT = new AuthorizationDecision(false);

  private final Reading reading;

  EndpointGate(Reading reading) {
    this.reading = reading;
  }

  @Override
  public AuthorizationResult authorize(
      Supplier<? extends Authentication> caller, RequestAuthorizationContext context) {
    return EndpointRules.of(context.getRequest())
        .map(rule -> isOpen(rule.need(), caller) ? OPEN : SHUT)
        .orElse(SHUT);
  }

  private boolean isOpen(Need need, Supplier<? extends Authentication> caller) {
    return switch (need) {
      case NOTHING -> true;
      case READING -> reading == Reading.OPEN || has(caller.get(), Role.READER);
      case OPERATING -> has(caller.get(), Role.OPERATOR);
    };
  }

  /** Whoever may do more may also do less. */
  private static boolean has(Authentication caller, Role role) {
    return caller instanceof Caller known && known.role().compareTo(role) >= 0;
  }
}
