package dev.imgcompat.core.registry;

import dev.imgcompat.core.access.TlsContexts;
import dev.imgcompat.core.image.Layer;
import dev.imgcompat.core.image.ScanException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpStatus;
import org.jspecify.annotations.Nullable;

/**
 * Gets layers that are not where their image is, from the addresses that its manifest lists, if
 * that is allowed: it lets the author of an image choose whom this machine connects to. Safe for
 * use by several threads.
 *
 * <p>Addresses must be of https, or of http on the loopback interface; so must those that they
 * redirect to. No credentials are sent.
 */
public final class ForeignLayers implements AutoCloseable {
  /** Gets none, and says how they would be had. */
  public static final ForeignLayers NOT_ALLOWED = new ForeignLayers(null, RegistrySettings.DEFAULT);

  private static final int MAX_PORT = 65_535;

  private final @Nullable String userAgent;
  private final RegistrySettings settings;
  private @Nullable HttpTransport transport;

  private ForeignLayers(@Nullable String userAgent, RegistrySettings settings) {
    this.userAgent = userAgent;
    this.settings = settings;
  }

  /**
   * Returns one that gets them.
   *
   * @param userAgent to introduce itself with
   * @param settings proxies, authorities and time-outs for all hosts; the rest does not matter
   */
  public static ForeignLayers allowed(String userAgent, RegistrySettings settings) {
    return new ForeignLayers(userAgent, settings);
  }

  /**
   * Opens a layer from the first address that has it; the caller verifies and closes it.
   *
   * @param urls at least one
   * @throws ScanException.ForeignLayer if that is not allowed
   */
  public InputStream open(Layer layer, List<String> urls) throws ScanException {
    String what = "layer " + layer.digest();
    if (userAgent == null) {
      throw new ScanException.ForeignLayer(
          what
              + " is not kept with the image, but on "
              + host(urls.get(0))
              + ": --allow-foreign-layers fetches it from there");
    }
    HttpTransport http = transport(userAgent);
    List<String> failures = new ArrayList<>();
    boolean tried = false;
    for (String url : urls) {
      try {
        URI address = checked(url);
        tried = true;
        return fetch(address, layer, http);
      } catch (IOException e) {
        failures.add(host(url) + ": " + Failures.reason(e));
      }
    }
    if (!tried) {
      throw new ScanException.ForeignLayer(
          what
              + " is not kept with the image, and nowhere that it could be fetched from: "
              + String.join("; ", failures));
    }
    throw new ScanException.Unavailable(
        what
            + ", which is not kept with the image, could not be fetched: "
            + String.join("; ", failures),
        null);
  }

  private synchronized HttpTransport transport(String name) throws ScanException {
    if (transport == null) {
      SSLContext tls = TlsContexts.verifying(settings.trust().authorities(), Optional.empty());
      transport =
          new HttpTransport(
              name, settings, new DefaultClientTlsStrategy(tls), Gate.OPEN, status -> {});
    }
    return transport;
  }

  private InputStream fetch(URI address, Layer layer, HttpTransport transport) throws IOException {
    URI at = address;
    ClassicHttpResponse response = send(at, transport);
    for (int followed = 0; Redirects.isRedirect(response); followed++) {
      at = checked(Redirects.next(at, response, followed).toString());
      response = send(at, transport);
    }
    if (response.getCode() != HttpStatus.SC_OK) {
      HttpTransport.discard(response);
      throw new IOException("status " + response.getCode());
    }
    try {
      long length = response.getEntity() == null ? 0 : response.getEntity().getContentLength();
      if (length >= 0 && layer.size().isPresent() && length != layer.size().getAsLong()) {
        throw new IOException(
            length + " bytes, where the manifest states " + layer.size().getAsLong());
      }
      Deadline deadline = Deadline.in(settings.timeouts().overall());
      return new ResponseStream(transport.body(response, deadline), response);
    } catch (IOException e) {
      HttpTransport.discard(response);
      throw e;
    }
  }

  private static ClassicHttpResponse send(URI address, HttpTransport transport) throws IOException {
    HttpGet request = new HttpGet(address);
    request.setHeader(HttpHeaders.ACCEPT, "*/*");
    return transport.send(request);
  }

  private static URI checked(String url) throws IOException {
    URI address;
    try {
      address = new URI(url);
    } catch (URISyntaxException e) {
      throw new IOException("no address");
    }
    String host = address.getHost();
    if (host == null || address.getPort() > MAX_PORT || address.getRawUserInfo() != null) {
      throw new IOException(
          address.getRawUserInfo() != null ? "an address with credentials" : "no address");
    }
    String scheme = String.valueOf(address.getScheme()).toLowerCase(Locale.ROOT);
    if (!scheme.equals("https") && !(scheme.equals("http") && Endpoint.isLoopback(host))) {
      throw new IOException("not an address of https");
    }
    return address;
  }

  /** The host of an address; the rest of it may hold secrets. */
  private static String host(String url) {
    try {
      String host = new URI(url).getHost();
      return host == null ? "an unknown host" : host;
    } catch (URISyntaxException e) {
      return "an unknown host";
    }
  }

  @Override
  public synchronized void close() {
    if (transport != null) {
      transport.close();
    }
  }
}
