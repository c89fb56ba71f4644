package dev.imgcompat.core.rules;

import dev.imgcompat.core.rootfs.Scope;
import java.util.List;

/**
 * One thing about an image that rules can be about.
 *
 * @param kind of fact
 * @param scope how much the image depends on it
 * @param elfClass 32 or 64; 0 where it has none
 * @param machine as in the report; {@code unknown} where it has none
 * @param family of the C library or of the distribution; empty where it has none
 * @param version empty where it has none
 * @param platform of the image, without variant
 * @param name of the distribution, for people
 * @param evidence what was seen, best first
 */
record Signal(
    Kind kind,
    Scope scope,
    int elfClass,
    String machine,
    String family,
    String version,
    String platform,
    String name,
    List<Evidence> evidence) {

  /** The kinds of facts, as rules name them. */
  enum Kind {
    ELF,
    LIBC,
    DISTRIBUTION,
    RPM
  }
}
