package dev.imgcompat.core.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A port of the loopback interface that passes connections on to other ports, or does not. */
public abstract class ForwardingPort implements AutoCloseable {
  private final ServerSocket server;
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "forwarding-port");
            thread.setDaemon(true);
            return thread;
          });

  /** Opens one on a free port. */
  protected ForwardingPort() {
    try {
      server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    threads.execute(this::accept);
  }

  /** Host and port. */
  public final String name() {
    return "127.0.0.1:" + server.getLocalPort();
  }

  /** Does what is to be done with a connection, which is closed afterwards. */
  protected abstract void serve(Socket client) throws IOException;

  /**
   * Passes everything on to another port, and back, until one of the two is done.
   *
   * @param requests what the client sends from here on
   * @param first is sent before that
   */
  protected final void forward(Socket client, InputStream requests, int port, byte[] first)
      throws IOException {
    try (Socket target = new Socket(InetAddress.getLoopbackAddress(), port)) {
      target.getOutputStream().write(first);
      threads.execute(() -> pass(requests, target));
      copy(target.getInputStream(), client.getOutputStream());
    }
  }

  private void accept() {
    try {
      while (true) {
        Socket client = server.accept();
        threads.execute(() -> serveAndClose(client));
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private void serveAndClose(Socket client) {
    try (client) {
      serve(client);
    } catch (IOException e) {
      // The client will notice.
    }
  }

  private static void pass(InputStream requests, Socket target) {
    try {
      copy(requests, target.getOutputStream());
      target.shutdownOutput();
    } catch (IOException e) {
      // The other direction will notice.
    }
  }

  private static void copy(InputStream in, OutputStream out) throws IOException {
    byte[] buffer = new byte[8192];
    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
      out.write(buffer, 0, n);
      out.flush();
    }
  }

  @Override
  public final void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    threads.shutdownNow();
  }
}
