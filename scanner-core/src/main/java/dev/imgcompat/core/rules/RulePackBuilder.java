package dev.imgcompat.core.rules;

import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.rules.DistributionTable.Family;
import dev.imgcompat.core.rules.DistributionTable.PackageTag;
import dev.imgcompat.core.rules.DistributionTable.ReleaseFile;
import dev.imgcompat.core.rules.DistributionTable.TextPattern;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import tools.jackson.databind.JsonNode;

/** Puts rule files together; they are valid by their schemas already. */
final class RulePackBuilder {
  private static final Pattern PLACEHOLDER = Pattern.compile("\\{[^}]*\\}");

  private final Map<String, Rule> rules = new LinkedHashMap<>();
  private final Map<String, RuntimeProfile> runtimes = new LinkedHashMap<>();
  private final Map<String, String> names = new LinkedHashMap<>();
  private List<ReleaseFile> releaseFiles = List.of();
  private List<Family> families = List.of();
  private List<PackageTag> packageTags = List.of();

  void add(RuleFile file) throws RulePackException {
    switch (file.kind()) {
      case RULES -> {
        Set<String> ids = new HashSet<>();
        for (JsonNode node : file.root().path("rules")) {
          once(ids, node, file);
          checkPlaceholders(node, file);
          rules.put(node.path("id").asString(), rule(node));
        }
      }
      case RUNTIMES -> {
        Set<String> ids = new HashSet<>();
        for (JsonNode node : file.root().path("runtimes")) {
          once(ids, node, file);
          RuntimeProfile runtime = runtime(node);
          if (runtime.assume().filter(v -> !runtime.covers(v)).isPresent()) {
            throw new RulePackException(
                file.name()
                    + ":"
                    + RuleFile.lineOf(node)
                    + ": the profile of "
                    + runtime.id()
                    + " does not cover the version that it assumes");
          }
          if (runtime.assume().isEmpty() && !runtime.covers("0")) {
            throw new RulePackException(
                file.name()
                    + ":"
                    + RuleFile.lineOf(node)
                    + ": the profile of "
                    + runtime.id()
                    + " has versions, so it must say which one to assume");
          }
          runtimes.put(runtime.id(), runtime);
        }
      }
      case DISTRIBUTIONS -> {
        releaseFiles = joined(releaseFiles(file), releaseFiles);
        families = joined(families(file), families);
        packageTags = joined(packageTags(file), packageTags);
        for (Map.Entry<String, JsonNode> name : file.root().path("names").properties()) {
          names.put(name.getKey(), name.getValue().asString());
        }
      }
    }
  }

  private static void once(Set<String> ids, JsonNode node, RuleFile file) throws RulePackException {
    if (!ids.add(node.path("id").asString())) {
      throw new RulePackException(
          file.name()
              + ":"
              + RuleFile.lineOf(node)
              + ": the id "
              + node.path("id").asString()
              + " comes twice in this file");
    }
  }

  private static void checkPlaceholders(JsonNode node, RuleFile file) throws RulePackException {
    JsonNode summary = node.path("summary");
    Matcher matcher = PLACEHOLDER.matcher(summary.asString());
    while (matcher.find()) {
      if (!RuleEngine.PLACEHOLDERS.contains(matcher.group())) {
        throw new RulePackException(
            file.name()
                + ":"
                + RuleFile.lineOf(summary)
                + ": the summary has "
                + matcher.group()
                + "; known are "
                + String.join(" ", RuleEngine.PLACEHOLDERS));
      }
    }
  }

  /** The runtimes that were added, by their ids, in the order of the files. */
  Map<String, RuntimeProfile> runtimes() {
    return Collections.unmodifiableMap(new LinkedHashMap<>(runtimes));
  }

  RulePack build(Digest digest) {
    return new RulePack(
        rules,
        runtimes,
        new DistributionTable(releaseFiles, Map.copyOf(names), families, packageTags),
        digest);
  }

  private static Rule rule(JsonNode node) {
    JsonNode match = node.path("match");
    return new Rule(
        node.path("id").asString(),
        Signal.Kind.valueOf(upper(node.path("on"))),
        new Rule.Match(
            match.has("class") ? Optional.of(match.path("class").asInt()) : Optional.empty(),
            strings(match.path("machine")),
            strings(match.path("family")),
            strings(match.path("notFamily")),
            strings(match.path("platform")),
            strings(match.path("is")),
            strings(match.path("isNot")),
            text(match.path("version")).map(VersionRange::parse),
            text(match.path("glibc")).map(VersionRange::parse),
            match.path("kernel").asString("").equals("above-guest")),
        text(node.path("requires")),
        Effect.valueOf(upper(node.path("effect"))),
        node.has("decidesIn") ? Policy.valueOf(upper(node.path("decidesIn"))) : Policy.ANY,
        node.path("summary").asString(),
        node.path("explanation").asString(""),
        text(node.path("remedy")),
        strings(node.path("references")));
  }

  private static RuntimeProfile runtime(JsonNode node) {
    Map<String, List<Span>> capabilities = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> capability : node.path("capabilities").properties()) {
      List<Span> spans = new ArrayList<>();
      for (JsonNode span : capability.getValue()) {
        spans.add(
            new Span(
                text(span.path("from")),
                text(span.path("below")),
                span.path("label").asString(),
                span.path("available").asBoolean(),
                strings(span.path("kernelParams")),
                text(span.path("why")),
                text(span.path("otherwise"))));
      }
      capabilities.put(capability.getKey(), List.copyOf(spans));
    }
    return new RuntimeProfile(
        node.path("id").asString(),
        node.path("title").asString(),
        text(node.path("assume")),
        strings(node.path("kernelCommandLine")),
        kernels(node.path("kernels")),
        capabilities,
        strings(node.path("references")));
  }

  private static List<GuestKernel> kernels(JsonNode nodes) {
    List<GuestKernel> kernels = new ArrayList<>();
    for (JsonNode node : nodes) {
      kernels.add(
          new GuestKernel(
              text(node.path("from")),
              text(node.path("below")),
              node.path("label").asString(),
              text(node.path("version"))));
    }
    return kernels;
  }

  private static List<ReleaseFile> releaseFiles(RuleFile file) throws RulePackException {
    List<ReleaseFile> files = new ArrayList<>();
    for (JsonNode node : file.root().path("releaseFiles")) {
      List<TextPattern> patterns = new ArrayList<>();
      for (JsonNode pattern : node.path("patterns")) {
        patterns.add(new TextPattern(pattern.path("id").asString(), pattern(file, pattern)));
      }
      files.add(
          new ReleaseFile(
              strings(node.path("paths")),
              node.path("format").asString().equals("os-release"),
              List.copyOf(patterns)));
    }
    return files;
  }

  private static List<Family> families(RuleFile file) {
    List<Family> families = new ArrayList<>();
    for (JsonNode node : file.root().path("families")) {
      families.add(
          new Family(
              node.path("family").asString(),
              strings(node.path("ids")),
              VersionRange.parse(node.path("version").asString()),
              text(node.path("glibc"))));
    }
    return families;
  }

  private static List<PackageTag> packageTags(RuleFile file) throws RulePackException {
    List<PackageTag> tags = new ArrayList<>();
    for (JsonNode node : file.root().path("packageTags")) {
      tags.add(
          new PackageTag(
              node.path("id").asString(),
              pattern(file, node),
              text(node.path("family")),
              text(node.path("name"))));
    }
    return tags;
  }

  private static Pattern pattern(RuleFile file, JsonNode node) throws RulePackException {
    try {
      return Pattern.compile(node.path("regex").asString());
    } catch (PatternSyntaxException e) {
      throw new RulePackException(
          file.name() + ":" + RuleFile.lineOf(node) + ": " + e.getDescription());
    }
  }

  private static <T> List<T> joined(List<T> first, List<T> second) {
    List<T> all = new ArrayList<>(first);
    all.addAll(second);
    return List.copyOf(all);
  }

  private static String upper(JsonNode node) {
    return node.asString().toUpperCase(Locale.ROOT);
  }

  private static Optional<String> text(JsonNode node) {
    return node.isString() ? Optional.of(node.asString()) : Optional.empty();
  }

  private static List<String> strings(JsonNode node) {
    List<String> strings = new ArrayList<>();
    node.forEach(n -> strings.add(n.asString()));
    return List.copyOf(strings);
  }
}
