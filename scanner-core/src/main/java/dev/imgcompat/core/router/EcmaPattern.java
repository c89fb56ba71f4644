package dev.imgcompat.core.router;

import java.util.regex.Pattern;
import org.mozilla.javascript.Context;
import org.mozilla.javascript.ContextFactory;
import org.mozilla.javascript.RhinoException;
import org.mozilla.javascript.ScriptRuntime;
import org.mozilla.javascript.Scriptable;
import org.mozilla.javascript.ScriptableObject;

/**
 * A pattern as the router has it: {@code new RegExp(text, 'gi')} of ECMAScript, searched anywhere
 * in the name of a container. Safe for use by several threads.
 *
 * <p>The engine is Rhino's, which takes and refuses what Node's does, but for quantifiers of
 * quantifiers.
 */
public final class EcmaPattern {
  /** Rhino takes {@code x{1}{2}}, Node does not. */
  private static final Pattern REPEATED =
      Pattern.compile("(?<!\\\\)(?:\\\\\\\\)*\\{\\d+(?:,\\d*)?}\\??[{*+]");

  private static final ContextFactory FACTORY =
      new ContextFactory() {
        @Override
        protected Context makeContext() {
          Context context = super.makeContext();
          context.setLanguageVersion(Context.VERSION_ES6);
          return context;
        }
      };

  private final String text;

  private EcmaPattern(String text) {
    this.text = text;
  }

  /**
   * Compiles a pattern.
   *
   * @throws InvalidPatternException if an ECMAScript engine refuses it; with a reason of one line
   */
  public static EcmaPattern compile(String text) throws InvalidPatternException {
    if (REPEATED.matcher(text).find()) {
      throw new InvalidPatternException("Nothing to repeat");
    }
    try {
      FACTORY.call(context -> regExp(context, context.initSafeStandardObjects(), text));
    } catch (RhinoException e) {
      throw new InvalidPatternException(e.details().replaceFirst("^SyntaxError: ", ""));
    }
    return new EcmaPattern(text);
  }

  /** Whether the router would say that a container's name matches. */
  public boolean isFoundIn(String container) {
    return FACTORY.call(
        context -> {
          ScriptableObject scope = context.initSafeStandardObjects();
          Scriptable pattern = regExp(context, scope, text);
          Object found =
              ScriptableObject.callMethod(context, pattern, "test", new Object[] {container});
          return ScriptRuntime.toBoolean(found);
        });
  }

  private static Scriptable regExp(Context context, Scriptable scope, String text) {
    return context.newObject(scope, "RegExp", new Object[] {text, "gi"});
  }

  @Override
  public String toString() {
    return text;
  }
}
