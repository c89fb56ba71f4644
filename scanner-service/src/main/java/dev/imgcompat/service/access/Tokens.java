package dev.imgcompat.service.access;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The tokens that are known. Immutable. */
final class Tokens {
  /** Nobody has one. */
  static final Tokens NONE = new Tokens(List.of());

  /** What is longer is no token of ours, and is not hashed. */
  private static final int MAX_TOKEN = 256;

  private final List<TokenEntry> entries;

  private Tokens(List<TokenEntry> entries) {
    this.entries = List.copyOf(entries);
  }

  /**
   * Reads the lines of a file; empty ones and those that begin with # are skipped.
   *
   * @throws IllegalArgumentException with the number of the line and what is wrong with it
   */
  static Tokens parse(String text) {
    List<TokenEntry> entries = new ArrayList<>();
    Set<String> names = new HashSet<>();
    List<String> lines = text.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      try {
        TokenEntry entry = TokenEntry.parse(line);
        if (!names.add(entry.name())) {
          throw new IllegalArgumentException("the name " + entry.name() + " is there already");
        }
        entries.add(entry);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("line " + (i + 1) + ": " + e.getMessage(), e);
      }
    }
    return new Tokens(entries);
  }

  /** Finds whose token it is. All entries are compared, whichever it is: the time tells nothing. */
  Optional<TokenEntry> find(String token) {
    if (token.length() > MAX_TOKEN) {
      return Optional.empty();
    }
    Optional<TokenEntry> found = Optional.empty();
    for (TokenEntry entry : entries) {
      if (entry.isOf(token)) {
        found = Optional.of(entry);
      }
    }
    return found;
  }

  int size() {
    return entries.size();
  }
}
