package dev.imgcompat.core.rules;

import dev.imgcompat.core.rootfs.Scope;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * One thing about an image that rules can be about.
 *
 * @param kind of fact
 * @param scope how much the image depends on it
 * @param traits what else is true of it, as {@code match: {is: […]}} names it
 * @param elfClass 32 or 64; 0 where it has none
 * @param machine as in the report; {@code unknown} where it has none
 * @param family of the C library or of the distribution, or the name of the tool; empty where it
 *     has none
 * @param version empty where it has none
 * @param glibc the version of the glibc that the distribution comes with; empty where it is not
 *     known
 * @param platform of the image, without variant
 * @param name for people: of the distribution, or what a problem is
 * @param seen gives the evidence; asked only of signals that match, since an image may have very
 *     many
 * @param led gives the chain
 */
record Signal(
    Kind kind,
    Scope scope,
    Set<String> traits,
    int elfClass,
    String machine,
    String family,
    String version,
    String glibc,
    String platform,
    String name,
    Supplier<List<Evidence>> seen,
    Supplier<List<String>> led) {
  Signal {
    traits = Set.copyOf(traits);
  }

  /** What was seen, best first. */
  List<Evidence> evidence() {
    return seen.get();
  }

  /** How the image comes to depend on it, in words, one step a line. */
  List<String> chain() {
    return led.get();
  }

  /** A builder for a signal of a kind; what is not set is empty. */
  static Builder of(Kind kind, Scope scope, String platform) {
    return new Builder(kind, scope, platform);
  }

  /** The kinds of facts, as rules name them. */
  enum Kind {
    /** An ELF file. */
    ELF,
    /** A C library, with the programs that load it. */
    LIBC,
    /** The distribution. */
    DISTRIBUTION,
    /** A tool, such as rpm. */
    TOOL,
    /** A program that a build starts through. */
    START,
    /** The image as a whole. */
    IMAGE
  }

  /** Collects what a signal says. */
  static final class Builder {
    private final Kind kind;
    private final Scope scope;
    private final String platform;
    private Set<String> traits = Set.of();
    private int elfClass;
    private String machine = "unknown";
    private String family = "";
    private String version = "";
    private String glibc = "";
    private String name = "";
    private Supplier<List<Evidence>> seen = List::of;
    private Supplier<List<String>> led = List::of;

    private Builder(Kind kind, Scope scope, String platform) {
      this.kind = kind;
      this.scope = scope;
      this.platform = platform;
    }

    Builder traits(Set<String> value) {
      traits = value;
      return this;
    }

    Builder elf(int bits, String value) {
      elfClass = bits;
      machine = value;
      return this;
    }

    Builder machine(String value) {
      machine = value;
      return this;
    }

    Builder family(String value) {
      family = value;
      return this;
    }

    Builder version(String value) {
      version = value;
      return this;
    }

    Builder glibc(String value) {
      glibc = value;
      return this;
    }

    Builder name(String value) {
      name = value;
      return this;
    }

    Builder evidence(List<Evidence> value) {
      return evidence(() -> value);
    }

    Builder evidence(Supplier<List<Evidence>> value) {
      seen = value;
      return this;
    }

    Builder chain(List<String> value) {
      return chain(() -> value);
    }

    Builder chain(Supplier<List<String>> value) {
      led = value;
      return this;
    }

    Signal build() {
      return new Signal(
          kind, scope, traits, elfClass, machine, family, version, glibc, platform, name, seen,
          led);
    }
  }
}
