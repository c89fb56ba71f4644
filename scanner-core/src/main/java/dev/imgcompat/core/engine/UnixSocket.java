package dev.imgcompat.core.engine;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A connected Unix domain socket in the shape that HttpClient wants. Java has these as channels
 * only, without time-outs.
 *
 * <p>HttpClient 5.6 has such a class as well. Its sockets stay open when they are closed, since
 * nobody closes the selectors that they are registered with: the engine goes on to write into them,
 * and every connection leaves its file descriptors behind.
 *
 * <p>One thread at a time may read or write; any may close.
 */
final class UnixSocket extends Socket {
  /** Java keeps a buffer of the size of the largest read, for each thread. */
  private static final int MAX_READ = 64 << 10;

  private final SocketChannel channel;
  private final Selector selector;
  private final SelectionKey key;
  private volatile int timeoutMillis;

  private UnixSocket(SocketChannel channel, Selector selector) throws IOException {
    this.channel = channel;
    this.selector = selector;
    this.key = channel.register(selector, 0);
  }

  static UnixSocket connect(Path path) throws IOException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      channel.connect(UnixDomainSocketAddress.of(path));
      channel.configureBlocking(false);
      return new UnixSocket(channel, Selector.open());
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  @Override
  public InputStream getInputStream() {
    return new InputStream() {
      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] bytes, int offset, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, Math.min(length, MAX_READ));
        if (!buffer.hasRemaining()) {
          return 0;
        }
        int read = channel.read(buffer);
        while (read == 0) {
          await(SelectionKey.OP_READ);
          read = channel.read(buffer);
        }
        return read;
      }

      @Override
      public void close() throws IOException {
        UnixSocket.this.close();
      }
    };
  }

  @Override
  public OutputStream getOutputStream() {
    return new OutputStream() {
      @Override
      public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, length);
        while (buffer.hasRemaining()) {
          if (channel.write(buffer) == 0) {
            await(SelectionKey.OP_WRITE);
          }
        }
      }

      @Override
      public void close() throws IOException {
        UnixSocket.this.close();
      }
    };
  }

  private void await(int operation) throws IOException {
    int limit = timeoutMillis;
    long start = System.nanoTime();
    long waited = 0;
    try {
      key.interestOps(operation);
      while (limit == 0 || waited < limit) {
        int ready = selector.select(limit - waited);
        selector.selectedKeys().clear();
        if (ready > 0) {
          return;
        }
        if (Thread.currentThread().isInterrupted()) {
          throw new InterruptedIOException("interrupted");
        }
        waited = limit == 0 ? 0 : TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
      }
    } catch (ClosedSelectorException | CancelledKeyException e) {
      throw new IOException("the connection was closed", e);
    }
    throw new SocketTimeoutException("silent for " + limit + " ms");
  }

  @Override
  public synchronized void close() throws IOException {
    // The channel first: its file descriptor goes with the last selector that knows it.
    try (selector) {
      channel.close();
    }
  }

  @Override
  public boolean isClosed() {
    return !channel.isOpen();
  }

  @Override
  public boolean isConnected() {
    return true;
  }

  @Override
  public boolean isBound() {
    return true;
  }

  @Override
  public void shutdownInput() throws IOException {
    channel.shutdownInput();
  }

  @Override
  public void shutdownOutput() throws IOException {
    channel.shutdownOutput();
  }

  @Override
  public synchronized int getSoTimeout() {
    return timeoutMillis;
  }

  @Override
  public synchronized void setSoTimeout(int timeout) {
    timeoutMillis = timeout;
  }

  @Override
  public void setSoLinger(boolean on, int seconds) {}

  @Override
  public void setTcpNoDelay(boolean on) {}

  @Override
  public void setKeepAlive(boolean on) {}

  @Override
  public @Nullable InetAddress getInetAddress() {
    return null;
  }

  @Override
  public @Nullable SocketAddress getRemoteSocketAddress() {
    return null;
  }

  @Override
  public @Nullable SocketAddress getLocalSocketAddress() {
    return null;
  }

  @Override
  public String toString() {
    return "UnixSocket";
  }
}
