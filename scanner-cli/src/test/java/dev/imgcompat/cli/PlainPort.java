package dev.imgcompat.cli;

import dev.imgcompat.core.testing.ForwardingPort;
import java.io.IOException;
import java.io.PushbackInputStream;
import java.net.Socket;

/**
 * Passes everything on to another port, but closes connections that begin with a TLS greeting:
 * skopeo tries https first, and the JDK's server would wait for the rest of what it takes for a
 * request.
 */
final class PlainPort extends ForwardingPort {
  private static final int TLS_HANDSHAKE = 0x16;

  private final int target;

  /**
   * Opens one on a free port.
   *
   * @param target host and port of the other one
   */
  PlainPort(String target) {
    this.target = Integer.parseInt(target.substring(target.lastIndexOf(':') + 1));
  }

  @Override
  protected void serve(Socket client) throws IOException {
    PushbackInputStream in = new PushbackInputStream(client.getInputStream());
    int first = in.read();
    if (first >= 0 && first != TLS_HANDSHAKE) {
      in.unread(first);
      forward(client, in, target, new byte[0]);
    }
  }
}
