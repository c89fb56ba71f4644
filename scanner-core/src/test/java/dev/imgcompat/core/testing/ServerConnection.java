package dev.imgcompat.core.testing;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.PushbackInputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSocket;

/** A connection that a {@link FaultyServer} accepted: reads requests, writes bytes, and ends. */
final class ServerConnection {
  /** How often it is looked whether the client is still there, in milliseconds. */
  private static final int GLANCE = 20;

  private static final int TLS_HANDSHAKE = 0x16;

  private final int number;
  private final Socket tcp;
  private final FaultyServer server;
  private Socket socket;
  private PushbackInputStream in;
  private OutputStream out;
  private RecordedRequest.Peer peer;

  ServerConnection(int number, Socket tcp, FaultyServer server) throws IOException {
    this.number = number;
    this.tcp = tcp;
    this.server = server;
    tcp.setTcpNoDelay(true);
    use(tcp);
    peer = new RecordedRequest.Peer(address(), Optional.empty(), Optional.empty());
  }

  /** The socket beneath TLS. */
  Socket tcp() {
    return tcp;
  }

  /** The beginning of a greeting of TLS; nothing if the client greets in another way. */
  Optional<InputStream> greeting() throws IOException {
    int first = tcp.getInputStream().read();
    if (first == TLS_HANDSHAKE) {
      return Optional.of(new ByteArrayInputStream(new byte[] {(byte) first}));
    }
    if (first >= 0) {
      // In the words of Go, and so of most registries.
      raw("HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n");
      drain();
    }
    return Optional.empty();
  }

  /** Speaks TLS from now on. */
  void secure(SSLSocket tls) throws IOException {
    tls.startHandshake();
    use(tls);
    Optional<String> name =
        tls.getSession() instanceof ExtendedSSLSession session
            ? session.getRequestedServerNames().stream()
                .map(n -> ((SNIHostName) n).getAsciiName())
                .findFirst()
            : Optional.empty();
    peer = new RecordedRequest.Peer(address(), name, subject(tls));
  }

  private void use(Socket other) throws IOException {
    socket = other;
    in = new PushbackInputStream(new BufferedInputStream(other.getInputStream()), 1);
    out = other.getOutputStream();
  }

  private String address() {
    return tcp.getLocalAddress().getHostAddress();
  }

  private static Optional<String> subject(SSLSocket tls) {
    try {
      return Optional.of(tls.getSession().getPeerPrincipal().getName());
    } catch (SSLPeerUnverifiedException e) {
      return Optional.empty();
    }
  }

  /** Reads the next request; nothing if the client has hung up. */
  Optional<RecordedRequest> read() throws IOException {
    int start = in.read();
    if (start < 0) {
      return Optional.empty();
    }
    in.unread(start);
    if (start == TLS_HANDSHAKE) {
      // A greeting need not have the end of a line: who waits for one may wait for ever.
      raw("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n");
      drain();
      return Optional.empty();
    }
    String first = line();
    if (first.isEmpty()) {
      return Optional.empty();
    }
    String[] words = first.split(" ", -1);
    if (words.length != 3) {
      throw new IOException("not a request: " + first);
    }
    Map<String, List<String>> headers = new TreeMap<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      if (colon < 0) {
        throw new IOException("not a header: " + line);
      }
      headers
          .computeIfAbsent(
              line.substring(0, colon).toLowerCase(Locale.ROOT), name -> new ArrayList<>())
          .add(line.substring(colon + 1).strip());
    }
    int length = Integer.parseInt(headers.getOrDefault("content-length", List.of("0")).get(0));
    String body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
    return Optional.of(new RecordedRequest(number, words[0], words[1], headers, body, peer));
  }

  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
      if (b != '\r') {
        line.write(b);
      }
    }
    return line.toString(StandardCharsets.ISO_8859_1);
  }

  private void raw(String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    write(bytes, 0, bytes.length);
  }

  void write(byte[] bytes, int offset, int length) throws IOException {
    out.write(bytes, offset, length);
    out.flush();
  }

  /** Waits for a latch, and watches out for the end of the connection. */
  void await(CountDownLatch latch) throws IOException {
    socket.setSoTimeout(GLANCE);
    try {
      while (latch.getCount() > 0) {
        if (server.closed()) {
          throw new IOException("the server is closed");
        }
        glance(latch);
      }
    } finally {
      socket.setSoTimeout(0);
    }
  }

  private void glance(CountDownLatch latch) throws IOException {
    try {
      int next = in.read();
      if (next < 0) {
        throw new EOFException("the client has hung up");
      }
      // The next request is there already, so the client will have to wait for its end.
      in.unread(next);
      if (latch.await(GLANCE, TimeUnit.MILLISECONDS)) {
        return;
      }
    } catch (SocketTimeoutException e) {
      // It is silent, and there.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException();
    }
  }

  /** Says no more and waits until the client hangs up, so that it sees what was said last. */
  void drain() throws IOException {
    tcp.shutdownOutput();
    ignore();
  }

  /** Reads and forgets what comes, until the client hangs up. */
  void ignore() throws IOException {
    tcp.setSoTimeout(GLANCE);
    InputStream rest = tcp.getInputStream();
    byte[] buffer = new byte[8192];
    while (!server.closed()) {
      try {
        if (rest.read(buffer) < 0) {
          return;
        }
      } catch (SocketTimeoutException e) {
        // It is silent, and there.
      }
    }
  }

  /** Closes it in the way of its protocol. */
  void close() throws IOException {
    socket.close();
    tcp.close();
  }

  /** Closes it beneath TLS. */
  void cut() throws IOException {
    tcp.close();
  }

  /** Resets it. */
  void reset() throws IOException {
    try {
      tcp.setSoLinger(true, 0);
    } catch (SocketException e) {
      if (!tcp.isClosed()) {
        throw e;
      }
    }
    tcp.close();
  }
}
