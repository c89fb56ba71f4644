package dev.imgcompat.core.registry;

import dev.imgcompat.core.access.CredentialSource;
import dev.imgcompat.core.access.RegistryName;
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
import java.util.Optional;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpStatus;

/**
 * Talks to registries over HTTP, as their settings say: mirrors first, with credentials where they
 * are wanted, patiently. One serves a whole process, and holds one HTTP client for each registry.
 */
public final class HttpRegistryClient implements RegistryClient, RegistryListings {
  /** As many as the distribution project's registry lists at once. */
  private static final int PAGE_SIZE = 1000;

  private static final int MAX_API_BYTES = 4 << 20;

  private static final String DIGEST_HEADER = "Docker-Content-Digest";
  private static final String DIGEST = "sha256:[a-f0-9]{64}";

  private final Places places;
  private final int pageSize;

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
    this(new Places(userAgent, settings, credentials, listener, reach, lookup), PAGE_SIZE);
  }

  /**
   * Creates a client.
   *
   * @param pageSize how much of a list to ask for at once
   */
  HttpRegistryClient(Places places, int pageSize) {
    this.places = places;
    this.pageSize = pageSize;
  }

  @Override
  public FetchedManifest manifest(InRegistry image, String qualifier)
      throws ScanException, InterruptedException {
    String what = "manifest " + qualifier;
    String accept = String.join(", ", ManifestDocument.ACCEPTED);
    return places.anywhere(
        image,
        place ->
            place
                .host()
                .read(
                    Question.ofManifest(place.repository(), qualifier, accept, what),
                    place::tries,
                    ManifestParser.MAX_MANIFEST_BYTES,
                    (response, received) -> verified(place, qualifier, response, received)));
  }

  @Override
  public Optional<Digest> digest(InRegistry image, String tag)
      throws ScanException, InterruptedException {
    String accept = String.join(", ", ManifestDocument.ACCEPTED);
    return places.anywhere(image, place -> digest(place, tag, accept));
  }

  private static Optional<Digest> digest(Place place, String tag, String accept)
      throws ScanException, InterruptedException {
    RegistryHost host = place.host();
    Question question =
        Question.ofManifest(place.repository(), tag, accept, "the digest of " + tag);
    host.throttle().enter();
    try {
      return host.ask(
          question.headOnly(),
          place.tries(),
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
    return places.anywhere(
        image,
        place ->
            place
                .host()
                .read(
                    Question.ofBlob(place.repository(), digest, what),
                    place::tries,
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

  @Override
  public void repositories(String registry, Taker<String> taker)
      throws ScanException, InterruptedException {
    if (registry.equals(RegistryName.DOCKER_HUB)) {
      throw Failures.noCatalog(registry, "Docker Hub has no list of all");
    }
    PagedList.ofRepositories(places.host(registry), pageSize).forEach(taker);
  }

  @Override
  public void tags(String registry, String repository, Taker<String> taker)
      throws ScanException, InterruptedException {
    PagedList.ofTags(places.host(registry), repository, pageSize).forEach(taker);
  }

  @Override
  public byte[] api(String registry, String path, String what)
      throws ScanException, InterruptedException {
    RegistryHost host = places.host(registry);
    return host.read(
        Question.ofApi(path, what), host::tries, MAX_API_BYTES, (response, bytes) -> bytes);
  }

  @Override
  public LayerContent.Opener blob(InRegistry image, Layer layer) {
    return new RegistryBlob(places, image, layer);
  }

  @Override
  public void close() {
    places.close();
  }
}
