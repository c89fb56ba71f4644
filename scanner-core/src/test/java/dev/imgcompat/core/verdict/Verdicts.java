package dev.imgcompat.core.verdict;

import dev.imgcompat.core.image.ImageConfig;
import dev.imgcompat.core.image.Platform;
import dev.imgcompat.core.rootfs.ImageFacts;
import dev.imgcompat.core.rootfs.ImageMerger;
import dev.imgcompat.core.rules.Finding;
import dev.imgcompat.core.rules.Policy;
import dev.imgcompat.core.rules.RuleEngine;
import dev.imgcompat.core.rules.RulePack;
import dev.imgcompat.core.testing.LayerBuilder;
import dev.imgcompat.core.testing.Layers;
import java.util.List;
import java.util.Optional;

/** Verdicts of the built-in rules on images of one layer that tests built. */
final class Verdicts {
  private static final RulePack PACK = RulePack.builtIn();

  private Verdicts() {}

  static ImageConfig config(Platform platform, List<String> command, String... volumes) {
    return new ImageConfig(
        platform,
        List.of(),
        List.of(),
        command,
        Optional.empty(),
        List.of(volumes),
        List.of(),
        Optional.empty());
  }

  static ImageFacts facts(ImageConfig config, LayerBuilder layer) {
    return ImageMerger.merge(config, List.of(Layers.facts(layer)));
  }

  static Verdict judge(String target, ImageFacts facts) {
    return new Judge(new RuleEngine(PACK, Policy.ANY))
        .judge(facts, i -> Optional.empty(), PACK.target(target));
  }

  /** On Kata, with a config. */
  static Verdict judge(ImageConfig config, LayerBuilder layer) {
    return judge("kata", facts(config, layer));
  }

  /** On Kata, for linux/amd64, with a start command. */
  static Verdict starting(LayerBuilder layer, String... command) {
    return judge(config(Platform.LINUX_AMD64, List.of(command)), layer);
  }

  /** On Kata, for a platform, without a start command. */
  static Verdict on(Platform platform, LayerBuilder layer) {
    return judge(config(platform, List.of()), layer);
  }

  static Finding finding(Verdict verdict, String rule) {
    return verdict.findings().stream()
        .filter(f -> f.rule().equals(rule))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + rule + " in " + verdict.findings()));
  }

  static List<String> rules(Verdict verdict) {
    return verdict.findings().stream().map(Finding::rule).toList();
  }
}
