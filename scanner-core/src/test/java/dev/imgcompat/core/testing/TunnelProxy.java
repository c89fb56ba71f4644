package dev.imgcompat.core.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
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
import java.util.function.UnaryOperator;

/** A proxy on the loopback interface that knows some names, for {@code CONNECT} and plain http. */
public final class TunnelProxy extends ForwardingPort {
  private final Map<String, Integer> routes = new ConcurrentHashMap<>();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private volatile Optional<String> password = Optional.empty();
  private volatile int refusal;
  private volatile Optional<UnaryOperator<String>> echo = Optional.empty();

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

  /** What it was asked to connect to. */
  public List<String> asked() {
    return List.copyOf(asked);
  }

  @Override
  protected void serve(Socket client) throws IOException {
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
        forward(client, client.getInputStream(), target, new byte[0]);
        return;
      } else {
        byte[] first = head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
        forward(client, client.getInputStream(), target, first);
        return;
      }
    }
  }

  private static void answer(Socket client, String head) throws IOException {
    send(client, "HTTP/1.1 " + head + "\r\n\r\n");
  }

  private static void send(Socket client, String text) throws IOException {
    client.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    client.getOutputStream().flush();
  }
}
