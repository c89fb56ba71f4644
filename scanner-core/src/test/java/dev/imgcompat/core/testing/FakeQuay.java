package dev.imgcompat.core.testing;

import dev.imgcompat.core.image.Digest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The listing half of Quay's API on a port of the loopback interface, as its {@code
 * endpoints/api/repository.py} and {@code tag.py} have it: 100 repositories a page, with a token
 * for the next one that is another one each time; 50 tags a page unless more are asked for, 100 at
 * most.
 */
public final class FakeQuay extends FaultyServer {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  private static final Pattern TAGS = Pattern.compile("/api/v1/repository/(.+)/tag/");
  private static final int REPOSITORIES_A_PAGE = 100;
  private static final int TAGS_A_PAGE = 100;

  private record Tag(String name, String digest, Instant start) {}

  private record Repository(String namespace, String name, String kind, List<Tag> tags) {}

  private final Map<String, Repository> repositories = new LinkedHashMap<>();
  private final Map<String, Integer> tokens = new ConcurrentHashMap<>();

  /** Starts one that speaks plain http, on a free port. */
  public FakeQuay() {
    super(Optional.empty());
    start();
  }

  /** Has a repository of a kind, {@code image} or {@code application}. */
  public FakeQuay repository(String namespace, String name, String kind) {
    synchronized (repositories) {
      repositories.computeIfAbsent(
          namespace + "/" + name, key -> new Repository(namespace, name, kind, new ArrayList<>()));
    }
    return this;
  }

  /** Has a tag. */
  public FakeQuay tag(String namespace, String name, String tag, Digest digest, Instant start) {
    repository(namespace, name, "image");
    synchronized (repositories) {
      repositories.get(namespace + "/" + name).tags().add(new Tag(tag, digest.value(), start));
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
    synchronized (repositories) {
      if (request.path().equals("/api/v1/repository")) {
        return repositories(request);
      }
      Matcher tags = TAGS.matcher(request.path());
      Repository found = tags.matches() ? repositories.get(tags.group(1)) : null;
      return found == null ? problem(404, "not_found", "Not Found") : tags(request, found.tags());
    }
  }

  private static Reply problem(int status, String type, String detail) {
    ObjectNode problem = MAPPER.createObjectNode();
    problem.put("detail", detail).put("error_message", detail).put("error_type", type);
    problem.put("title", type).put("type", "http://quay/api/v1/error/" + type);
    return Reply.json(status, problem.put("status", status).toString());
  }

  private Reply repositories(RecordedRequest request) {
    Optional<String> namespace = request.parameter("namespace");
    boolean isPublic = request.parameter("public").equals(Optional.of("true"));
    if (namespace.isEmpty() && !isPublic) {
      return problem(400, "invalid_request", "namespace, starred or public are required");
    }
    // Whoever is nobody sees what is public, if he asks for that.
    boolean sees = isPublic || request.authorization().isPresent();
    List<Repository> all =
        repositories.values().stream()
            .filter(r -> sees && namespace.stream().allMatch(r.namespace()::equals))
            .toList();
    int start = request.parameter("next_page").map(tokens::get).orElse(0);
    ObjectNode answer = MAPPER.createObjectNode();
    ArrayNode list = answer.putArray("repositories");
    int end = Math.min(all.size(), start + REPOSITORIES_A_PAGE);
    for (Repository repository : all.subList(start, end)) {
      ObjectNode node = list.addObject();
      node.put("namespace", repository.namespace()).put("name", repository.name());
      node.putNull("description").put("is_public", true).put("kind", repository.kind());
      node.put("state", "NORMAL").put("is_starred", false);
    }
    if (end < all.size()) {
      String token = IssuedTokens.random() + "+/==";
      tokens.put(token, end);
      answer.put("next_page", token);
    }
    return Reply.json(200, answer.toString());
  }

  private static Reply tags(RecordedRequest request, List<Tag> all) {
    int size = Math.min(TAGS_A_PAGE, request.parameter("limit").map(Integer::valueOf).orElse(50));
    int page = Math.max(1, request.parameter("page").map(Integer::valueOf).orElse(1));
    int start = Math.min(all.size(), (page - 1) * size);
    int end = Math.min(all.size(), start + size);
    ObjectNode answer = MAPPER.createObjectNode();
    ArrayNode list = answer.putArray("tags");
    for (Tag tag : all.subList(start, end)) {
      ObjectNode node = list.addObject();
      node.put("name", tag.name()).put("reversion", false);
      node.put("start_ts", tag.start().getEpochSecond()).put("manifest_digest", tag.digest());
      node.put("is_manifest_list", false).put("size", 1234);
      node.put(
          "last_modified",
          DateTimeFormatter.RFC_1123_DATE_TIME.format(tag.start().atOffset(ZoneOffset.UTC)));
    }
    answer.put("page", page).put("has_additional", end < all.size());
    return Reply.json(200, answer.toString());
  }
}
