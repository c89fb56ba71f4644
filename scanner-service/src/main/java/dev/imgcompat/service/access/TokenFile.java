package dev.imgcompat.service.access;

import dev.imgcompat.core.image.ScanException;
import dev.imgcompat.service.settings.InvalidSettingException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file of tokens. A change of it holds within about a second; a file that got damaged or lost
 * changes nothing, and an error is logged. Safe for use by several threads.
 */
public final class TokenFile {
  private static final Logger LOG = LoggerFactory.getLogger(TokenFile.class);
  private static final String SETTING = "access.tokens";
  private static final int MAX_BYTES = 1 << 20;
  private static final int TOKEN_BYTES = 32;
  private static final long INTERVAL_NANOS = 1_000_000_000L;

  /** Says what a token is for to whoever finds one. */
  private static final String PREFIX = "imgcompat_";

  private final Path file;
  private final LongSupplier nanoTime;
  private final AtomicLong lastLook;
  private volatile Tokens tokens;
  private volatile Stamp stamp;

  /** What changes when a file does; all of it, since clocks are coarse and files get replaced. */
  private record Stamp(FileTime modified, long size, Optional<Object> key) {
    static final Stamp LOST = new Stamp(FileTime.fromMillis(0), -1, Optional.empty());

    static Stamp of(Path file) {
      try {
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
        return new Stamp(
            attributes.lastModifiedTime(),
            attributes.size(),
            Optional.ofNullable(attributes.fileKey()));
      } catch (IOException e) {
        return LOST;
      }
    }
  }

  private TokenFile(Path file, LongSupplier nanoTime) {
    this.file = file;
    this.nanoTime = nanoTime;
    this.stamp = Stamp.of(file);
    this.tokens = read(file);
    this.lastLook = new AtomicLong(nanoTime.getAsLong());
    warnIfOthersRead();
  }

  /**
   * Reads a file.
   *
   * @throws InvalidSettingException if it cannot be read, naming the line that is wrong
   */
  static TokenFile open(Path file) {
    return open(file, System::nanoTime);
  }

  static TokenFile open(Path file, LongSupplier nanoTime) {
    return new TokenFile(file, nanoTime);
  }

  /**
   * Makes a token of 256 random bits.
   *
   * @param name whose it is: letters, digits and {@code _ . @ -}
   * @throws IllegalArgumentException if the name is none
   */
  public static NewToken create(String name, Role role) {
    SecureRandom random = new SecureRandom();
    byte[] secret = new byte[TOKEN_BYTES];
    random.nextBytes(secret);
    byte[] salt = new byte[TokenEntry.SALT_BYTES];
    random.nextBytes(salt);
    String token = PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
    return new NewToken(token, TokenEntry.of(name, role, salt, token).line());
  }

  /** The tokens as the file has them now, or had them before it was damaged. */
  Tokens tokens() {
    long now = nanoTime.getAsLong();
    long last = lastLook.get();
    // Of all threads one looks, the others go on with what there is.
    if (now - last >= INTERVAL_NANOS && lastLook.compareAndSet(last, now)) {
      look();
    }
    return tokens;
  }

  private void look() {
    Stamp seen = Stamp.of(file);
    if (seen.equals(stamp)) {
      return;
    }
    stamp = seen;
    try {
      tokens = read(file);
      LOG.info("{} was read anew: {} tokens", file, tokens.size());
      warnIfOthersRead();
    } catch (InvalidSettingException e) {
      LOG.error("{}; the tokens that were known stay", e.getMessage());
    }
  }

  private static Tokens read(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw invalid(file, "is larger than 1 MiB", null);
      }
      return Tokens.parse(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (NoSuchFileException e) {
      throw invalid(file, "does not exist", e);
    } catch (AccessDeniedException e) {
      throw invalid(file, "may not be read", e);
    } catch (CharacterCodingException e) {
      throw invalid(file, "is not text in UTF-8", e);
    } catch (IOException e) {
      throw invalid(file, "could not be read: " + ScanException.reason(e), e);
    } catch (IllegalArgumentException e) {
      throw invalid(file, String.valueOf(e.getMessage()), e);
    }
  }

  private static InvalidSettingException invalid(
      Path file, String what, @Nullable Throwable cause) {
    InvalidSettingException invalid = new InvalidSettingException(SETTING, file + " " + what);
    if (cause != null) {
      invalid.initCause(cause);
    }
    return invalid;
  }

  private void warnIfOthersRead() {
    try {
      Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
      if (permissions.contains(PosixFilePermission.OTHERS_READ)
          || permissions.contains(PosixFilePermission.OTHERS_WRITE)
          || permissions.contains(PosixFilePermission.GROUP_WRITE)) {
        LOG.warn("{} can be read or written by others: chmod 640 would do", file);
      }
    } catch (IOException | UnsupportedOperationException e) {
      LOG.debug("no permissions of {}", file, e);
    }
  }
}
