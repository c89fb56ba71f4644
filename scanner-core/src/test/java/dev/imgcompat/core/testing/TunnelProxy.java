package dev.imgcompat.core.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;

/** A proxy on the loopback interface that knows some names, for {@code CONNECT} and plain http. */
public final class TunnelProxy implements AutoCloseable {
  private final ServerSocket server;
  private final Map<String, Integer> routes = new ConcurrentHashMap<>();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private volatile Optional<String> password = Optional.empty();
  private volatile int refusal;
  private volatile Optional<UnaryOperator<String>> echo = Optional.empty();
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "tunnel-proxy");
            thread.setDaemon(true);
            return thread;
          });

  /** Opens one on a free port. */
  public TunnelProxy() {
    try {
      server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    threads.execute(this::accept);
  }

  /** Leads {@code HOST:PORT} to a port of the loopback interface. */
  public TunnelProxy route(String target, int port) {
    routes.put(target, port);
    return this;
  }

  /** Wants a user's name and password. */
  public void requireBasic(String user, String secret) {
    byte[] pair = (user + ":" + secret).getBytes(StandardCharsets.UTF_8);
    password = Optional.of("Basic " + Base64.getEncoder().encodeToString(pair));
  }

  /** Answers with this status from now on. */
  public void refuse(int status) {
    refusal = status;
  }

  /**
   * Answers whoever shows credentials with these bytes from now on.
   *
   * @param answer is given the header {@code Proxy-Authorization}
   */
  public void echo(UnaryOperator<String> answer) {
    echo = Optional.of(answer);
  }

  /** Host and port. */
  public String name() {
    return "127.0.0.1:" + server.getLocalPort();
  }

  /** What it was asked to connect to. */
  public List<String> asked() {
    return List.copyOf(asked);
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
    try (client) {
      // The client sends nothing more until it is answered.
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(client.getInputStream(), StandardCharsets.ISO_8859_1));
      while (true) {
        String request = in.readLine();
        if (request == null) {
          return;
        }
        StringBuilder head = new StringBuilder(request).append("\r\n");
        Optional<String> authorization = Optional.empty();
        for (String line = in.readLine(); !line.isEmpty(); line = in.readLine()) {
          head.append(line).append("\r\n");
          if (line.toLowerCase(Locale.ROOT).startsWith("proxy-authorization: ")) {
            authorization = Optional.of(line.substring(21));
          }
        }
        String[] words = request.split(" ", -1);
        boolean isTunnel = words[0].equals("CONNECT");
        String wanted = isTunnel ? words[1] : URI.create(words[1]).getHost() + ":80";
        asked.add(wanted);
        Integer target = routes.get(wanted);
        if (echo.isPresent() && authorization.isPresent()) {
          send(client, echo.get().apply(authorization.get()));
          return;
        } else if (refusal != 0) {
          answer(client, refusal + " No\r\nContent-Length: 0");
        } else if (password.isPresent() && !password.equals(authorization)) {
          answer(client, "407 Who\r\nProxy-Authenticate: Basic realm=\"it\"\r\nContent-Length: 0");
        } else if (target == null) {
          answer(client, "502 Unknown\r\nContent-Length: 0");
        } else if (isTunnel) {
          answer(client, "200 Connected");
          tunnel(client, target, "");
          return;
        } else {
          tunnel(client, target, head.append("\r\n").toString());
          return;
        }
      }
    } catch (IOException e) {
      // The client will notice.
    }
  }

  private static void answer(Socket client, String head) throws IOException {
    send(client, "HTTP/1.1 " + head + "\r\n\r\n");
  }

  private static void send(Socket client, String text) throws IOException {
    client.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    client.getOutputStream().flush();
  }

  private void tunnel(Socket client, int port, String first) throws IOException {
    try (Socket target = new Socket(InetAddress.getLoopbackAddress(), port)) {
      target.getOutputStream().write(first.getBytes(StandardCharsets.ISO_8859_1));
      threads.execute(
          () -> {
            try {
              copy(client.getInputStream(), target.getOutputStream());
              target.shutdownOutput();
            } catch (IOException e) {
              // The other direction will notice.
            }
          });
      copy(target.getInputStream(), client.getOutputStream());
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
