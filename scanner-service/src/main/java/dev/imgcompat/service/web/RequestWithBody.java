package dev.imgcompat.service.web;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/**
 * A request of which the body is there. Until it has passed for the first time, it says that it
 * comes from a client, as it does, though the server sends it on only now: what guards requests
 * must not take it for one that was let through before.
 */
final class RequestWithBody extends HttpServletRequestWrapper {
  private final Bytes body;
  private volatile boolean passed;

  RequestWithBody(HttpServletRequest request, byte[] body) {
    super(request);
    this.body = new Bytes(new ByteArrayInputStream(body));
  }

  void passed() {
    passed = true;
  }

  @Override
  public DispatcherType getDispatcherType() {
    return passed ? super.getDispatcherType() : DispatcherType.REQUEST;
  }

  @Override
  public ServletInputStream getInputStream() {
    return body;
  }

  @Override
  public BufferedReader getReader() {
    return new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
  }

  private static final class Bytes extends ServletInputStream {
    private final ByteArrayInputStream bytes;

    Bytes(ByteArrayInputStream bytes) {
      this.bytes = bytes;
    }

    @Override
    public int read() {
      return bytes.read();
    }

    @Override
    public int read(byte[] target, int offset, int length) {
      return bytes.read(target, offset, length);
    }

    @Override
    public int available() {
      return bytes.available();
    }

    @Override
    public boolean isFinished() {
      return bytes.available() == 0;
    }

    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public void setReadListener(ReadListener listener) {
      throw new IllegalStateException("the body is there already");
    }
  }
}
