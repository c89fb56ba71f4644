package dev.imgcompat.core.engine;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The tar of an export. An engine that fails in its midst writes a line of JSON that says why and
 * ends as if all was well ({@code getImagesGet} in {@code image_routes.go} of moby); no tar ends
 * like that, so that here the stream fails.
 */
final class ExportStream extends InputStream {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  /** Messages that are longer are not recognized. */
  private static final int TAIL = 4096;

  private final InputStream body;
  private final ClassicHttpResponse response;
  private final String subject;
  private final byte[] tail = new byte[TAIL];
  private long count;
  private @Nullable String failure;

  /**
   * Creates a stream.
   *
   * @param subject the engine and the image, such as {@code the Docker engine at X: the export of
   *     'y'}
   */
  ExportStream(ClassicHttpResponse response, InputStream body, String subject) {
    this.response = response;
    this.body = body;
    this.subject = subject;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    if (failure != null) {
      throw new IOException(failure);
    }
    int read;
    try {
      read = body.read(buffer, offset, length);
    } catch (IOException e) {
      failure = subject + " broke off: " + EngineFailures.reason(e);
      throw new IOException(failure, e);
    }
    if (read > 0) {
      keepTail(buffer, offset, read);
    } else if (read < 0) {
      Optional<String> said = lastWords();
      if (said.isPresent()) {
        failure = subject + " failed: " + said.get();
        throw new IOException(failure);
      }
    }
    return read;
  }

  @Override
  public void close() {
    EngineTransport.discard(response);
  }

  private void keepTail(byte[] buffer, int offset, int read) {
    int kept = Math.min(read, TAIL);
    count += read - kept;
    int at = (int) (count % TAIL);
    int first = Math.min(kept, TAIL - at);
    System.arraycopy(buffer, offset + read - kept, tail, at, first);
    System.arraycopy(buffer, offset + read - kept + first, tail, 0, kept - first);
    count += kept;
  }

  private Optional<String> lastWords() {
    int kept = (int) Math.min(count, TAIL);
    byte[] ordered = new byte[kept];
    for (int i = 0; i < kept; i++) {
      ordered[i] = tail[(int) ((count - kept + i) % TAIL)];
    }
    String text = new String(ordered, StandardCharsets.UTF_8);
    int start = text.lastIndexOf("{\"error");
    if (start < 0 || !text.stripTrailing().endsWith("}")) {
      return Optional.empty();
    }
    try {
      return Optional.of(MAPPER.readTree(text.substring(start)).path("error").asString(""))
          .filter(message -> !message.isBlank())
          .map(EngineFailures::oneLine);
    } catch (JacksonException e) {
      return Optional.empty();
    }
  }
}
