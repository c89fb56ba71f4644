package dev.imgcompat.core;

/** The version of this program. */
public final class Version {
  private Version() {}

  /** As the jar's manifest says; {@code development} where there is no jar. */
  public static String current() {
    String version = Version.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }

  /** How this program introduces itself over HTTP. */
  public static String userAgent() {
    return "imgcompat/" + current();
  }
}
