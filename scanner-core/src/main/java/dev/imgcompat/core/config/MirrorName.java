package dev.imgcompat.core.config;

import dev.imgcompat.core.registry.RegistrySettings.Mirror;
import java.util.regex.Pattern;

/** Mirrors as they are written: {@code HOST[:PORT][/PREFIX]}. */
final class MirrorName {
  private static final String FORM = "HOST[:PORT][/PREFIX], such as mirror.corp:5000";
  private static final int MAX_PREFIX = 255;
  private static final Pattern PREFIX =
      Pattern.compile(
          "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*");

  private MirrorName() {}

  static Mirror parse(String text) throws BadValueException {
    if (text.contains("://")) {
      throw new BadValueException("a mirror is named without a scheme: write " + FORM);
    }
    int slash = text.indexOf('/');
    String host = slash < 0 ? text : text.substring(0, slash);
    String prefix = slash < 0 ? "" : text.substring(slash + 1);
    if (!RegistryText.isName(host)) {
      throw new BadValueException("not the name of a mirror: write " + FORM);
    }
    if (slash >= 0 && (prefix.length() > MAX_PREFIX || !PREFIX.matcher(prefix).matches())) {
      throw new BadValueException(
          "what follows the host of a mirror is no prefix of repositories: write it as they are"
              + " written, without / at its end, such as harbor.corp/dockerhub");
    }
    return new Mirror(RegistryText.parse(host), prefix);
  }
}
