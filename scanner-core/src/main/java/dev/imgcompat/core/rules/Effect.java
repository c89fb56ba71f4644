package dev.imgcompat.core.rules;

/** What a finding does to the verdict. */
public enum Effect {
  /** The verdict follows from it. */
  DECIDES,
  /** The verdict follows from it only where nothing stronger is known. */
  SUPPORTS,
  /** It never decides: something is slow or degraded, and has a remedy worth to know. */
  ADVICE,
  /** It is worth to know. */
  INFORMS
}
