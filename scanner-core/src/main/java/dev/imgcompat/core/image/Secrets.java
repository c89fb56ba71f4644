package dev.imgcompat.core.image;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What people write into references though it does not belong there. */
public final class Secrets {
  /** {@code user:password@host}: before the first slash, and not the @ of a digest. */
  private static final Pattern CREDENTIALS =
      Pattern.compile("^([a-z-]+:(?://)?)?([^/@\\s]+:[^/@]*|[^/@\\s]*)@(?!sha\\d+:)");

  private Secrets() {}

  /** Returns the text with credentials of the form {@code user:password@} masked. */
  public static String masked(String reference) {
    Matcher matcher = CREDENTIALS.matcher(reference);
    if (!matcher.find()) {
      return reference;
    }
    String transport = matcher.group(1) == null ? "" : matcher.group(1);
    // Without a scheme, "user:" looks like one.
    boolean scheme = transport.endsWith("//");
    return (scheme ? transport : "") + "***@" + reference.substring(matcher.end());
  }
}
