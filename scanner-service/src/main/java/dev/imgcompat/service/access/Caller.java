package dev.imgcompat.service.access;

import java.util.List;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.core.authority.SimpleGrantedAuthority;

/** Whoever showed a token that is known. The token itself is not kept. */
final class Caller extends AbstractAuthenticationToken {
  private static final long serialVersionUID = 1L;

  private final String name;
  private final Role role;

  Caller(String name, Role role) {
    super(List.of(new SimpleGrantedAuthority("ROLE_" + role.name())));
    this.name = name;
    this.role = role;
    super.setAuthenticated(true);
  }

  Role role() {
    return role;
  }

  @Override
  public String getPrincipal() {
    return name;
  }

  @Override
  public Object getCredentials() {
    return "";
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Caller caller
        && name.equals(caller.name)
        && role == caller.role
        && super.equals(other);
  }

  @Override
  public int hashCode() {
    return 31 * super.hashCode() + name.hashCode();
  }
}
