package dev.imgcompat.core.rules;

import dev.imgcompat.core.elf.ElfFacts;
import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.rootfs.ElfFile;
import dev.imgcompat.core.rootfs.ImageFacts;
import dev.imgcompat.core.rootfs.Scope;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;

/** Applies the rules of a pack to the facts of an image. Safe for use by several threads. */
public final class RuleEngine {
  /** How much evidence a finding shows at the most. */
  public static final int MAX_EVIDENCE = 10;

  /** What a summary may have filled in. */
  static final List<String> PLACEHOLDERS =
      List.of("{count}", "{version}", "{family}", "{machine}", "{name}");

  private final RulePack pack;
  private final Policy policy;

  public RuleEngine(RulePack pack, Policy policy) {
    this.pack = pack;
    this.policy = policy;
  }

  /**
   * What was found for one target.
   *
   * @param findings deciding ones first
   * @param notes one line each, on versions of the runtime that differ
   */
  public record Outcome(List<Finding> findings, List<String> notes) {}

  /** Judges an image for a target; {@code layers} gives the digests of its layers by index. */
  public Outcome evaluate(ImageFacts facts, IntFunction<Optional<Digest>> layers, Target target) {
    List<Signal> signals = new Signals(facts, layers).all(pack.distribution(facts, layers));
    boolean settled = isSettled(facts);
    List<Finding> findings = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    for (Rule rule : pack.rules()) {
      List<Signal> matching =
          signals.stream()
              .filter(s -> s.kind() == rule.on() && rule.match().holds(s, target))
              .sorted(Comparator.comparing(Signal::scope))
              .toList();
      Span span = rule.requires().map(target::span).orElseGet(Span::never);
      if (matching.isEmpty() || span.available()) {
        continue;
      }
      List<String> present = target.profile().kernelCommandLine();
      if (!span.kernelParams().isEmpty() && KernelParams.have(present, span.kernelParams())) {
        if (rule.effect() != Effect.INFORMS) {
          notes.add(
              "the guests of "
                  + target.name()
                  + " have what "
                  + String.join(" ", span.kernelParams())
                  + " gives already");
        }
        continue;
      }
      Finding finding = finding(rule, matching, span, target, settled);
      if (rule.effect() == Effect.SUPPORTS
          && settled
          && findings.stream().noneMatch(f -> f.decides() && requires(f, rule))) {
        continue; // a stronger evidence says otherwise
      }
      findings.add(finding);
      if (finding.decides() && target.version().isEmpty() && rule.requires().isPresent()) {
        addNotes(notes, rule.requires().get(), span, target);
      }
    }
    if (policy != Policy.ANY) {
      notes.add("by policy, only findings of the scope " + policy + " or a narrower one decide");
    }
    findings.sort(
        Comparator.comparing((Finding f) -> !f.decides())
            .thenComparing(Finding::effect)
            .thenComparing(Finding::scope));
    return new Outcome(List.copyOf(findings), notes.stream().distinct().toList());
  }

  /**
   * Whether something stronger than a release file tells how the image behaves: its C library, or
   * the code of its start programs where all of these are static; and an image without programs has
   * nothing that could misbehave.
   */
  private static boolean isSettled(ImageFacts facts) {
    boolean library =
        facts.libc().filter(l -> l.version().isPresent() || l.code().isPresent()).isPresent();
    boolean programs = facts.elfFiles().stream().anyMatch(ElfFile::isRun);
    List<ElfFacts> start =
        facts.elfFiles().stream().filter(f -> f.scope() == Scope.START).map(ElfFile::elf).toList();
    boolean ownCode =
        !start.isEmpty()
            && start.stream().allMatch(elf -> elf.isStatic() && elf.vsyscall().whole());
    return library || !programs || ownCode;
  }

  private boolean requires(Finding finding, Rule rule) {
    return pack.rules().stream()
        .anyMatch(r -> r.id().equals(finding.rule()) && r.requires().equals(rule.requires()));
  }

  private Finding finding(
      Rule rule, List<Signal> matching, Span span, Target target, boolean settled) {
    Scope scope = matching.get(0).scope();
    // Where programs are found, the shared objects beside them prove nothing more.
    Scope least = scope.compareTo(Scope.LIBRARY) < 0 ? Scope.ANY : scope;
    List<Evidence> evidence = new ArrayList<>();
    int evidenceCount = 0;
    for (Signal signal : matching) {
      if (signal.scope().compareTo(least) <= 0) {
        List<Evidence> seen = signal.evidence();
        evidenceCount += seen.size();
        seen.stream().limit(MAX_EVIDENCE - evidence.size()).forEach(evidence::add);
      }
    }
    boolean decides =
        (rule.effect() == Effect.DECIDES || (rule.effect() == Effect.SUPPORTS && !settled))
            && policy.decides(scope)
            && rule.decidesIn().decides(scope);
    return new Finding(
        rule.id(),
        scope,
        rule.effect(),
        decides,
        summary(rule, matching),
        evidence,
        evidenceCount,
        chain(rule, matching.get(0), span, target),
        scope == Scope.INERT ? List.of() : remedies(rule, span, target),
        rule.references());
  }

  /** What led to the first signal, and what the guest has to say to it. */
  private static List<String> chain(Rule rule, Signal first, Span span, Target target) {
    List<String> chain = new ArrayList<>(first.chain());
    if (rule.requires().isPresent() && rule.effect() != Effect.INFORMS) {
      chain.add(
          "the guest of "
              + target.profile().holdsFor(rule.requires().get(), span)
              + " lacks "
              + Capabilities.title(rule.requires().get())
              + (span.kernelParams().isEmpty()
                  ? span.why().map(why -> ": " + why).orElse("")
                  : "; " + String.join(" ", span.kernelParams()) + " gives it"));
    }
    return chain;
  }

  private static List<Remedy> remedies(Rule rule, Span span, Target target) {
    if (rule.effect() == Effect.INFORMS) {
      return own(rule);
    }
    return rule.requires()
        .map(capability -> target.profile().remedies(capability, span))
        .orElseGet(() -> own(rule));
  }

  private static List<Remedy> own(Rule rule) {
    return rule.remedy().stream()
        .map(text -> new Remedy(List.of(), Optional.empty(), Optional.of(text)))
        .toList();
  }

  private static String summary(Rule rule, List<Signal> matching) {
    Signal first = matching.get(0);
    return rule.summary()
        .replace("{count}", count(matching))
        .replace("{version}", first.version())
        .replace("{family}", first.family())
        .replace("{machine}", first.machine())
        .replace("{name}", first.name());
  }

  private static String count(List<Signal> matching) {
    long libraries = matching.stream().filter(s -> s.scope() == Scope.LIBRARY).count();
    long inert = matching.stream().filter(s -> s.scope() == Scope.INERT).count();
    long programs = matching.size() - libraries - inert;
    if (inert == matching.size()) {
      return inert + (inert == 1 ? " file" : " files") + ", which nothing would run,";
    }
    String shared = libraries + (libraries == 1 ? " shared object" : " shared objects");
    if (programs == 0) {
      return shared + ", but no program,";
    }
    return programs
        + (programs == 1 ? " program" : " programs")
        + (libraries == 0 ? "" : " and " + shared);
  }

  private static void addNotes(List<String> notes, String capability, Span span, Target target) {
    RuntimeProfile profile = target.profile();
    for (Span other : profile.others(capability, span)) {
      String outcome =
          other.available()
              ? "this is no obstacle"
              : other.kernelParams().isEmpty()
                  ? "EXCLUDED"
                  : "needs " + String.join(" ", other.kernelParams());
      notes.add(
          profile.holdsFor(capability, other)
              + ": "
              + outcome
              + " there"
              + other.why().map(why -> " (" + why + ")").orElse(""));
    }
  }
}
