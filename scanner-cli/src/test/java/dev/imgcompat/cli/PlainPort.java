package dev.imgcompat.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PushbackInputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A port of the loopback interface that passes everything on to another one, but closes connections
 * that begin with a TLS greeting: skopeo tries https first, and the JDK's server would wait for the
 * rest of what it takes for a request.
 */
final class PlainPort implements AutoCloseable {
  private static final int TLS_HANDSHAKE = 0x16;

  private final ServerSocket server;
  private final int target;
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "plain-port");
            thread.setDaemon(true);
            return thread;
          });

  /**
   * Opens one on a free port.
   *
   * @param target host and port of the other one
   */
  PlainPort(String target) {
    this.target = Integer.parseInt(target.substring(target.lastIndexOf(':') + 1));
    try {
      server = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    threads.execute(this::accept);
  }

  /** Host and port. */
  String name() {
    return "127.0.0.1:" + server.getLocalPort();
  }

  private void accept() {
    try {
      while (true) {
        Socket client = server.accept();
        threads.execute(() -> serve(client));
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private void serve(Socket client) {
    try (client;
        PushbackInputStream in = new PushbackInputStream(client.getInputStream())) {
      int first = in.read();
      if (first < 0 || first == TLS_HANDSHAKE) {
        return;
      }
      in.unread(first);
      try (Socket registry = new Socket(InetAddress.getLoopbackAddress(), target)) {
        threads.execute(() -> pass(in, registry));
        copy(registry.getInputStream(), client.getOutputStream());
      }
    } catch (IOException e) {
      // The client will notice.
    }
  }

  private static void pass(InputStream requests, Socket registry) {
    try {
      copy(requests, registry.getOutputStream());
      registry.shutdownOutput();
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
  public void close() throws IOException {
    server.close();
    threads.shutdownNow();
  }
}
