package dev.imgcompat.core.testing;

import dev.imgcompat.core.image.Bytes;
import dev.imgcompat.core.image.Digest;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;

/**
 * A registry on the loopback interface that serves what layouts hold, and does what it is told with
 * each request.
 *
 * <pre>{@code
 * registry.serve("team/it", "1", layout, image);
 * registry.on(FaultyRegistry.blob("team/it", layer)).then(closeAfter(1000)).times(2, status(503));
 * }</pre>
 *
 * <p>Where it wants credentials, a request without them is refused before anything that is planned
 * for its path; what lies outside of {@code /v2/} is for all.
 */
public final class FaultyRegistry extends FaultyServer {
  private static final Pattern RANGE = Pattern.compile("bytes=([0-9]+)-([0-9]*)");
  private static final String CATALOG = "/v2/_catalog";
  private static final Pattern REPOSITORY = Pattern.compile("/v2/(.+)/(manifests|blobs|tags)/.*");

  private final Map<String, Reply> content = new ConcurrentHashMap<>();
  private volatile Optional<CatalogPages> catalog = Optional.empty();
  private volatile Guard guard = request -> Optional.empty();

  private interface Guard {
    Optional<Reply> refusal(RecordedRequest request);
  }

  /** Starts one that speaks plain http, on a free port. */
  public FaultyRegistry() {
    this(Optional.empty());
  }

  private FaultyRegistry(Optional<Tls> tls) {
    super(tls);
    content.put("/v2/", Reply.json(200, "{}"));
    start();
  }

  /** Starts one that speaks https. */
  public static FaultyRegistry secure(SSLContext context) {
    return new FaultyRegistry(Optional.of(new Tls(context, false)));
  }

  /** Starts one that speaks https with who has a certificate that the context trusts. */
  public static FaultyRegistry secureForKnown(SSLContext context) {
    return new FaultyRegistry(Optional.of(new Tls(context, true)));
  }

  /** The path of a manifest. */
  public static String manifest(String repository, Object tagOrDigest) {
    return "/v2/" + repository + "/manifests/" + tagOrDigest;
  }

  /** The path of a blob. */
  public static String blob(String repository, Digest digest) {
    return "/v2/" + repository + "/blobs/" + digest;
  }

  /** Serves the blobs of a layout in a repository, and a manifest of it under a tag. */
  public FaultyRegistry serve(String repository, String tag, LayoutBuilder layout, Digest image) {
    layout
        .files()
        .forEach(
            (path, bytes) -> {
              if (path.startsWith("blobs/")) {
                Digest digest = Bytes.digest(bytes);
                serve(blob(repository, digest), "application/octet-stream", bytes);
                manifest(repository, digest, bytes);
                if (digest.equals(image)) {
                  manifest(repository, tag, bytes);
                }
              }
            });
    return this;
  }

  /** Serves anything under a path. */
  public FaultyRegistry serve(String path, String type, byte[] bytes) {
    content.put(
        path,
        Reply.status(200)
            .with("Content-Type", type)
            .with("Docker-Content-Digest", Bytes.digest(bytes).value())
            .with("ETag", "\"" + Bytes.digest(bytes) + "\"")
            .body(bytes));
    return this;
  }

  /**
   * Lists these repositories and tags, at most so many at once, whether it serves them or not.
   *
   * @param tags by repository; one without any is listed, but has no list of tags
   */
  public FaultyRegistry list(Map<String, ? extends Collection<String>> tags, int most) {
    catalog = Optional.of(new CatalogPages(tags, most));
    return this;
  }

  /** Wants tokens of this server. */
  public FaultyRegistry requireToken(TokenServer tokens) {
    guard =
        request ->
            request.path().equals(CATALOG)
                ? tokens.refusalOfCatalog(request)
                : tokens.refusal(request, repository(request));
    return this;
  }

  /** Wants a user's name and password. */
  public FaultyRegistry requireBasic(String user, String password) {
    String right =
        "Basic "
            + Base64.getEncoder()
                .encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    guard =
        request ->
            request.authorization().filter(right::equals).isPresent()
                ? Optional.empty()
                : Optional.of(
                    Reply.error(401, "UNAUTHORIZED", "authentication required")
                        .with("WWW-Authenticate", "Basic realm=\"faulty\""));
    return this;
  }

  /** Lets everyone in again. */
  public FaultyRegistry requireNothing() {
    guard = request -> Optional.empty();
    return this;
  }

  @Override
  Optional<Reply> refusal(RecordedRequest request) {
    return request.path().startsWith("/v2/") ? guard.refusal(request) : Optional.empty();
  }

  @Override
  Reply whole(RecordedRequest request) {
    String path = request.path();
    Optional<Reply> list = catalog.flatMap(pages -> pages.answer(request));
    if (list.isPresent()) {
      return list.get();
    }
    Reply reply = content.get(path);
    if (reply == null) {
      return Reply.error(
          404, path.contains("/blobs/") ? "BLOB_UNKNOWN" : "MANIFEST_UNKNOWN", "unknown");
    }
    return path.contains("/manifests/") ? reply : reply.with("Accept-Ranges", "bytes");
  }

  @Override
  Reply usual(RecordedRequest request) {
    Reply whole = whole(request);
    Optional<Matcher> range =
        request.range().map(RANGE::matcher).filter(Matcher::matches).filter(r -> fits(request));
    return whole.header("Accept-Ranges").isPresent() && range.isPresent()
        ? part(whole, range.get())
        : whole;
  }

  /** Whether a range is meant of what we have. */
  private boolean fits(RecordedRequest request) {
    Optional<String> wanted = request.header("If-Range");
    return wanted.isEmpty() || wanted.equals(whole(request).header("ETag"));
  }

  private static Reply part(Reply whole, Matcher range) {
    int length = whole.bytes().length;
    long first = Long.parseLong(range.group(1));
    if (first >= length) {
      return Reply.status(416).with("Content-Range", "bytes */" + length);
    }
    long last = range.group(2).isEmpty() ? length - 1 : Long.parseLong(range.group(2));
    int end = (int) Math.min(last + 1, length);
    return whole
        .withStatus(206)
        .with("Content-Range", "bytes " + first + "-" + (end - 1) + "/" + length)
        .body(Arrays.copyOfRange(whole.bytes(), (int) first, end));
  }

  private void manifest(String repository, Object tagOrDigest, byte[] bytes) {
    serve(manifest(repository, tagOrDigest), FakeRegistry.mediaType(bytes), bytes);
  }

  private static Optional<String> repository(RecordedRequest request) {
    Matcher matcher = REPOSITORY.matcher(request.path());
    return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
  }
}
