package dev.imgcompat.core.rules;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;

/** Finds targets in files of their own, such as that of an admin's guest kernel. */
public final class RuntimeFiles {
  private RuntimeFiles() {}

  /**
   * Returns the target that {@code file[#runtime[:version]]} names. Which runtime need not be said
   * where the file holds one only; its id may be that of a built-in one.
   *
   * @param name a path, and perhaps which runtime of the file
   * @throws RulePackException naming file, line and reason
   */
  public static Target target(String name) throws RulePackException {
    int hash = name.lastIndexOf('#');
    Path file = path(hash < 0 ? name : name.substring(0, hash));
    RuleFile parsed = RuleFile.parse(file.toString(), RuleFile.text(file));
    if (parsed.kind() != RuleFile.Kind.RUNTIMES) {
      throw new RulePackException(file + ":1: holds no runtimes");
    }
    RulePackBuilder builder = new RulePackBuilder();
    builder.add(parsed);
    return target(file, hash < 0 ? "" : name.substring(hash + 1), builder.runtimes());
  }

  private static Target target(Path file, String wanted, Map<String, RuntimeProfile> runtimes)
      throws RulePackException {
    if (runtimes.isEmpty()) {
      throw new RulePackException(file + ":1: holds no runtimes");
    }
    if (wanted.isEmpty() && runtimes.size() > 1) {
      throw new RulePackException(
          file
              + ": holds several runtimes: choose one of them, such as "
              + file
              + "#"
              + runtimes.keySet().iterator().next()
              + "; there are "
              + String.join(", ", runtimes.keySet()));
    }
    try {
      return Target.named(
          wanted.isEmpty() ? runtimes.keySet().iterator().next() : wanted, runtimes);
    } catch (IllegalArgumentException e) {
      throw new RulePackException(file + ": " + e.getMessage());
    }
  }

  private static Path path(String name) throws RulePackException {
    try {
      if (name.isEmpty()) {
        throw new RulePackException("a file of runtimes has no name: write file:FILE");
      }
      return Path.of(name);
    } catch (InvalidPathException e) {
      throw new RulePackException(name + ": not the name of a file");
    }
  }
}
