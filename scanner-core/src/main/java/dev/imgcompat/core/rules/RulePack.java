package dev.imgcompat.core.rules;

import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.rootfs.ImageFacts;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The rules, the runtime profiles and the distribution table, loaded and valid. Immutable and safe
 * for use by several threads.
 */
public final class RulePack {
  private static final List<String> BUILT_IN =
      List.of("rules.yaml", "runtimes.yaml", "distributions.yaml");

  private final Map<String, Rule> rules;
  private final Map<String, RuntimeProfile> runtimes;
  private final DistributionTable distributions;
  private final Digest digest;

  RulePack(
      Map<String, Rule> rules,
      Map<String, RuntimeProfile> runtimes,
      DistributionTable distributions,
      Digest digest) {
    this.rules = rules;
    this.runtimes = runtimes;
    this.distributions = distributions;
    this.digest = digest;
  }

  /** Loads the built-in pack. */
  public static RulePack builtIn() {
    try {
      return load(Optional.empty());
    } catch (RulePackException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Loads the built-in pack and what a directory adds to it: every {@code *.yaml} in it, in the
   * order of their names. A rule or runtime of the same id replaces the earlier one; rows of the
   * distribution table come before the earlier ones.
   *
   * @throws RulePackException naming file, line and reason
   */
  public static RulePack load(Optional<Path> directory) throws RulePackException {
    RulePackBuilder builder = new RulePackBuilder();
    MessageDigest sha256 = sha256();
    for (String name : BUILT_IN) {
      String text = resource("/imgcompat/rules/" + name);
      sha256.update(text.getBytes(StandardCharsets.UTF_8));
      builder.add(RuleFile.parse(name, text));
    }
    for (Path file : directory.isPresent() ? files(directory.get()) : List.<Path>of()) {
      String text = RuleFile.text(file);
      sha256.update(text.getBytes(StandardCharsets.UTF_8));
      builder.add(RuleFile.parse(file.toString(), text));
    }
    return builder.build(Digest.ofSha256(sha256.digest()));
  }

  /** Identifies this pack in reports. */
  public Digest digest() {
    return digest;
  }

  /** The runtimes that can be judged for, in the order of the pack. */
  public Collection<RuntimeProfile> runtimes() {
    return runtimes.values();
  }

  /**
   * Returns the target that {@code runtime[:version]} names.
   *
   * @throws IllegalArgumentException if there is no such runtime, or no such version of it
   */
  public Target target(String name) {
    return Target.named(name, runtimes);
  }

  /** Returns the distribution that an image says it is; {@code layers} gives digests by index. */
  public Optional<Distribution> distribution(
      ImageFacts facts, IntFunction<Optional<Digest>> layers) {
    return distributions.identify(facts, layers);
  }

  /** What the rules are about, in the order of the pack. */
  public List<RuleDescription> descriptions() {
    return rules.values().stream().map(RuleDescription::of).toList();
  }

  Collection<Rule> rules() {
    return rules.values();
  }

  private static List<Path> files(Path directory) throws RulePackException {
    if (!Files.isDirectory(directory)) {
      throw new RulePackException(directory + ": not a directory of rule files");
    }
    try (Stream<Path> entries = Files.list(directory)) {
      List<Path> files =
          entries
              .filter(f -> f.toString().endsWith(".yaml") || f.toString().endsWith(".yml"))
              .sorted()
              .collect(Collectors.toList());
      if (files.isEmpty()) {
        throw new RulePackException(directory + ": holds no rule file (*.yaml)");
      }
      return files;
    } catch (IOException e) {
      throw new RulePackException(directory + ": could not be read: " + e.getMessage());
    }
  }

  private static String resource(String name) {
    try (InputStream in = RulePack.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("missing resource " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
