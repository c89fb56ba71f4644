package dev.imgcompat.service.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.IntSupplier;

/**
 * A port of the loopback interface that passes connections on to another one: or cuts them, or is
 * silent, as one wants. It stays open all the time, so that nobody else takes it.
 */
public final class TcpRelay implements AutoCloseable {
  private final IntSupplier target;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "tcp-relay");
            thread.setDaemon(true);
            return thread;
          });
  private final ServerSocket server;
  private boolean stopped;
  private boolean silent;

  /**
   * Opens one.
   *
   * @param target the port to pass connections on to; asked for each
   */
  public TcpRelay(IntSupplier target) {
    this.target = target;
    try {
      server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    threads.execute(this::accept);
  }

  /** On 127.0.0.1. */
  public int port() {
    return server.getLocalPort();
  }

  /** Cuts all connections, and new ones at once. */
  public synchronized void stop() {
    stopped = true;
    open.forEach(TcpRelay::cut);
  }

  /** Passes on nothing more, but keeps connections, and takes new ones. */
  public synchronized void silence() {
    silent = true;
  }

  /** Does its work again, after either. */
  public synchronized void start() {
    silent = false;
    stopped = false;
    notifyAll();
  }

  @Override
  public void close() {
    stop();
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    threads.shutdownNow();
  }

  private void accept() {
    try {
      while (true) {
        Socket client = server.accept();
        if (admit(client)) {
          threads.execute(() -> serve(client));
        }
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  /** Whether a connection may go on. */
  private synchronized boolean admit(Socket socket) {
    if (stopped) {
      cut(socket);
      return false;
    }
    try {
      socket.setTcpNoDelay(true);
    } catch (IOException e) {
      return false;
    }
    open.add(socket);
    return true;
  }

  private static void cut(Socket socket) {
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException e) {
      // Then it is cut already.
    }
  }

  private void serve(Socket client) {
    try (client;
        Socket other = new Socket(InetAddress.getLoopbackAddress(), target.getAsInt())) {
      if (admit(other)) {
        threads.execute(() -> pass(client, other));
        pass(other, client);
      }
      open.remove(other);
    } catch (IOException e) {
      // The client will notice.
    } finally {
      open.remove(client);
    }
  }

  private void pass(Socket from, Socket to) {
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] buffer = new byte[8192];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        awaitVoice();
        out.write(buffer, 0, n);
      }
      to.close();
    } catch (IOException e) {
      // The other direction will notice.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void awaitVoice() throws InterruptedException {
    while (silent) {
      wait();
    }
  }
}
