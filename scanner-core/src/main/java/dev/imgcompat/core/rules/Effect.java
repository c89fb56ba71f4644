package dev.imgcompat.core.rules;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a finding does to the verdict. */
public enum Effect {
  /** The verdict follows from it. */
  @JsonProperty("decides")
  DECIDES,
  /** The verdict follows from it only where nothing stronger is known. */
  @JsonProperty("supports")
  SUPPORTS,
  /** It never decides: something is slow or degraded, and has a remedy worth to know. */
  @JsonProperty("advice")
  ADVICE,
  /** It is worth to know. */
  @JsonProperty("informs")
  INFORMS
}
