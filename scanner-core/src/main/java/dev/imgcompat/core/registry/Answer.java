package dev.imgcompat.core.registry;

import org.apache.hc.core5.http.ClassicHttpResponse;

/** A response that is discarded in the end, whatever is left of it. */
record Answer(ClassicHttpResponse response) implements AutoCloseable {
  @Override
  public void close() {
    HttpTransport.discard(response);
  }
}
