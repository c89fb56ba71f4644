package dev.imgcompat.core.registry;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.imgcompat.core.access.CredentialSource;
import dev.imgcompat.core.image.Bytes;
import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.image.ImageReference.InRegistry;
import dev.imgcompat.core.image.Layer;
import dev.imgcompat.core.image.LayerContent;
import dev.imgcompat.core.image.ManifestDocument;
import dev.imgcompat.core.image.ManifestParser;
import dev.imgcompat.core.image.RegistryListener;
import dev.imgcompat.core.image.ScanException;
import dev.imgcompat.core.image.SignedManifest;
import dev.imgcompat.core.registry.RegistrySettings.Mirror;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpStatus;

/**
 * Talks to registries over HTTP, as their settings say: mirrors first, with credentials where they
 * are wanted, patiently. One serves a whole process, and holds one HTTP client for each registry.
 */
public final class HttpRegistryClient implements RegistryClient {
  /** How long a mirror that failed is left alone. */
  private static final Duration COOL_DOWN = Duration.ofSeconds(60);

  private static final String DIGEST_HEADER = "Docker-Content-Digest";
  private static final String DIGEST = "sha256:[a-f0-9]{64}";

  private final String userAgent;
  private final RegistrySettings.Source settings;
  private final CredentialSource credentials;
  private final RegistryListener listener;
  private final Reach reach;
  private final NameLookup lookup;
  private final Map<String, RegistryHost> hosts = new HashMap<>();

  /** Mirrors, or repositories of theirs, that failed not long ago. */
  private final Cache<String, Boolean> cooling =
      Caffeine.newBuilder().expireAfterWrite(COOL_DOWN).maximumSize(10_000).build();

  private boolean closed;

  /**
   * Creates a client.
   *
   * @param userAgent to introduce itself with
   * @param settings of a registry, by its host (and port); {@code docker.io} is Docker Hub. Asked
   *     once for each
   * @param credentials to be shown to registries that want some
   * @param listener is told how it goes
   */
  public HttpRegistryClient(
      String userAgent,
      RegistrySettings.Source settings,
      CredentialSource credentials,
      RegistryListener listener) {
    this(userAgent, settings, credentials, listener, Reach.ANYWHERE, NameLookup.SYSTEM);
  }

  /**
   * Creates a client that does not ask everybody.
   *
   * @param reach says whom it may ask
   * @param lookup of all names but those that only a proxy knows
   */
  public HttpRegistryClient(
      String userAgent,
      RegistrySettings.Source settings,
      CredentialSource credentials,
      RegistryListener listener,
      Reach reach,
      NameLookup lookup) {
    this.userAgent = userAgent;
    this.settings = settings;
    this.credentials = credentials;
    this.listener = listener;
    this.reach = reach;
    this.lookup = lookup;
  }

  @Override
  public FetchedManifest manifest(InRegistry image, String qualifier)
      throws ScanException, InterruptedException {
    String what = "manifest " + qualifier;
    String accept = String.join(", ", ManifestDocument.ACCEPTED);
    return anywhere(
        image,
        place ->
            body(
                place,
                place.question("manifests/" + qualifier, accept, what),
                ManifestParser.MAX_MANIFEST_BYTES,
                (response, received) -> verified(place, qualifier, response, received)));
  }

  @Override
  public Optional<Digest> digest(InRegistry image, String tag)
      throws ScanException, InterruptedException {
    String accept = String.join(", ", ManifestDocument.ACCEPTED);
    return anywhere(image, place -> digest(place, tag, accept));
  }

  private static Optional<Digest> digest(Place place, String tag, String accept)
      throws ScanException, InterruptedException {
    RegistryHost host = place.host();
    Question question = place.question("manifests/" + tag, accept, "the digest of " + tag);
    host.throttle().enter();
    try {
      return host.ask(
          question.headOnly(),
          tries(place),
          response -> {
            try (Answer answer = new Answer(response)) {
              return stated(answer.response());
            }
          });
    } finally {
      host.throttle().leave();
    }
  }

  /** What is no digest, or several, says nothing. */
  private static Optional<Digest> stated(ClassicHttpResponse response) {
    Header[] stated = response.getHeaders(DIGEST_HEADER);
    return response.getCode() == HttpStatus.SC_OK
            && stated.length == 1
            && stated[0].getValue().matches(DIGEST)
        ? Optional.of(Digest.of(stated[0].getValue()))
        : Optional.empty();
  }

  private static FetchedManifest verified(
      Place place, String qualifier, ClassicHttpResponse response, byte[] received)
      throws ScanException {
    String what = "manifest " + qualifier;
    byte[] bytes = SignedManifest.payload(received, what);
    Digest digest = Bytes.digest(bytes);
    if (qualifier.startsWith("sha256:") && !digest.value().equals(qualifier)) {
      throw new ScanException.DigestMismatch(
          "registry "
              + place.host().name()
              + " answered with another manifest, "
              + digest
              + ", than "
              + qualifier);
    }
    Header stated = response.getFirstHeader(DIGEST_HEADER);
    if (stated != null
        && stated.getValue().startsWith("sha256:")
        && !stated.getValue().equals(digest.value())) {
      throw new ScanException.DigestMismatch(
          what
              + " has the digest "
              + digest
              + ", but registry "
              + place.host().name()
              + " states "
              + (stated.getValue().matches(DIGEST) ? stated.getValue() : "what is none"));
    }
    return new FetchedManifest(bytes, digest);
  }

  @Override
  public byte[] document(InRegistry image, Digest digest, int most)
      throws ScanException, InterruptedException {
    String what = "blob " + digest;
    return anywhere(
        image,
        place ->
            body(
                place,
                place.question("blobs/" + digest, "*/*", what),
                most,
                (response, bytes) -> {
                  if (!Bytes.digest(bytes).equals(digest)) {
                    throw new ScanException.DigestMismatch(
                        what
                            + " of registry "
                            + place.host().name()
                            + " does not have that digest; its bytes have "
                            + Bytes.digest(bytes));
                  }
                  return bytes;
                }));
  }

  private static <T> T body(
      Place place, Question question, int most, RegistryHost.BodyReception<T> reception)
      throws ScanException, InterruptedException {
    RegistryHost host = place.host();
    host.throttle().enter();
    try {
      return host.askForBody(question, tries(place), most, reception);
    } finally {
      host.throttle().leave();
    }
  }

  @Override
  public LayerContent.Opener blob(InRegistry image, Layer layer) {
    return new RegistryBlob(image, layer);
  }

  private static Tries tries(Place place) {
    RegistrySettings settings = place.host().settings();
    Deadline deadline = Deadline.in(settings.timeouts().overall());
    return new Tries(
        // Behind a mirror there is another place, which is the better next try.
        place.isMirror() ? settings.retries().few() : settings.retries(), deadline);
  }

  @FunctionalInterface
  private interface Asking<T> {
    T at(Place place) throws ScanException, InterruptedException;
  }

  /** Asks one place after the other; the failure that counts is that of the registry itself. */
  private <T> T anywhere(InRegistry image, Asking<T> asking)
      throws ScanException, InterruptedException {
    List<String> lacking = new ArrayList<>();
    for (Mirror mirror : settings(image.registry()).mirrors()) {
      if (isCooling(mirror, image)) {
        continue;
      }
      try {
        String prefix = mirror.prefix().isEmpty() ? "" : mirror.prefix() + "/";
        return asking.at(new Place(host(mirror.host()), prefix + image.repository(), true));
      } catch (ScanException.NotFound e) {
        // It need not mirror all there is.
        lacking.add("mirror " + mirror + " was asked first: " + e.getMessage());
      } catch (ScanException e) {
        leaveAlone(mirror, image, e);
      }
    }
    try {
      return asking.at(origin(image));
    } catch (ScanException.Unavailable | ScanException.NotAllowed e) {
      lacking.forEach(listener::warning);
      throw e;
    }
  }

  private Place origin(InRegistry image) throws ScanException {
    return new Place(host(image.registry()), image.repository(), false);
  }

  private boolean isCooling(Mirror mirror, InRegistry image) {
    return cooling.getIfPresent(mirror.toString()) != null
        || cooling.getIfPresent(repository(mirror, image)) != null;
  }

  private static String repository(Mirror mirror, InRegistry image) {
    return mirror + " " + image.repository();
  }

  private void leaveAlone(Mirror mirror, InRegistry image, ScanException failure) {
    // What is refused for good may be so for this repository alone.
    cooling.put(failure.retryable() ? mirror.toString() : repository(mirror, image), Boolean.TRUE);
    listener.warning(
        "mirror "
            + mirror
            + " was of no use, "
            + image.registry()
            + " itself is asked: "
            + failure.getMessage());
  }

  private RegistrySettings settings(String registry) throws ScanException {
    return host(registry).settings();
  }

  private synchronized RegistryHost host(String registry) throws ScanException {
    if (closed) {
      throw new IllegalStateException("closed");
    }
    RegistryHost host = hosts.get(registry);
    if (host == null) {
      host =
          new RegistryHost(
              registry,
              userAgent,
              settings.of(registry),
              credentials,
              listener,
              new Gate(registry, reach, lookup));
      hosts.put(registry, host);
    }
    return host;
  }

  @Override
  public void close() {
    List<RegistryHost> open;
    synchronized (this) {
      closed = true;
      open = new ArrayList<>(hosts.values());
      hosts.clear();
    }
    open.forEach(RegistryHost::close);
  }

  /** A layer's blob. What it was put together of, or a mirror's copy, may turn out to be wrong. */
  private final class RegistryBlob implements LayerContent.Opener {
    private final InRegistry image;
    private final Layer layer;
    private volatile boolean ranges = true;
    private volatile boolean mirrors = true;
    private volatile boolean spliced;
    private volatile boolean mirrored;

    RegistryBlob(InRegistry image, Layer layer) {
      this.image = image;
      this.layer = layer;
    }

    @Override
    public InputStream open() throws ScanException, InterruptedException {
      return mirrors ? anywhere(image, this::open) : open(origin(image));
    }

    private InputStream open(Place place) throws ScanException, InterruptedException {
      mirrored = place.isMirror();
      String what = "layer " + layer.digest();
      Question question = place.question("blobs/" + layer.digest(), "*/*", what);
      BlobStream stream =
          BlobStream.open(place.host(), question, () -> tries(place), layer.size(), ranges);
      return new Watched(stream);
    }

    @Override
    public boolean isWorthAnother(ScanException failure) {
      if (mirrored && mirrors) {
        mirrors = false;
        return true;
      }
      boolean wrong =
          failure instanceof ScanException.DigestMismatch
              || failure instanceof ScanException.Damaged;
      if (spliced && ranges && wrong) {
        ranges = false;
        return true;
      }
      return false;
    }

    /** Remembers, when it is closed, how the stream came to be. */
    private final class Watched extends FilterInputStream {
      private final BlobStream blob;

      Watched(BlobStream blob) {
        super(blob);
        this.blob = blob;
      }

      @Override
      public int read(byte[] buffer, int offset, int length) throws IOException {
        return blob.read(buffer, offset, length);
      }

      @Override
      public void close() {
        spliced = blob.isSpliced();
        blob.close();
      }
    }
  }
}
