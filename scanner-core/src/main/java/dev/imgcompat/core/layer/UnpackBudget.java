package dev.imgcompat.core.layer;

import dev.imgcompat.core.tar.BudgetedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * How many bytes layers may unpack to, one or several together: the headers and contents of their
 * tars, what follows these, and the holes of sparse files. Not thread-safe.
 */
public final class UnpackBudget {
  private final long bytes;
  private final @Nullable UnpackBudget shared;
  private long taken;

  /** Allows so many bytes. */
  public UnpackBudget(long bytes) {
    this(bytes, null);
  }

  private UnpackBudget(long bytes, @Nullable UnpackBudget shared) {
    this.bytes = bytes;
    this.shared = shared;
  }

  /** A part of this for one layer: what is taken from it is taken from this, too. */
  UnpackBudget part(long most) {
    return new UnpackBudget(most, this);
  }

  /** Takes so many bytes; fails once more are taken than are allowed. */
  void take(long count) throws BudgetedInputStream.Exhausted {
    taken = count > Long.MAX_VALUE - taken ? Long.MAX_VALUE : taken + count;
    if (taken > bytes) {
      throw new BudgetedInputStream.Exhausted(
          shared == null
              ? "with the layers before it, it unpacks to more than " + bytes + " bytes"
              : "it unpacks to more than " + bytes + " bytes");
    }
    if (shared != null) {
      shared.take(count);
    }
  }

  /** A stream that takes what is read from it. */
  InputStream taking(InputStream in) {
    return new FilterInputStream(in) {
      @Override
      public int read() throws IOException {
        int octet = in.read();
        take(octet < 0 ? 0 : 1);
        return octet;
      }

      @Override
      public int read(byte[] buffer, int offset, int length) throws IOException {
        int read = in.read(buffer, offset, length);
        take(Math.max(0, read));
        return read;
      }

      @Override
      public long skip(long count) throws IOException {
        long skipped = in.skip(count);
        take(skipped);
        return skipped;
      }

      @Override
      public boolean markSupported() {
        return false;
      }
    };
  }
}
