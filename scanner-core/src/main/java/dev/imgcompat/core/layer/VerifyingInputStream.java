package dev.imgcompat.core.layer;

import dev.imgcompat.core.image.Digest;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.function.LongConsumer;

/** The bytes of a blob as they arrive: counted, hashed, and bounded by the stated size. */
final class VerifyingInputStream extends FilterInputStream {
  /** The blob itself could not be read further; what is in it is not to blame. */
  static final class TransferFailed extends IOException {
    private static final long serialVersionUID = 1L;

    TransferFailed(IOException cause) {
      super(cause.getMessage(), cause);
    }
  }

  /** More bytes came than the manifest states. */
  static final class TooLong extends IOException {
    private static final long serialVersionUID = 1L;
  }

  private final MessageDigest sha256;
  private final long stated;
  private final LongConsumer progress;
  private long count;

  VerifyingInputStream(InputStream blob, long stated, LongConsumer progress) {
    super(blob);
    this.stated = stated;
    this.progress = progress;
    try {
      this.sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  long count() {
    return count;
  }

  /** The digest of all that was read; to be called once, at the end. */
  Digest digest() {
    return Digest.ofSha256(sha256.digest());
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    int read;
    try {
      read = in.read(buffer, offset, length);
    } catch (IOException e) {
      throw new TransferFailed(e);
    }
    if (read > 0) {
      count += read;
      if (count > stated) {
        throw new TooLong();
      }
      sha256.update(buffer, offset, read);
      progress.accept(read);
    }
    return read;
  }

  @Override
  public long skip(long bytes) throws IOException {
    byte[] scratch = new byte[(int) Math.min(8192, Math.max(bytes, 1))];
    int read = bytes <= 0 ? 0 : read(scratch, 0, (int) Math.min(scratch.length, bytes));
    return Math.max(read, 0);
  }

  /** Does nothing: what decompresses it is closed before the rest of the blob is read. */
  @Override
  public void close() {}

  @Override
  public boolean markSupported() {
    return false;
  }
}
