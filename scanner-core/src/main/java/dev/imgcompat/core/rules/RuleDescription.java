package dev.imgcompat.core.rules;

import java.util.List;
import java.util.Optional;

/**
 * What a rule is about, for people.
 *
 * @param id stable
 * @param effect on the verdict
 * @param decidesIn the scopes in which it may decide at the most
 * @param requires the capability of the guest; without one the rule holds for every target
 * @param capability the same in words
 * @param summary of a finding, with placeholders
 * @param explanation what it is about and why; may be empty
 * @param remedy what helps on every target
 * @param references where to check the claim
 */
public record RuleDescription(
    String id,
    Effect effect,
    Policy decidesIn,
    Optional<String> requires,
    Optional<String> capability,
    String summary,
    String explanation,
    Optional<String> remedy,
    List<String> references) {
  public RuleDescription {
    references = List.copyOf(references);
  }

  static RuleDescription of(Rule rule) {
    return new RuleDescription(
        rule.id(),
        rule.effect(),
        rule.decidesIn(),
        rule.requires(),
        rule.requires().map(Capabilities::title),
        rule.summary(),
        rule.explanation(),
        rule.remedy(),
        rule.references());
  }
}
