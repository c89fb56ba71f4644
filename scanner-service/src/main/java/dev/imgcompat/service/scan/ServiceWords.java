package dev.imgcompat.service.scan;

import dev.imgcompat.core.verdict.Report.ScanError;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Says of failures what can be done about them in the service, where there are no options to give.
 */
public final class ServiceWords {
  private static final Map<Pattern, String> WORDS = new LinkedHashMap<>();

  static {
    word("\\. Choose with --platform", "");
    word(
        "give one with --client-cert and --client-key",
        "name one in the file of registries.config");
    word(
        "log in(?: again)? with 'docker login [^']*'(?:, or give --username and --password-stdin)?",
        "credentials for it are those of the file registries.authfile");
    word("allow it with --insecure (\\S+)", "the file of registries.config can allow it for $1");
    word("unless --insecure (\\S+)", "unless the file of registries.config says insecure for $1");
    word(
        "name its certificate with --ca-cert(?: \\S+)?",
        "name its certificate in the file of registries.config");
    word("--allow-foreign-layers fetches it from there", "that is not done here");
  }

  private ServiceWords() {}

  private static void word(String pattern, String instead) {
    WORDS.put(Pattern.compile(pattern), instead);
  }

  /** The same failure, in the words of the service. */
  public static ScanError of(ScanError error) {
    return new ScanError(error.kind(), of(error.message()), error.whoseMove(), error.retryable());
  }

  /** The same message, in the words of the service. */
  public static String of(String message) {
    String said = message;
    for (Map.Entry<Pattern, String> word : WORDS.entrySet()) {
      said = word.getKey().matcher(said).replaceAll(word.getValue());
    }
    return said;
  }
}
