package dev.imgcompat.service.web;

import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.image.Platform;
import dev.imgcompat.core.rules.RulePack;
import dev.imgcompat.core.verdict.Decision;
import dev.imgcompat.core.verdict.Report.ImageReport;
import dev.imgcompat.service.store.ImageQuery;
import dev.imgcompat.service.store.ReferenceKey;
import dev.imgcompat.service.store.ReferenceWithImage;
import dev.imgcompat.service.store.Store;
import dev.imgcompat.service.store.StoredImage;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;

/** What is known of images. */
@Controller
final class ImagesEndpoint {
  private static final int DEFAULT_LIMIT = 50;
  private static final int MAX_LIMIT = 500;
  private static final int MAX_REFERENCES = 100;
  private static final String CURSOR = "cursor";

  /** What the next page keeps. */
  private static final List<String> FILTERS =
      List.of("decision", "registry", "repository", "platform", "runtime", "digest", "q", "limit");

  private static final Set<String> PARAMETERS =
      Set.of(
          "decision",
          "registry",
          "repository",
          "platform",
          "runtime",
          "digest",
          "q",
          "limit",
          CURSOR);

  private final Store store;
  private final RulePack rules;
  private final String runtime;

  ImagesEndpoint(Store store, RulePack rules, String runtime) {
    this.store = store;
    this.rules = rules;
    this.runtime = runtime;
  }

  /** One page. */
  record Page(String runtime, List<ImageItem> images) {}

  /**
   * One image.
   *
   * @param references that name it; at most 100
   * @param image as {@code scan -o json} shows it
   */
  record ImageBody(Digest digest, List<ReferenceKey> references, ImageReport image) {}

  @GetMapping("/v1/images")
  Reply images(HttpServletRequest request) {
    Query query = Query.of(request).only(PARAMETERS);
    int limit = query.single("limit").map(ImagesEndpoint::limit).orElse(DEFAULT_LIMIT);
    String name = parsed(query, "runtime", text -> rules.target(text).name()).orElse(runtime);
    // One more than is shown tells whether there is a next page.
    List<ReferenceWithImage> found =
        store
            .references()
            .find(
                new ImageQuery(
                    name,
                    parsed(query, "decision", ImagesEndpoint::decision),
                    query.single("registry"),
                    query.single("repository"),
                    parsed(query, "platform", text -> Platform.parse(text).toString()),
                    parsed(query, "digest", text -> Digest.of(text).value()),
                    query.single("q"),
                    query.single(CURSOR).map(Cursor::parse),
                    limit + 1));
    boolean more = found.size() > limit;
    List<ReferenceWithImage> shown = more ? found.subList(0, limit) : found;
    Reply reply =
        Reply.json(200, new Page(name, shown.stream().map(f -> ImageItem.of(f, name)).toList()));
    return more
        ? reply.with("Link", next(query, shown.get(shown.size() - 1).reference().key()))
        : reply;
  }

  private static String next(Query query, ReferenceKey last) {
    StringBuilder link = new StringBuilder("</v1/images?");
    for (String filter : FILTERS) {
      query
          .single(filter)
          .ifPresent(
              value ->
                  link.append(filter)
                      .append('=')
                      .append(URLEncoder.encode(value, StandardCharsets.UTF_8))
                      .append('&'));
    }
    return link.append(CURSOR + "=").append(Cursor.of(last)).append(">; rel=\"next\"").toString();
  }

  @GetMapping("/v1/images/{digest}")
  Reply image(@PathVariable("digest") String text) {
    Digest digest;
    try {
      digest = Digest.of(text);
    } catch (IllegalArgumentException e) {
      throw RefusedException.malformed(String.valueOf(e.getMessage()));
    }
    StoredImage image =
        store
            .images()
            .image(digest)
            .orElseThrow(
                () ->
                    new RefusedException(
                        Problem.of(ProblemKind.NOT_FOUND, "no image of this digest was scanned")));
    List<ReferenceKey> references =
        store.references().find(namedBy(digest)).stream().map(f -> f.reference().key()).toList();
    return Reply.json(200, new ImageBody(digest, references, image.report()));
  }

  private ImageQuery namedBy(Digest digest) {
    return new ImageQuery(
        runtime,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(digest.value()),
        Optional.empty(),
        Optional.empty(),
        MAX_REFERENCES);
  }

  private static <T> Optional<T> parsed(Query query, String name, Function<String, T> parse) {
    try {
      return query.single(name).map(parse);
    } catch (IllegalArgumentException e) {
      throw RefusedException.malformed(
          "the parameter '" + name + "': " + String.valueOf(e.getMessage()));
    }
  }

  private static Decision decision(String text) {
    return Arrays.stream(Decision.values())
        .filter(d -> d.name().equals(text.toUpperCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "'" + text + "' is none of " + Arrays.toString(Decision.values())));
  }

  private static int limit(String text) {
    if (text.matches("\\d{1,4}")) {
      int limit = Integer.parseInt(text);
      if (limit >= 1 && limit <= MAX_LIMIT) {
        return limit;
      }
    }
    throw RefusedException.malformed(
        "the parameter 'limit' is not a number from 1 to " + MAX_LIMIT);
  }
}
