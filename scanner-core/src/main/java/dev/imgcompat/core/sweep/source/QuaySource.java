package dev.imgcompat.core.sweep.source;

import dev.imgcompat.core.image.ImageReference.InRegistry;
import dev.imgcompat.core.image.ReferenceParts;
import dev.imgcompat.core.image.ScanException;
import dev.imgcompat.core.registry.RegistryListings;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * The tags of some namespaces of a Quay, by its own API, which also tells digests and times.
 *
 * @see <a href="https://github.com/quay/quay/tree/master/endpoints/api">Quay's API</a>: listRepos
 *     in {@code repository.py}, listRepoTags in {@code tag.py}
 */
final class QuaySource implements ReferenceSource {
  private static final String API = "/api/v1/repository";
  private static final long LATEST_SECOND = 253_000_000_000L;

  private final String registry;
  private final List<String> namespaces;
  private final ApiLists lists;

  private QuaySource(String registry, List<String> namespaces, RegistryListings listings) {
    this.registry = registry;
    this.namespaces = List.copyOf(namespaces);
    this.lists = new ApiLists(listings, registry);
  }

  /**
   * Makes one.
   *
   * @param namespaces at least one: Quay lists no others
   */
  static QuaySource of(String registry, List<String> namespaces, RegistryListings listings)
      throws ScanException.InvalidReference {
    if (namespaces.isEmpty()) {
      throw new ScanException.InvalidReference(
          "the Quay "
              + registry
              + " lists repositories of namespaces only: name organisations or users");
    }
    for (String namespace : namespaces) {
      if (!ReferenceParts.isRepository(namespace) || namespace.indexOf('/') >= 0) {
        throw new ScanException.InvalidReference(
            "'" + namespace + "' is not the name of a namespace of a Quay");
      }
    }
    return new QuaySource(registry, namespaces, listings);
  }

  @Override
  public String name() {
    return "namespaces " + String.join(", ", namespaces) + " of the Quay " + registry;
  }

  @Override
  public void list(Listing listing) throws ScanException, InterruptedException {
    Unanswered unanswered = new Unanswered();
    for (String namespace : namespaces) {
      try {
        namespace(namespace, listing, unanswered);
      } catch (ScanException.NotFound e) {
        listing.unlisted(
            named(namespace), new ScanException.NotFound(e.getMessage() + ": is that a Quay?"));
      } catch (ScanException e) {
        unanswered.failed(e);
        listing.unlisted(named(namespace), e);
      }
    }
  }

  private String named(String namespace) {
    return "namespace " + namespace + " of " + registry;
  }

  private void namespace(String namespace, Listing listing, Unanswered unanswered)
      throws ScanException, InterruptedException {
    // Otherwise it lists only what these credentials were given rights to.
    String path = API + "?namespace=" + namespace + "&public=true";
    lists.each(
        "the repositories of " + namespace,
        path,
        Optional.of("repositories"),
        (page, number) ->
            page.member("next_page")
                .filter(token -> !token.isEmpty())
                .map(t -> path + "&next_page=" + URLEncoder.encode(t, StandardCharsets.UTF_8)),
        listing,
        item -> {
          String repository = namespace + "/" + ApiValues.text(item.path("name"), "");
          if (!ApiValues.text(item.path("namespace"), "").equals(namespace)
              || !ReferenceParts.isRepository(repository)) {
            return false;
          }
          boolean isOfImages = ApiValues.text(item.path("kind"), "image").equals("image");
          if (isOfImages && listing.wants(registry, repository)) {
            repository(repository, listing, unanswered);
          }
          return true;
        });
  }

  private void repository(String repository, Listing listing, Unanswered unanswered)
      throws ScanException, InterruptedException {
    String path =
        API + "/" + repository + "/tag/?onlyActiveTags=true&limit=" + ApiLists.PAGE_SIZE + "&page=";
    try {
      lists.each(
          "the tags of " + repository,
          path + 1,
          Optional.of("tags"),
          (page, number) ->
              page.member("has_additional").filter("true"::equals).map(more -> path + number),
          listing,
          item -> tag(repository, item, listing));
      unanswered.answered();
    } catch (ScanException.NotFound e) {
      // It was deleted meanwhile.
    } catch (ScanException e) {
      unanswered.failed(e);
      listing.unlisted(registry, repository, e);
    }
  }

  private boolean tag(String repository, JsonNode tag, Listing listing)
      throws InterruptedException {
    String name = ApiValues.text(tag.path("name"), "");
    if (!ReferenceParts.isTag(name)) {
      return false;
    }
    listing.found(
        ListedReference.tagged(registry, repository, name)
            .with(ApiValues.digest(tag.path("manifest_digest")), time(tag.path("start_ts"))));
    return true;
  }

  private static Optional<Instant> time(JsonNode seconds) {
    return seconds.isIntegralNumber() && seconds.canConvertToLong()
        ? Optional.of(seconds.asLong())
            .filter(s -> s > 0 && s < LATEST_SECOND)
            .map(Instant::ofEpochSecond)
            .filter(ApiValues::isPlausible)
        : Optional.empty();
  }

  @Override
  public boolean enumerates(InRegistry reference) {
    return reference.registry().equals(registry)
        && namespaces.stream().anyMatch(n -> reference.repository().startsWith(n + "/"));
  }

  @Override
  public void close() {
    // The listings are not ours.
  }
}
