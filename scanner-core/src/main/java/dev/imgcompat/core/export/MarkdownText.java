package dev.imgcompat.core.export;

import dev.imgcompat.core.image.Printable;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Text of strangers in GitHub's Markdown, so that nothing of it is rendered. Backslashes and
 * entities do not do for that: GitHub looks for {@code @names}, addresses, commits and issues in
 * what is rendered already. It leaves code alone, so whatever is no plain word becomes a code span.
 */
final class MarkdownText {
  /** A word with what stands around it in a sentence. */
  private static final Pattern TOKEN = Pattern.compile("(\\(?)(.*?)([,;:)]*\\.?)");

  /** Plain words, numbers and versions, in which GitHub looks for nothing. */
  private static final Pattern PLAIN =
      Pattern.compile("[A-Za-z]+[0-9]{0,4}(-[a-z]+)*|[0-9]+([.–-][0-9a-z]+)*");

  /** What GitHub would look for among the commits. */
  private static final Pattern COMMIT = Pattern.compile("[0-9a-fA-F]{7,40}");

  private static final Pattern LIST = Pattern.compile("[0-9]+[.)]+");

  private static final Pattern BACKTICKS = Pattern.compile("`+");

  private MarkdownText() {}

  /** A code span, which may stand in a table. */
  static String code(String text) {
    String safe = Printable.of(text).replace("|", "\\u007c").strip();
    if (safe.isEmpty()) {
      return "";
    }
    int longest =
        BACKTICKS.matcher(safe).results().mapToInt(r -> r.group().length()).max().orElse(0);
    String fence = "`".repeat(longest + 1);
    boolean touches = safe.startsWith("`") || safe.endsWith("`");
    return touches ? fence + " " + safe + " " + fence : fence + safe + fence;
  }

  /** A sentence, in which everything but plain words is code. */
  static String prose(String text) {
    List<String> parts = new ArrayList<>();
    for (String word : Printable.of(text).strip().split(" +", -1)) {
      Matcher token = TOKEN.matcher(word);
      // A number with a full stop begins a list.
      if (!token.matches()
          || token.group(2).isEmpty()
          || (parts.isEmpty() && LIST.matcher(word).matches())) {
        parts.add(code(word));
      } else {
        String inner = token.group(2);
        boolean plain = PLAIN.matcher(inner).matches() && !COMMIT.matcher(inner).matches();
        parts.add(token.group(1) + (plain ? inner : code(inner)) + token.group(3));
      }
    }
    return String.join(" ", parts);
  }

  /** Code for where HTML stands, such as in a summary of details. */
  static String html(String text) {
    return "<code>"
        + Printable.of(text)
            .replace("&", "&amp;")
            .replace("<", "&lt;")
            .replace(">", "&gt;")
            .replace("\"", "&quot;")
        + "</code>";
  }
}
