package dev.imgcompat.core.registry;

import dev.imgcompat.core.testing.ForwardingPort;
import java.io.IOException;
import java.io.PushbackInputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Passes TLS on to another port, and redirects plain http to itself over https. */
final class PortOfBoth extends ForwardingPort {
  private static final int TLS_HANDSHAKE = 0x16;

  private final int target;

  PortOfBoth(int target) {
    this.target = target;
  }

  @Override
  protected void serve(Socket client) throws IOException {
    PushbackInputStream in = new PushbackInputStream(client.getInputStream());
    int first = in.read();
    if (first == TLS_HANDSHAKE) {
      in.unread(first);
      forward(client, in, target, new byte[0]);
    } else if (first >= 0) {
      String redirect =
          "HTTP/1.1 307 Over there\r\nLocation: https://"
              + name()
              + "/v2/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
      client.getOutputStream().write(redirect.getBytes(StandardCharsets.US_ASCII));
      client.shutdownOutput();
      in.readAllBytes();
    }
  }
}
