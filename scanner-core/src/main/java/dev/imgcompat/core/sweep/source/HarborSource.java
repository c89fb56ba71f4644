package dev.imgcompat.core.sweep.source;

import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.image.ImageReference.InRegistry;
import dev.imgcompat.core.image.ReferenceParts;
import dev.imgcompat.core.image.ScanException;
import dev.imgcompat.core.registry.RegistryListings;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * The tagged images of a Harbor, by its own API, which also tells digests and times. Its catalog is
 * for administrators only.
 *
 * @see <a href="https://github.com/goharbor/harbor/blob/main/api/v2.0/swagger.yaml">Harbor's
 *     API</a>: listProjects, listRepositories, listArtifacts
 */
final class HarborSource implements ReferenceSource {
  private static final String API = "/api/v2.0/projects";

  private final String registry;
  private final List<String> projects;
  private final ApiLists lists;

  private HarborSource(String registry, List<String> projects, RegistryListings listings) {
    this.registry = registry;
    this.projects = List.copyOf(projects);
    this.lists = new ApiLists(listings, registry);
  }

  /**
   * Makes one.
   *
   * @param projects only these; all that can be seen if empty
   */
  static HarborSource of(String registry, List<String> projects, RegistryListings listings)
      throws ScanException.InvalidReference {
    for (String project : projects) {
      if (!isProject(project)) {
        throw new ScanException.InvalidReference(
            "'" + project + "' is not the name of a project of a Harbor");
      }
    }
    return new HarborSource(registry, projects, listings);
  }

  private static boolean isProject(String name) {
    return ReferenceParts.isRepository(name) && name.indexOf('/') < 0;
  }

  @Override
  public String name() {
    return (projects.isEmpty() ? "all projects" : "projects " + String.join(", ", projects))
        + " of the Harbor "
        + registry;
  }

  @Override
  public void list(Listing listing) throws ScanException, InterruptedException {
    Unanswered unanswered = new Unanswered();
    for (String project : projects) {
      project(project, listing, unanswered);
    }
    if (!projects.isEmpty()) {
      return;
    }
    try {
      pages(
          "its projects",
          API + "?with_detail=false",
          listing,
          item -> {
            String name = ApiValues.text(item.path("name"), "");
            if (!isProject(name)) {
              return false;
            }
            project(name, listing, unanswered);
            return true;
          });
    } catch (ScanException.NotFound e) {
      throw new ScanException.NotFound(
          e.getMessage() + ": is that a Harbor, and of version 2.0 or later?");
    }
  }

  /** In the order in which they were made: what is new meanwhile moves nothing to other pages. */
  private void project(String project, Listing listing, Unanswered unanswered)
      throws ScanException, InterruptedException {
    try {
      pages(
          "the repositories of its project " + project,
          API + "/" + project + "/repositories?sort=repository_id",
          listing,
          item -> {
            String name = ApiValues.text(item.path("name"), "");
            if (!ReferenceParts.isRepository(name) || !name.startsWith(project + "/")) {
              return false;
            }
            if (listing.wants(registry, name)) {
              repository(project, name, listing, unanswered);
            }
            return true;
          });
    } catch (ScanException e) {
      unanswered.failed(e);
      listing.unlisted("project " + project + " of " + registry, e);
    }
  }

  private void repository(String project, String repository, Listing listing, Unanswered unanswered)
      throws ScanException, InterruptedException {
    // Its API has slashes encoded twice.
    String inProject = repository.substring(project.length() + 1).replace("/", "%252F");
    try {
      pages(
          "the artifacts of " + repository,
          API
              + "/"
              + project
              + "/repositories/"
              + inProject
              + "/artifacts?with_tag=true&q=tags%3D*&sort=id",
          listing,
          item -> artifact(repository, item, listing));
      unanswered.answered();
    } catch (ScanException.NotFound e) {
      // It was deleted meanwhile.
    } catch (ScanException e) {
      unanswered.failed(e);
      listing.unlisted(registry, repository, e);
    }
  }

  private boolean artifact(String repository, JsonNode artifact, Listing listing)
      throws InterruptedException {
    JsonNode tags = artifact.path("tags");
    boolean hasNone = tags.isMissingNode() || tags.isNull();
    if (!artifact.isObject() || !(tags.isArray() || hasNone)) {
      return false;
    }
    if (!ApiValues.text(artifact.path("type"), "IMAGE").equals("IMAGE")) {
      return true; // a chart, a signature, a model
    }
    Optional<Digest> digest = ApiValues.digest(artifact.path("digest"));
    boolean allMakeSense = true;
    for (JsonNode tag : tags) {
      String name = ApiValues.text(tag.path("name"), "");
      if (ReferenceParts.isTag(name)) {
        listing.found(
            ListedReference.tagged(registry, repository, name)
                .with(digest, time(tag.path("push_time"))));
      } else {
        allMakeSense = false;
      }
    }
    return allMakeSense;
  }

  private static Optional<Instant> time(JsonNode text) {
    try {
      return Optional.of(OffsetDateTime.parse(ApiValues.text(text, "")).toInstant())
          .filter(ApiValues::isPlausible);
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private void pages(String what, String path, Listing listing, ApiLists.Item item)
      throws ScanException, InterruptedException {
    String query = path + (path.indexOf('?') < 0 ? "?" : "&") + "page_size=" + ApiLists.PAGE_SIZE;
    lists.each(
        what,
        query + "&page=1",
        Optional.empty(),
        (page, number) ->
            page.items() < ApiLists.PAGE_SIZE
                ? Optional.empty()
                : Optional.of(query + "&page=" + number),
        listing,
        item);
  }

  @Override
  public boolean enumerates(InRegistry reference) {
    return reference.registry().equals(registry)
        && (projects.isEmpty()
            || projects.stream().anyMatch(p -> reference.repository().startsWith(p + "/")));
  }

  @Override
  public void close() {
    // The listings are not ours.
  }
}
