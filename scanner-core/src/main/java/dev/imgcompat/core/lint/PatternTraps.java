package dev.imgcompat.core.lint;

import dev.imgcompat.core.lint.ConfigValue.Place;
import dev.imgcompat.core.lint.ConfigValue.Scalar;
import dev.imgcompat.core.lint.PatternShape.Kind;
import dev.imgcompat.core.lint.PatternShape.Part;
import dev.imgcompat.core.router.EcmaPattern;
import dev.imgcompat.core.router.InvalidPatternException;
import dev.imgcompat.core.router.PatternTooLargeException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Traps of a pattern that is a text. Of those that make it useless only the first is said. */
final class PatternTraps {
  private static final String ALL_BUT = "^(?!";
  private static final int MOST = 50;

  /** So much of a digest is of one image only. */
  private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{12}");

  private PatternTraps() {}

  static void find(RouterExecutor executor, Scalar item, PatternProbe probe, Traps traps) {
    String text = item.text();
    Place place = item.place();
    if (text.isEmpty()) {
      traps.error(
          place,
          "pattern-empty",
          "an empty pattern, which is found in every name: every image is excluded from "
              + executor.quoted()
              + ": leave it out");
      return;
    }
    EcmaPattern pattern;
    try {
      pattern = EcmaPattern.compile(text);
    } catch (PatternTooLargeException e) {
      traps.note(
          place,
          "pattern-large",
          "a pattern of "
              + text.length()
              + " characters, which is too large to be tried here; routers compile such patterns at"
              + " every build start");
      return;
    } catch (InvalidPatternException e) {
      traps.error(
          place,
          "pattern-invalid",
          "the pattern "
              + Quoted.of(text)
              + " is not valid ECMAScript ("
              + reason(e.getMessage(), text)
              + "); at every image that gets as far as this one the router gives up all lists, of"
              + " all executors, and the build runs on the default: "
              + InvalidSyntax.advice(text));
      return;
    }
    PatternShape shape = PatternShape.of(text);
    Optional<String> never = NeverFound.reason(text, shape);
    if (ForeignSyntax.in(text, shape).isPresent()) {
      traps.error(
          place,
          "pattern-foreign",
          "the pattern "
              + Quoted.of(text)
              + " has "
              + ForeignSyntax.in(text, shape).orElseThrow()
              + ", and so does not find what was meant: write it as ECMAScript has it");
    } else if (never.isPresent()) {
      traps.error(
          place,
          "pattern-never",
          "the pattern " + Quoted.of(text) + " excludes nothing, since " + never.get());
    } else if (probe.hasTimeFor(place)) {
      tried(executor, text, place, pattern, shape, probe, traps);
    }
  }

  /** Engines repeat the pattern in their reasons, which may be long. */
  private static String reason(String message, String text) {
    String plain = message.replace("/" + text + "/: ", "").replace(text, "it");
    return Quoted.of(plain).replaceAll("^'|'$", "");
  }

  private static void tried(
      RouterExecutor executor,
      String text,
      Place place,
      EcmaPattern pattern,
      PatternShape shape,
      PatternProbe probe,
      Traps traps) {
    Optional<Integer> percent = probe.percent(pattern);
    if (percent.isEmpty() || probe.isEndless(pattern, shape)) {
      traps.error(
          place,
          "pattern-endless",
          "the pattern "
              + Quoted.of(text)
              + " can be tried in so many ways that a name of forty letters may keep the router busy"
              + " for hours, and with it every build start: do not repeat what repeats, as in"
              + " (a+)+");
      return;
    }
    if (!text.startsWith(ALL_BUT) && percent.get() == 100) {
      traps.error(
          place,
          "pattern-everything",
          "the pattern "
              + Quoted.of(text)
              + " is found in every name: every image is excluded from "
              + executor.quoted()
              + ": write names of images");
    } else if (!text.startsWith(ALL_BUT) && percent.get() >= MOST) {
      traps.warning(
          place,
          "pattern-wide",
          "the pattern "
              + Quoted.of(text)
              + " is found in "
              + percent.get()
              + " of 100 names of unrelated images, all of which are excluded from "
              + executor.quoted()
              + ": write names of images");
    } else {
      glob(text, place, shape, traps);
      dot(text, place, shape, traps);
      unanchored(text, place, pattern, shape, traps);
    }
  }

  private static void glob(String text, Place place, PatternShape shape, Traps traps) {
    List<Part> parts = shape.parts();
    for (int i = 1; i < parts.size(); i++) {
      Part before = parts.get(i - 1);
      if (parts.get(i).text().equals("*") && before.is(Kind.LITERAL)) {
        traps.warning(
            place,
            "pattern-glob",
            "in the pattern "
                + Quoted.of(text)
                + " the '*' repeats the "
                + Quoted.of(String.valueOf(before.character()))
                + " before it, and stands for nothing else: write '.*' for anything");
        return;
      }
    }
  }

  private static void dot(String text, Place place, PatternShape shape, Traps traps) {
    List<Part> parts = shape.parts();
    for (int i = 1; i + 1 < parts.size(); i++) {
      if (parts.get(i).is(Kind.DOT) && isWord(parts.get(i - 1)) && isWord(parts.get(i + 1))) {
        traps.warning(
            place,
            "pattern-dot",
            "a '.' in the pattern "
                + Quoted.of(text)
                + " stands for any character, so that '6.8' is found in '6-8', too: write '\\.'");
        return;
      }
    }
  }

  private static boolean isWord(Part part) {
    return part.is(Kind.LITERAL) && Character.isLetterOrDigit(part.character());
  }

  private static void unanchored(
      String text, Place place, EcmaPattern pattern, PatternShape shape, Traps traps) {
    Optional<String> name = shape.name();
    if (name.isEmpty() || shape.isAnchored() || DIGEST.matcher(text).find()) {
      return;
    }
    String more = pattern.isFoundIn(name.get() + ".1") ? name.get() + ".1" : "my" + name.get();
    if (!pattern.isFoundIn(more)) {
      return;
    }
    String message =
        "the pattern "
            + Quoted.of(text)
            + " is found anywhere in a name, so that it excludes "
            + Quoted.of(more)
            + ", too";
    if (name.get().contains(":") || name.get().contains("/")) {
      traps.warning(place, "pattern-unanchored", message + ": write '^' before and '$' after it");
    } else {
      traps.note(place, "pattern-unanchored", message);
    }
  }
}
