package dev.imgcompat.core.registry;

import com.google.cloud.tools.jib.http.Authorization;
import dev.imgcompat.core.image.Bytes;
import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.image.ImageReference.InRegistry;
import dev.imgcompat.core.image.Layer;
import dev.imgcompat.core.image.ManifestDocument;
import dev.imgcompat.core.image.ManifestParser;
import dev.imgcompat.core.image.ScanException;
import dev.imgcompat.core.image.SignedManifest;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpStatus;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Talks to registries over HTTP; anonymous, with a token where the registry wants one. */
public final class HttpRegistryClient implements RegistryClient {
  private static final int SOME_TAGS = 10;
  private static final int MAX_TAGS_BYTES = 4 << 20;
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private final HttpTransport transport;
  private final Endpoints endpoints;
  private final TokenSource tokens;
  private final Map<String, Authorization> authorizations = new ConcurrentHashMap<>();

  /**
   * Creates a client.
   *
   * @param userAgent to introduce itself with
   */
  public HttpRegistryClient(String userAgent) {
    this.transport = new HttpTransport(userAgent);
    this.endpoints = new Endpoints(transport);
    this.tokens = new TokenSource(transport);
  }

  @Override
  public FetchedManifest manifest(InRegistry image, String qualifier) throws ScanException {
    String what = "manifest " + qualifier;
    try (Answer answer =
        new Answer(
            get(
                image,
                "manifests/" + qualifier,
                String.join(", ", ManifestDocument.ACCEPTED),
                what))) {
      ClassicHttpResponse response = answer.response();
      byte[] received = Bytes.read(body(response), ManifestParser.MAX_MANIFEST_BYTES, what);
      byte[] bytes = SignedManifest.payload(received, what);
      Digest digest = Bytes.digest(bytes);
      if (qualifier.startsWith("sha256:") && !digest.value().equals(qualifier)) {
        throw new ScanException.DigestMismatch(
            "registry "
                + image.registry()
                + " answered with another manifest, "
                + digest
                + ", than "
                + qualifier);
      }
      Header stated = response.getFirstHeader("Docker-Content-Digest");
      if (stated != null
          && stated.getValue().startsWith("sha256:")
          && !stated.getValue().equals(digest.value())) {
        throw new ScanException.DigestMismatch(
            what + " has the digest " + digest + ", but the registry states " + stated.getValue());
      }
      return new FetchedManifest(bytes, digest);
    } catch (IOException e) {
      throw Failures.unavailable(image.registry(), what, e);
    }
  }

  @Override
  public byte[] document(InRegistry image, Digest digest, int most) throws ScanException {
    String what = "blob " + digest;
    try (Answer answer = new Answer(get(image, "blobs/" + digest, "*/*", what))) {
      ClassicHttpResponse response = answer.response();
      byte[] bytes = Bytes.read(body(response), most, what);
      if (!Bytes.digest(bytes).equals(digest)) {
        throw new ScanException.DigestMismatch(
            what + " does not have that digest; its bytes have " + Bytes.digest(bytes));
      }
      return bytes;
    } catch (IOException e) {
      throw Failures.unavailable(image.registry(), what, e);
    }
  }

  @Override
  public InputStream open(InRegistry image, Layer layer) throws ScanException {
    String what = "layer " + layer.digest();
    ClassicHttpResponse response = get(image, "blobs/" + layer.digest(), "*/*", what);
    try {
      return new ResponseStream(body(response), response);
    } catch (IOException e) {
      HttpTransport.discard(response);
      throw Failures.unavailable(image.registry(), what, e);
    }
  }

  @Override
  public void close() {
    transport.close();
  }

  static InputStream body(ClassicHttpResponse response) throws IOException {
    if (response.getEntity() == null) {
      return InputStream.nullInputStream();
    }
    return response.getEntity().getContent();
  }

  /** Sends a GET, with a token if the registry asks for one, and follows redirects. */
  private ClassicHttpResponse get(InRegistry image, String path, String accept, String what)
      throws ScanException {
    try {
      URI uri = endpoints.of(image.registry()).resolve("/v2/" + image.repository() + "/" + path);
      String scope = image.registry() + "/" + image.repository();
      Authorization sent = authorizations.get(scope);
      ClassicHttpResponse response = send(uri, accept, sent);
      if (response.getCode() == HttpStatus.SC_UNAUTHORIZED) {
        Header[] challenges = response.getHeaders(HttpHeaders.WWW_AUTHENTICATE);
        HttpTransport.discard(response);
        Authorization renewed =
            tokens
                .answer(challenges, uri, image)
                .orElseThrow(() -> Failures.denied(image, HttpStatus.SC_UNAUTHORIZED));
        authorizations.put(scope, renewed);
        response = send(uri, accept, renewed);
      }
      URI at = uri;
      for (int followed = 0; Redirects.isRedirect(response); followed++) {
        at = Redirects.next(at, response, followed);
        response = send(at, accept, null);
      }
      if (response.getCode() == HttpStatus.SC_NOT_FOUND && path.startsWith("manifests/")) {
        HttpTransport.discard(response);
        throw unknownManifest(image, path.substring("manifests/".length()));
      }
      if (response.getCode() != HttpStatus.SC_OK) {
        throw Failures.of(response, image, what);
      }
      return response;
    } catch (IOException e) {
      throw Failures.unavailable(image.registry(), what, e);
    }
  }

  /**
   * Tells an unknown tag from an unknown repository: registries answer both in the same way, but
   * list the tags of a repository that is there.
   */
  private ScanException unknownManifest(InRegistry image, String qualifier) throws IOException {
    URI tags =
        endpoints
            .of(image.registry())
            .resolve("/v2/" + image.repository() + "/tags/list?n=" + SOME_TAGS);
    Authorization sent = authorizations.get(image.registry() + "/" + image.repository());
    try (Answer answer = new Answer(send(tags, "application/json", sent))) {
      ClassicHttpResponse response = answer.response();
      if (response.getCode() == HttpStatus.SC_NOT_FOUND) {
        return Failures.noRepository(image);
      }
      if (response.getCode() != HttpStatus.SC_OK) {
        return Failures.noManifest(image, qualifier, List.of());
      }
      JsonNode list =
          MAPPER.readTree(Bytes.read(body(response), MAX_TAGS_BYTES, "the list of tags"));
      List<String> some = new ArrayList<>();
      for (JsonNode tag : list.path("tags")) {
        if (some.size() < SOME_TAGS) {
          some.add(tag.asString(""));
        }
      }
      return Failures.noManifest(image, qualifier, some);
    } catch (IOException | JacksonException | ScanException.LimitExceeded e) {
      return Failures.noManifest(image, qualifier, List.of());
    }
  }

  private ClassicHttpResponse send(URI uri, String accept, @Nullable Authorization authorization)
      throws IOException {
    HttpGet request = new HttpGet(uri);
    request.setHeader(HttpHeaders.ACCEPT, accept);
    if (authorization != null) {
      request.setHeader(
          HttpHeaders.AUTHORIZATION, authorization.getScheme() + " " + authorization.getToken());
    }
    return transport.send(request);
  }
}
