package dev.imgcompat.core.registry;

import java.io.FilterInputStream;
import java.io.IOException;
import org.apache.hc.core5.http.ClassicHttpResponse;

/** The body of a response. Closed early, it drops the connection instead of reading the rest. */
final class ResponseStream extends FilterInputStream {
  private final ClassicHttpResponse response;

  ResponseStream(GuardedStream body, ClassicHttpResponse response) {
    super(body);
    this.response = response;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    return in.read(buffer, offset, length);
  }

  @Override
  public void close() throws IOException {
    in.close();
    HttpTransport.discard(response);
  }
}
