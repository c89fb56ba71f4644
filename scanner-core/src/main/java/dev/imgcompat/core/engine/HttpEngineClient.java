package dev.imgcompat.core.engine;

import dev.imgcompat.core.image.Bytes;
import dev.imgcompat.core.image.Platform;
import dev.imgcompat.core.image.ScanException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpStatus;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Talks to the engine that a finder finds, from the first request on: who scans no image of an
 * engine needs none, and his settings may be wrong.
 *
 * <p>Requests name the engine's own API version, as {@code /_ping} states it: engines refuse
 * versions that are too old or too new for them, and these two requests have been the same since
 * the first ones. Where it states none the paths have none, and the engine takes its default.
 */
public final class HttpEngineClient implements EngineClient {
  private static final int MAX_INSPECT_BYTES = 16 << 20;
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private final EngineFinder finder;
  private final String userAgent;
  private final EngineTimes times;
  private @Nullable EngineTransport opened;
  private boolean closed;

  /** Forgotten at every failure: an engine may have been replaced by a newer one. */
  private volatile @Nullable ApiAnswer ping;

  /** What the engine said of its version. */
  private record ApiAnswer(Optional<ApiVersion> version) {}

  /**
   * Creates a client; nothing is asked yet.
   *
   * @param finder of the engine
   * @param userAgent to introduce itself with
   */
  public HttpEngineClient(EngineFinder finder, String userAgent) {
    this(finder, userAgent, EngineTimes.DEFAULT);
  }

  HttpEngineClient(EngineFinder finder, String userAgent, EngineTimes times) {
    this.finder = finder;
    this.userAgent = userAgent;
    this.times = times;
  }

  @Override
  public EngineImage inspect(String name, Optional<Platform> platform) throws ScanException {
    String path = ImagePath.of(name) + "/json";
    EngineTransport transport = transport();
    ClassicHttpResponse response =
        get(transport, path, name, platform, ApiVersion.INSPECT_PLATFORM, times.silence());
    String subject =
        "what the Docker engine at " + transport.endpoint() + " says of '" + name + "'";
    try {
      return InspectParser.parse(Bytes.read(body(response), MAX_INSPECT_BYTES, subject), subject);
    } catch (IOException e) {
      throw unavailable(transport, "'" + name + "'", e);
    } finally {
      EngineTransport.discard(response);
    }
  }

  @Override
  public InputStream export(String name, Optional<Platform> platform) throws ScanException {
    String path = ImagePath.of(name) + "/get";
    EngineTransport transport = transport();
    ClassicHttpResponse response =
        get(transport, path, name, platform, ApiVersion.EXPORT_PLATFORM, times.exportStart());
    try {
      return new ExportStream(
          response,
          body(response),
          "the export of '" + name + "' by the Docker engine at " + transport.endpoint());
    } catch (IOException e) {
      EngineTransport.discard(response);
      throw unavailable(transport, "an export of '" + name + "'", e);
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (opened != null) {
      opened.close();
    }
  }

  /** Asks for an image; names the platform if the engine knows that since its version. */
  private ClassicHttpResponse get(
      EngineTransport transport,
      String path,
      String name,
      Optional<Platform> wanted,
      ApiVersion since,
      Duration start)
      throws ScanException {
    Optional<ApiVersion> version = version(transport);
    Optional<Platform> platform =
        version.filter(v -> v.isAtLeast(since)).isPresent() ? wanted : Optional.empty();
    String prefix = version.map(v -> "/v" + v).orElse("");
    String query = platform.map(HttpEngineClient::query).orElse("");
    ClassicHttpResponse response;
    try {
      response = transport.get(prefix + path + query, start);
    } catch (IOException e) {
      throw unavailable(transport, "'" + name + "'", e);
    }
    if (response.getCode() == HttpStatus.SC_OK) {
      return response;
    }
    ping = null;
    try {
      throw EngineFailures.of(response, transport.endpoint(), name, platform);
    } finally {
      EngineTransport.discard(response);
    }
  }

  private static String query(Platform platform) {
    Map<String, String> fields = new TreeMap<>();
    fields.put("os", platform.os());
    fields.put("architecture", platform.architecture());
    platform.variant().ifPresent(v -> fields.put("variant", v));
    return "?platform="
        + URLEncoder.encode(MAPPER.writeValueAsString(fields), StandardCharsets.UTF_8);
  }

  private static InputStream body(ClassicHttpResponse response) throws IOException {
    return response.getEntity() == null
        ? InputStream.nullInputStream()
        : response.getEntity().getContent();
  }

  private ScanException unavailable(EngineTransport transport, String what, IOException cause) {
    ping = null;
    return EngineFailures.unavailable(transport.endpoint(), what, cause);
  }

  private synchronized EngineTransport transport() throws ScanException {
    if (closed) {
      throw new IllegalStateException("closed");
    }
    if (opened == null) {
      opened = new EngineTransport(finder.find(), userAgent, times);
    }
    return opened;
  }

  private Optional<ApiVersion> version(EngineTransport transport) throws ScanException {
    ApiAnswer known = ping;
    if (known == null) {
      known = new ApiAnswer(ping(transport));
      ping = known;
    }
    return known.version();
  }

  private static Optional<ApiVersion> ping(EngineTransport transport) throws ScanException {
    ClassicHttpResponse response;
    try {
      response = transport.get("/_ping", transport.times().silence());
    } catch (IOException e) {
      throw EngineFailures.unavailable(transport.endpoint(), "its version", e);
    }
    try {
      Header stated = response.getFirstHeader("Api-Version");
      if (stated == null && response.getCode() == HttpStatus.SC_NOT_FOUND) {
        throw ScanException.EngineUnavailable.misconfigured(
            "what answers at " + transport.endpoint() + " is no Docker engine");
      }
      if (stated == null && response.getCode() != HttpStatus.SC_OK) {
        throw EngineFailures.of(response, transport.endpoint(), "a ping");
      }
      return stated == null ? Optional.empty() : ApiVersion.parse(stated.getValue());
    } finally {
      EngineTransport.discard(response);
    }
  }
}
