package dev.imgcompat.service.web;

import java.util.Enumeration;

/** Compares entity tags, as RFC 9110 (8.8.3, 13.1.2) has them. */
final class EntityTags {
  private EntityTags() {}

  /** Whether the values of If-None-Match have a tag, or {@code *}; compared weakly. */
  static boolean match(Enumeration<String> values, String etag) {
    while (values.hasMoreElements()) {
      if (matches(values.nextElement(), etag)) {
        return true;
      }
    }
    return false;
  }

  /** Tags may hold commas, so a list of them is not split but walked. */
  private static boolean matches(String value, String etag) {
    String list = value.strip();
    if (list.equals("*") || list.equals(etag)) {
      return true;
    }
    int at = 0;
    while (at < list.length()) {
      char c = list.charAt(at);
      if (c == ',' || c == ' ' || c == '\t') {
        at++;
        continue;
      }
      int open = list.startsWith("W/", at) ? at + 2 : at;
      int close =
          open < list.length() && list.charAt(open) == '"' ? list.indexOf('"', open + 1) : -1;
      if (close < 0) {
        return false; // not a list of tags from here on
      }
      if (etag.regionMatches(0, list, open, close + 1 - open)
          && etag.length() == close + 1 - open) {
        return true;
      }
      at = close + 1;
    }
    return false;
  }
}
