package dev.imgcompat.core.lint;

import dev.imgcompat.core.lint.PatternShape.Kind;
import java.util.Optional;

/** What other languages have in patterns, and ECMAScript takes for plain characters. */
final class ForeignSyntax {
  private ForeignSyntax() {}

  /** Says what of it is in a valid pattern, if anything. */
  static Optional<String> in(String text, PatternShape shape) {
    Optional<String> escape =
        shape.parts().stream()
            .filter(p -> p.is(Kind.FOREIGN))
            .findFirst()
            .map(
                p ->
                    Quoted.of(p.text())
                        + ", which is the character "
                        + Quoted.of(String.valueOf(p.character()))
                        + " to the router");
    if (escape.isPresent()) {
      return escape;
    }
    if (text.contains("[[:") && text.contains(":]")) {
      return Optional.of("'[[:', which is a class of brackets, colons and letters to the router");
    }
    boolean intersects =
        shape.parts().stream().anyMatch(p -> p.is(Kind.SET) && p.text().contains("&&"));
    return intersects
        ? Optional.of("'&&' in a class, which is the character '&' to the router")
        : Optional.empty();
  }
}
