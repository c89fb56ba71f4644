package dev.imgcompat.service.store.jdbc;

import dev.imgcompat.core.verdict.Decision;
import dev.imgcompat.service.store.ImageQuery;
import dev.imgcompat.service.store.ReferenceKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The statement for a page of references. Each filter that can be narrow has an index which also
 * gives the order; the order names the filtered column too, or H2 would sort all of them.
 */
final class ReferenceSearch {
  private static final String COLUMNS =
      "r.canonical, r.platform, r.digest, r.index_digest, r.checked_at, r.failure, r.failed_at,"
          + " r.plan";

  private final List<String> conditions = new ArrayList<>();
  private final Map<String, Object> parameters = new HashMap<>();
  private String table = "reference r";
  private String order = "r.canonical, r.platform";

  private ReferenceSearch() {}

  static ReferenceSearch of(ImageQuery query) {
    ReferenceSearch search = new ReferenceSearch();
    query.digest().ifPresent(search::digest);
    query.registry().ifPresent(value -> search.column("registry", value));
    query.repository().ifPresent(value -> search.column("repository", value));
    query
        .platform()
        .ifPresent(value -> search.condition("r.platform = :platform", "platform", value));
    query.decision().ifPresent(value -> search.decision(query.runtime(), value));
    query.text().ifPresent(search::text);
    query.after().ifPresent(search::after);
    search.parameters.put("limit", query.limit());
    return search;
  }

  /** Whether no reference can meet the query: one has no characters that cannot be kept. */
  static boolean isHopeless(ImageQuery query) {
    return Stream.of(
            Optional.of(query.runtime()),
            query.registry(),
            query.repository(),
            query.platform(),
            query.digest(),
            query.text(),
            query.after().map(ReferenceKey::canonical),
            query.after().map(ReferenceKey::platform))
        .flatMap(Optional::stream)
        .anyMatch(text -> text.chars().anyMatch(c -> c == 0 || Character.isSurrogate((char) c)));
  }

  String sql() {
    return "SELECT "
        + COLUMNS
        + " FROM "
        + table
        + (conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions))
        + " ORDER BY "
        + order
        + " LIMIT :limit";
  }

  Map<String, Object> parameters() {
    return parameters;
  }

  private void condition(String text, String parameter, Object value) {
    conditions.add(text);
    parameters.put(parameter, value);
  }

  private void column(String name, String value) {
    condition("r." + name + " = :" + name, name, value);
    order = "r." + name + ", r.canonical, r.platform";
  }

  private void digest(String digest) {
    table =
        """
        (SELECT * FROM reference WHERE digest = :digest
          UNION ALL
          SELECT * FROM reference WHERE index_digest = :digest
            AND (digest IS NULL OR digest <> :digest)) r""";
    parameters.put("digest", digest);
  }

  private void decision(String runtime, Decision decision) {
    table += " LEFT JOIN verdict v ON v.image_digest = r.digest AND v.runtime = :runtime";
    parameters.put("runtime", runtime);
    condition(
        decision == Decision.UNKNOWN
            ? "(v.decision = :decision OR v.decision IS NULL)"
            : "v.decision = :decision",
        "decision",
        decision.name());
  }

  private void text(String text) {
    condition(
        "lower(r.canonical) LIKE :text ESCAPE '!'",
        "text",
        "%" + text.toLowerCase(Locale.ROOT).replaceAll("([!%_])", "!$1") + "%");
  }

  private void after(ReferenceKey key) {
    condition("r.canonical >= :canonical", "canonical", key.canonical());
    condition("(r.canonical > :canonical OR r.platform > :after)", "after", key.platform());
  }
}
