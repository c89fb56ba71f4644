package dev.imgcompat.core.registry;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PushbackInputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A port that passes TLS on to another one, and redirects plain http to itself over https. */
final class PortOfBoth implements AutoCloseable {
  private static final int TLS_HANDSHAKE = 0x16;

  private final ServerSocket server;
  private final int target;
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "port-of-both");
            thread.setDaemon(true);
            return thread;
          });

  PortOfBoth(int target) {
    this.target = target;
    try {
      server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    threads.execute(this::accept);
  }

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
      if (first < 0) {
        return;
      }
      if (first != TLS_HANDSHAKE) {
        String redirect =
            "HTTP/1.1 307 Over there\r\nLocation: https://"
                + name()
                + "/v2/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        client.getOutputStream().write(redirect.getBytes(StandardCharsets.US_ASCII));
        client.getOutputStream().flush();
        client.shutdownOutput();
        in.readAllBytes();
        return;
      }
      in.unread(first);
      try (Socket secure = new Socket(InetAddress.getLoopbackAddress(), target)) {
        threads.execute(() -> pass(in, secure));
        copy(secure.getInputStream(), client.getOutputStream());
      }
    } catch (IOException e) {
      // The client will notice.
    }
  }

  private static void pass(InputStream requests, Socket secure) {
    try {
      copy(requests, secure.getOutputStream());
      secure.shutdownOutput();
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
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    threads.shutdownNow();
  }
}
