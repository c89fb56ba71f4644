package dev.imgcompat.core.rules;

import dev.imgcompat.core.rootfs.Scope;

/** Which scopes decide a verdict; the others only inform. */
public enum Policy {
  /** Only what a build starts through. */
  START(Scope.START),
  /** That, and every executable on the PATH. */
  PATH(Scope.PATH),
  /** Every executable file: the default, since a build may call any of them. */
  ANY(Scope.ANY);

  private final Scope last;

  Policy(Scope last) {
    this.last = last;
  }

  /** Whether a finding of this scope decides. */
  public boolean decides(Scope scope) {
    return scope.compareTo(last) <= 0;
  }
}
