package dev.imgcompat.core.router;

import java.util.Optional;
import org.mozilla.javascript.Context;
import org.mozilla.javascript.ContextFactory;
import org.mozilla.javascript.RhinoException;
import org.mozilla.javascript.ScriptRuntime;
import org.mozilla.javascript.Scriptable;
import org.mozilla.javascript.ScriptableObject;

/**
 * A pattern as the router has it: {@code new RegExp(text, 'gi')} of ECMAScript, searched anywhere
 * in the name of a container. Safe for use by several threads, of which one at a time searches.
 *
 * <p>The engine is Rhino's, which is made to take and refuse what Node's does.
 */
public final class EcmaPattern {
  /** How often, in steps of the engine, a search looks whether it has taken too many. */
  private static final int STEPS_PER_LOOK = 10_000;

  /** What Rhino says of a pattern of more than 64 KiB of code. */
  private static final String TOO_COMPLEX = "Too complex regexp";

  private static final ContextFactory FACTORY =
      new ContextFactory() {
        @Override
        protected Context makeContext() {
          Context context = super.makeContext();
          context.setLanguageVersion(Context.VERSION_ES6);
          return context;
        }

        @Override
        protected void observeInstructionCount(Context context, int count) {
          if (context.getThreadLocal(Budget.class) instanceof Budget budget) {
            budget.spend(count);
          }
        }
      };

  /** Where every pattern is made. Nothing is written to it once it is complete. */
  private static final ScriptableObject SCOPE =
      FACTORY.call(
          context -> {
            ScriptableObject scope = context.initSafeStandardObjects(null, true);
            // What is made on first use is made now, by one thread.
            isFound(context, regExp(context, scope, "a"), "a");
            return scope;
          });

  private final String text;
  private final Scriptable regExp;

  private EcmaPattern(String text, Scriptable regExp) {
    this.text = text;
    this.regExp = regExp;
  }

  /**
   * Compiles a pattern.
   *
   * @throws PatternTooLargeException if it is too large for this engine; Node may take it
   * @throws InvalidPatternException if an ECMAScript engine refuses it; with a reason of one line
   */
  public static EcmaPattern compile(String text) throws InvalidPatternException {
    String source = EcmaSyntax.forRhino(text);
    try {
      return new EcmaPattern(text, FACTORY.call(context -> regExp(context, SCOPE, source)));
    } catch (RhinoException e) {
      if (e.details().contains(TOO_COMPLEX)) {
        throw new PatternTooLargeException();
      }
      throw new InvalidPatternException(e.details().replaceFirst("^SyntaxError: ", ""));
    } catch (StackOverflowError e) {
      throw new PatternTooLargeException();
    }
  }

  /** Whether the router would say that a container's name matches. */
  public boolean isFoundIn(String container) {
    return isFoundIn(container, Long.MAX_VALUE).orElseThrow();
  }

  /**
   * Whether the router would say that a container's name matches; empty if it takes the engine more
   * than so many steps to tell, of which it takes tens of millions a second.
   */
  public Optional<Boolean> isFoundIn(String container, long steps) {
    try {
      return Optional.of(
          FACTORY.call(
              context -> {
                context.putThreadLocal(Budget.class, new Budget(steps));
                context.setInstructionObserverThreshold(STEPS_PER_LOOK);
                // It remembers where its last match ended.
                synchronized (regExp) {
                  return isFound(context, regExp, container);
                }
              }));
    } catch (TooManyStepsException e) {
      return Optional.empty();
    }
  }

  private static boolean isFound(Context context, Scriptable regExp, String container) {
    regExp.put("lastIndex", regExp, 0);
    return ScriptRuntime.toBoolean(
        ScriptableObject.callMethod(context, regExp, "test", new Object[] {container}));
  }

  private static Scriptable regExp(Context context, Scriptable scope, String text) {
    return context.newObject(scope, "RegExp", new Object[] {text, "gi"});
  }

  @Override
  public String toString() {
    return text;
  }

  /** The steps that a search has left; of one thread. */
  private static final class Budget {
    private long left;

    Budget(long steps) {
      left = steps;
    }

    void spend(int steps) {
      left -= steps;
      if (left < 0) {
        throw new TooManyStepsException();
      }
    }
  }

  private static final class TooManyStepsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooManyStepsException() {
      super("", null, false, false);
    }
  }
}
