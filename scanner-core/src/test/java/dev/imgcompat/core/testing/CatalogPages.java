package dev.imgcompat.core.testing;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a registry lists, in pages, as the distribution project's does: sorted, after {@code last},
 * at most {@code n}, with a link to the rest.
 */
final class CatalogPages {
  private static final Pattern TAGS = Pattern.compile("/v2/(.+)/tags/list");

  private final NavigableMap<String, Collection<String>> tags;
  private final int most;

  CatalogPages(Map<String, ? extends Collection<String>> tags, int most) {
    this.tags = new TreeMap<>(tags);
    this.most = most;
  }

  /** The answer, if it is a list that was asked for. */
  Optional<Reply> answer(RecordedRequest request) {
    if (request.path().equals("/v2/_catalog")) {
      return Optional.of(page(request, "repositories", tags.keySet()));
    }
    Matcher list = TAGS.matcher(request.path());
    if (!list.matches()) {
      return Optional.empty();
    }
    Collection<String> found = tags.get(list.group(1));
    // A repository whose tags are all deleted is as unknown as one that never was.
    return Optional.of(
        found == null || found.isEmpty()
            ? Reply.error(404, "NAME_UNKNOWN", "repository name not known to registry")
            : page(request, "tags", found));
  }

  private Reply page(RecordedRequest request, String member, Collection<String> all) {
    int count = request.parameter("n").map(Integer::valueOf).orElse(most);
    if (count > most) {
      return Reply.error(400, "PAGINATION_NUMBER_INVALID", "invalid number of results requested");
    }
    String last = request.parameter("last").orElse("");
    List<String> rest = List.copyOf(new TreeSet<>(all).tailSet(last, false));
    List<String> shown = rest.subList(0, Math.min(count, rest.size()));
    Reply reply =
        Reply.json(
            200,
            shown.stream()
                .map(name -> "\"" + name + "\"")
                .collect(Collectors.joining(",", "{\"" + member + "\":[", "]}")));
    return shown.size() == rest.size()
        ? reply
        : reply.with(
            "Link",
            "<"
                + request.path()
                + "?last="
                + URLEncoder.encode(shown.get(shown.size() - 1), StandardCharsets.UTF_8)
                + "&n="
                + count
                + ">; rel=\"next\"");
  }
}
