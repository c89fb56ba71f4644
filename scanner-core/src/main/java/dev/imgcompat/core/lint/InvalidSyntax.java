package dev.imgcompat.core.lint;

/** What to write in place of syntax that ECMAScript refuses, and other languages have. */
final class InvalidSyntax {
  private InvalidSyntax() {}

  static String advice(String text) {
    if (text.startsWith("*")) {
      return "this is no pattern of a shell: write '.*' for anything, or leave the '*' out";
    }
    if (text.contains("(?i)")) {
      return "leave '(?i)' out, since the router ignores case anyway";
    }
    if (text.contains("++") || text.contains("*+") || text.contains("?+")) {
      return "write '\\+' for a plus sign; ECMAScript has no possessive quantifiers";
    }
    if (text.contains("(?")) {
      return "write it without what Perl's, Python's and Java's patterns have beyond ECMAScript's";
    }
    return "write a backslash before characters that are meant literally";
  }
}
