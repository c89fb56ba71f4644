package dev.imgcompat.core.testing;

import dev.imgcompat.core.image.Digest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The listing half of Harbor's API, version 2.0, on a port of the loopback interface: as its
 * swagger.yaml and its handlers have it, with pages of 10 unless more are asked for, 100 at most.
 */
public final class FakeHarbor extends FaultyServer {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  private static final Pattern PROJECTS = Pattern.compile("/api/v2\\.0/projects");
  private static final Pattern REPOSITORIES =
      Pattern.compile("/api/v2\\.0/projects/([^/]+)/repositories");
  private static final Pattern ARTIFACTS =
      Pattern.compile("/api/v2\\.0/projects/([^/]+)/repositories/([^/]+)/artifacts");
  private static final long MOST = 100;

  /** An artifact of a repository. */
  private record Artifact(String type, String digest, List<String> tags, Instant pushed) {}

  private final Map<String, Map<String, List<Artifact>>> projects = new LinkedHashMap<>();

  /** Starts one that speaks plain http, on a free port. */
  public FakeHarbor() {
    super(Optional.empty());
    start();
  }

  /** Has a project. */
  public FakeHarbor project(String name) {
    synchronized (projects) {
      projects.computeIfAbsent(name, key -> new LinkedHashMap<>());
    }
    return this;
  }

  /** Has an image; of {@code tags} there may be none. */
  public FakeHarbor image(
      String project, String repository, Digest digest, Instant pushed, String... tags) {
    return artifact(project, repository, "IMAGE", digest.value(), pushed, tags);
  }

  /** Has an artifact of a type such as {@code CHART}. */
  public FakeHarbor artifact(
      String project,
      String repository,
      String type,
      String digest,
      Instant pushed,
      String... tags) {
    synchronized (projects) {
      projects
          .computeIfAbsent(project, key -> new LinkedHashMap<>())
          .computeIfAbsent(repository, key -> new ArrayList<>())
          .add(new Artifact(type, digest, Arrays.asList(tags), pushed));
    }
    return this;
  }

  @Override
  Optional<Reply> refusal(RecordedRequest request) {
    return Optional.empty();
  }

  @Override
  Reply whole(RecordedRequest request) {
    return usual(request);
  }

  @Override
  Reply usual(RecordedRequest request) {
    synchronized (projects) {
      Matcher artifacts = ARTIFACTS.matcher(request.path());
      Matcher repositories = REPOSITORIES.matcher(request.path());
      if (PROJECTS.matcher(request.path()).matches()) {
        return page(request, List.copyOf(projects.keySet()), FakeHarbor::projectJson);
      }
      if (repositories.matches()) {
        String project = repositories.group(1);
        Map<String, List<Artifact>> found = projects.get(project);
        return found == null
            ? unauthorized()
            : page(
                request,
                List.copyOf(found.entrySet()),
                entry -> repositoryJson(project, entry.getKey(), entry.getValue().size()));
      }
      if (!artifacts.matches()) {
        return Reply.error(404, "NOT_FOUND", "the requested resource isn't found");
      }
      Map<String, List<Artifact>> found = projects.get(artifacts.group(1));
      if (found == null) {
        return unauthorized();
      }
      // What the path has was decoded once; it is encoded twice where it has slashes.
      String repository = URLDecoder.decode(artifacts.group(2), StandardCharsets.UTF_8);
      boolean taggedOnly = request.parameter("q").equals(Optional.of("tags=*"));
      return page(
          request,
          found.getOrDefault(repository, List.of()).stream()
              .filter(artifact -> !taggedOnly || !artifact.tags().isEmpty())
              .toList(),
          FakeHarbor::artifactJson);
    }
  }

  private static Reply unauthorized() {
    return Reply.error(401, "UNAUTHORIZED", "unauthorized");
  }

  private static <T> Reply page(
      RecordedRequest request, List<T> all, Function<T, ObjectNode> form) {
    long number = request.parameter("page").map(Long::valueOf).orElse(1L);
    long size = request.parameter("page_size").map(Long::valueOf).orElse(10L);
    if (size > MOST) {
      return Reply.error(
          422,
          "UNPROCESSABLE_ENTITY",
          "validation failure list: page_size in query should be less than or equal to 100");
    }
    ArrayNode page = MAPPER.createArrayNode();
    all.stream().skip((number - 1) * size).limit(size).map(form).forEach(page::add);
    Reply reply =
        Reply.json(200, page.toString()).with("X-Total-Count", String.valueOf(all.size()));
    return number * size >= all.size()
        ? reply
        : reply.with(
            "Link",
            "<"
                + request.path()
                + "?page="
                + (number + 1)
                + "&page_size="
                + size
                + ">; rel=\"next\"");
  }

  private static ObjectNode projectJson(String name) {
    ObjectNode project = MAPPER.createObjectNode();
    project.put("project_id", 7).put("owner_id", 1).put("owner_name", "admin").put("name", name);
    project.put("creation_time", "2024-05-06T07:08:09.123Z").put("repo_count", 1);
    project.putObject("metadata").put("public", "true");
    return project;
  }

  private static ObjectNode repositoryJson(String project, String name, int artifacts) {
    return MAPPER
        .createObjectNode()
        .put("id", 8)
        .put("project_id", 7)
        .put("name", project + "/" + name)
        .put("artifact_count", artifacts)
        .put("pull_count", 0)
        .put("update_time", "2024-05-06T07:08:09.123Z");
  }

  private static ObjectNode artifactJson(Artifact artifact) {
    ObjectNode node = MAPPER.createObjectNode();
    node.putNull("accessories");
    node.put("digest", artifact.digest()).put("id", 9).put("type", artifact.type());
    node.put("manifest_media_type", "application/vnd.oci.image.manifest.v1+json");
    node.put("media_type", "application/vnd.oci.image.config.v1+json").put("size", 1234);
    node.put("push_time", "2020-01-01T00:00:00.000Z").put("pull_time", "0001-01-01T00:00:00.000Z");
    node.putObject("extra_attrs").put("architecture", "amd64").put("os", "linux");
    node.putNull("references");
    if (artifact.tags().isEmpty()) {
      node.putNull("tags");
      return node;
    }
    ArrayNode tags = node.putArray("tags");
    for (String tag : artifact.tags()) {
      tags.addObject()
          .put("artifact_id", 9)
          .put("id", 10)
          .put("immutable", false)
          .put("name", tag)
          .put("pull_time", "0001-01-01T00:00:00.000Z")
          .put("push_time", artifact.pushed().toString())
          .put("repository_id", 8);
    }
    return node;
  }
}
