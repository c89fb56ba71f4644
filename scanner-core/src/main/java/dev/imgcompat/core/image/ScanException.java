package dev.imgcompat.core.image;

import java.io.EOFException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A scan that could not be done: what was tried, on which image and layer, and why it failed.
 *
 * <p>The message is one line, fit for people, and holds no secret. {@link #kind} is stable and goes
 * into reports.
 */
public abstract sealed class ScanException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Who can do something about it. */
  public enum WhoseMove {
    /** The person who asked: another name, another option. */
    USER,
    /** Whoever made the image. */
    IMAGE_AUTHOR,
    /** Whoever runs the registry, or the network to it. */
    REGISTRY,
    /** Whoever runs this scanner: limits, disk, time. */
    OPERATOR
  }

  private final String kind;
  private final WhoseMove whoseMove;
  private final boolean retryable;

  private ScanException(
      String kind,
      WhoseMove whoseMove,
      boolean retryable,
      String message,
      @Nullable Throwable cause) {
    super(Printable.of(message), cause);
    this.kind = kind;
    this.whoseMove = whoseMove;
    this.retryable = retryable;
  }

  /** A stable word for the kind of failure, such as {@code not-found}. */
  public String kind() {
    return kind;
  }

  /** Who can do something about it. */
  public WhoseMove whoseMove() {
    return whoseMove;
  }

  /** Whether the same call may succeed later. */
  public boolean retryable() {
    return retryable;
  }

  /** The reference is malformed, or its transport is unknown. */
  public static final class InvalidReference extends ScanException {
    private static final long serialVersionUID = 1L;

    public InvalidReference(String message) {
      super("invalid-reference", WhoseMove.USER, false, message, null);
    }
  }

  /** There is no such image, tag, layout or directory. */
  public static final class NotFound extends ScanException {
    private static final long serialVersionUID = 1L;

    public NotFound(String message) {
      super("not-found", WhoseMove.USER, false, message, null);
    }
  }

  /** The registry wants credentials or does not accept those it got; or the engine is guarded. */
  public static final class AccessDenied extends ScanException {
    private static final long serialVersionUID = 1L;

    public AccessDenied(String message) {
      super("access-denied", WhoseMove.USER, false, message, null);
    }
  }

  /** The registry did not answer, or answered with a failure of its own. */
  public static final class Unavailable extends ScanException {
    private static final long serialVersionUID = 1L;

    private static final String KIND = "registry-unavailable";

    public Unavailable(String message, Throwable cause) {
      super(KIND, WhoseMove.REGISTRY, true, message, cause);
    }

    private Unavailable(WhoseMove whoseMove, String message, Throwable cause) {
      super(KIND, whoseMove, false, message, cause);
    }

    /** The same question would be answered in the same way. */
    public static Unavailable forGood(WhoseMove whoseMove, String message, Throwable cause) {
      return new Unavailable(whoseMove, message, cause);
    }
  }

  /** Whoever runs this scanner did not allow the registry, or a host that it sends us to. */
  public static final class NotAllowed extends ScanException {
    private static final long serialVersionUID = 1L;

    public NotAllowed(String message) {
      super("not-allowed", WhoseMove.OPERATOR, false, message, null);
    }
  }

  /** A certificate proves nothing: the registry's to us, or ours to the registry. */
  public static final class Untrusted extends ScanException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes one.
     *
     * @param whoseMove that of whoever asked, or of whoever runs the registry
     */
    public Untrusted(WhoseMove whoseMove, String message, Throwable cause) {
      super("untrusted", whoseMove, false, message, cause);
    }
  }

  /** The Docker engine does not run, does not answer, or failed. */
  public static final class EngineUnavailable extends ScanException {
    private static final long serialVersionUID = 1L;
    private static final String KIND = "engine-unavailable";

    public EngineUnavailable(String message, Throwable cause) {
      super(KIND, WhoseMove.OPERATOR, true, message, cause);
    }

    private EngineUnavailable(String message) {
      super(KIND, WhoseMove.USER, false, message, null);
    }

    /** The settings name an engine that cannot be spoken to. */
    public static EngineUnavailable misconfigured(String message) {
      return new EngineUnavailable(message);
    }
  }

  /** What is there is not a container image, or one of a form that is not supported. */
  public static final class NotAnImage extends ScanException {
    private static final long serialVersionUID = 1L;

    public NotAnImage(String message) {
      super("not-an-image", WhoseMove.USER, false, message, null);
    }
  }

  /** Layers are encrypted; what is in them can be seen only by whoever has a key. */
  public static final class Encrypted extends ScanException {
    private static final long serialVersionUID = 1L;

    public Encrypted(String message) {
      super("encrypted", WhoseMove.USER, false, message, null);
    }
  }

  /** A layer is kept elsewhere than the image, and was not to be fetched from there. */
  public static final class ForeignLayer extends ScanException {
    private static final long serialVersionUID = 1L;

    public ForeignLayer(String message) {
      super("foreign-layer", WhoseMove.USER, false, message, null);
    }
  }

  /** The index has no image for the wanted platform. */
  public static final class PlatformMissing extends ScanException {
    private static final long serialVersionUID = 1L;

    public PlatformMissing(String message) {
      super("platform-missing", WhoseMove.USER, false, message, null);
    }
  }

  /** Bytes do not have the digest or the size that the manifest states. */
  public static final class DigestMismatch extends ScanException {
    private static final long serialVersionUID = 1L;
    private static final String KIND = "digest-mismatch";

    /** The bytes were transferred: another try may bring the right ones. */
    public DigestMismatch(String message) {
      super(KIND, WhoseMove.REGISTRY, true, message, null);
    }

    private DigestMismatch(WhoseMove whoseMove, String message) {
      super(KIND, whoseMove, false, message, null);
    }

    /** The same of bytes that are on this machine: another try will find the same ones. */
    public DigestMismatch ofLocalCopy() {
      return new DigestMismatch(WhoseMove.USER, getMessage() + "; copy the image again");
    }
  }

  /** A layer, manifest or config is truncated or damaged. */
  public static final class Damaged extends ScanException {
    private static final long serialVersionUID = 1L;
    private static final String KIND = "damaged";

    public Damaged(String message, @Nullable Throwable cause) {
      super(KIND, WhoseMove.IMAGE_AUTHOR, false, message, cause);
    }

    private Damaged(WhoseMove whoseMove, String message, @Nullable Throwable cause) {
      super(KIND, whoseMove, false, message, cause);
    }

    /** A file of this machine ends too early: whoever wrote it did not come to the end. */
    public static Damaged brokenOff(String message, @Nullable Throwable cause) {
      return new Damaged(WhoseMove.USER, message + "; write or copy it again", cause);
    }
  }

  /** The image passes a bound that guards this scanner. */
  public static final class LimitExceeded extends ScanException {
    private static final long serialVersionUID = 1L;

    public LimitExceeded(String message) {
      super("limit-exceeded", WhoseMove.OPERATOR, false, message, null);
    }
  }

  /** A file or directory of this machine could not be read. */
  public static final class Unreadable extends ScanException {
    private static final long serialVersionUID = 1L;

    public Unreadable(String message, Throwable cause) {
      super("unreadable", WhoseMove.OPERATOR, false, message, cause);
    }
  }

  /** A defect of this program. */
  public static final class Internal extends ScanException {
    /** The kind that tells defects from all other failures. */
    public static final String KIND = "internal";

    private static final long serialVersionUID = 1L;

    public Internal(String message, Throwable cause) {
      super(KIND, WhoseMove.OPERATOR, false, message, cause);
    }
  }

  /**
   * This process has too little memory for it now; with more, or less to do, it may have enough.
   */
  public static final class TooLittleMemory extends ScanException {
    private static final long serialVersionUID = 1L;

    public TooLittleMemory(String message) {
      super("too-little-memory", WhoseMove.OPERATOR, true, message, null);
    }
  }

  /** The message of {@code cause} in one line, or its class where it has none. */
  public static String reason(Throwable cause) {
    return Optional.ofNullable(cause.getMessage())
        .filter(m -> !m.isBlank())
        .map(m -> m.lines().findFirst().orElse(m))
        .map(m -> m.endsWith(".") ? m.substring(0, m.length() - 1) : m)
        .orElseGet(
            () ->
                cause instanceof EOFException
                    ? "it ends too early"
                    : cause.getClass().getSimpleName());
  }
}
