package dev.imgcompat.core.source;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** A part of a file. Skips without reading. */
final class FileSlice extends InputStream {
  private final FileChannel channel;
  private final long end;
  private long at;

  /** The bytes from one offset up to another; closing it closes the channel. */
  FileSlice(FileChannel channel, long from, long end) {
    this.channel = channel;
    this.at = from;
    this.end = end;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (at >= end) {
      return -1;
    }
    int read = channel.read(ByteBuffer.wrap(buffer, offset, (int) Math.min(length, end - at)), at);
    if (read < 0) {
      throw new EOFException("the file became shorter");
    }
    at += read;
    return read;
  }

  @Override
  public long skip(long bytes) {
    long skipped = Math.max(0, Math.min(bytes, end - at));
    at += skipped;
    return skipped;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
