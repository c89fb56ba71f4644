package dev.imgcompat.core.image;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What people write into references though it does not belong there. */
public final class Secrets {
  /** In the name of an image, an @ begins a digest and nothing else; the last one counts. */
  private static final Pattern CREDENTIALS =
      Pattern.compile("^(?!(?:oci|rootfs|[a-z-]+-archive|dir):).*@(?!sha\\d+:)", Pattern.DOTALL);

  private Secrets() {}

  /** Returns the text with credentials of the form {@code user:password@} masked. */
  public static String masked(String reference) {
    Matcher matcher = CREDENTIALS.matcher(reference);
    return matcher.find() ? "***@" + reference.substring(matcher.end()) : reference;
  }
}
