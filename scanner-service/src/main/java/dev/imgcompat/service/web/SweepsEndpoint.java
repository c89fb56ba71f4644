package dev.imgcompat.service.web;

import dev.imgcompat.core.sweep.plan.SweepPlanException;
import dev.imgcompat.core.sweep.plan.SweepPlanFile;
import dev.imgcompat.service.scan.QueueFullException;
import dev.imgcompat.service.store.ReferenceKey;
import dev.imgcompat.service.store.SweepQuery;
import dev.imgcompat.service.store.SweepQuery.Place;
import dev.imgcompat.service.store.SweepRecord;
import dev.imgcompat.service.store.SweepRecord.State;
import dev.imgcompat.service.sweep.ActiveSweepException;
import dev.imgcompat.service.sweep.InvalidPlanException;
import dev.imgcompat.service.sweep.Sweeps;
import dev.imgcompat.service.sweep.Sweeps.PlanView;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import tools.jackson.databind.JsonNode;

/** Sweeps of registries. */
@Controller
final class SweepsEndpoint {
  private static final Logger LOG = LoggerFactory.getLogger(SweepsEndpoint.class);

  private static final Pattern ID = Pattern.compile("[0-9a-f]{32}");
  private static final int DEFAULT_LIMIT = 20;
  private static final int MAX_LIMIT = 200;
  private static final String CURSOR = "cursor";
  private static final Set<String> PARAMETERS = Set.of("plan", "state", "limit", CURSOR);

  private final Sweeps sweeps;
  private final Clock clock;

  SweepsEndpoint(Sweeps sweeps, Clock clock) {
    this.sweeps = sweeps;
    this.clock = clock;
  }

  /** One page. */
  record Page(List<SweepBody> sweeps) {}

  /** The body of an order by name. */
  record Order(Optional<String> plan) {}

  /** The plans of the operator's file. */
  record PlansBody(List<PlanBody> plans) {}

  /**
   * A plan.
   *
   * @param schedule as crontab(5) has it
   * @param next when it is due
   * @param last its newest sweep
   */
  record PlanBody(
      String name,
      Optional<String> schedule,
      Optional<String> timeZone,
      Optional<Instant> next,
      Optional<SweepBody> last) {}

  @GetMapping("/v1/sweeps")
  Reply sweeps(HttpServletRequest request) {
    Query query = Query.of(request).only(PARAMETERS);
    int limit = query.single("limit").map(SweepsEndpoint::limit).orElse(DEFAULT_LIMIT);
    // One more than is shown tells whether there is a next page.
    List<SweepRecord> found =
        sweeps.find(
            new SweepQuery(
                query.single("plan"),
                query.single("state").map(SweepsEndpoint::state),
                query.single(CURSOR).map(SweepsEndpoint::place),
                limit + 1));
    boolean more = found.size() > limit;
    List<SweepRecord> shown = more ? found.subList(0, limit) : found;
    Instant now = clock.instant();
    Reply reply =
        Reply.json(200, new Page(shown.stream().map(s -> SweepBody.inShort(s, now)).toList()));
    return more ? reply.with("Link", next(query, shown.get(shown.size() - 1))) : reply;
  }

  private static String next(Query query, SweepRecord last) {
    StringBuilder link = new StringBuilder("</v1/sweeps?");
    for (String filter : List.of("plan", "state", "limit")) {
      query
          .single(filter)
          .ifPresent(
              value ->
                  link.append(filter)
                      .append('=')
                      .append(URLEncoder.encode(value, StandardCharsets.UTF_8))
                      .append('&'));
    }
    String cursor =
        Cursor.of(new ReferenceKey(Long.toString(last.requestedAt().toEpochMilli()), last.id()));
    return link.append(CURSOR + "=").append(cursor).append(">; rel=\"next\"").toString();
  }

  private static Place place(String cursor) {
    ReferenceKey key = Cursor.parse(cursor);
    if (!key.canonical().matches("\\d{1,15}")) {
      throw RefusedException.malformed(
          "the parameter 'cursor' is damaged: take it from the Link header, or begin anew without");
    }
    return new Place(Instant.ofEpochMilli(Long.parseLong(key.canonical())), key.platform());
  }

  private static State state(String text) {
    return Arrays.stream(State.values())
        .filter(s -> s.name().equals(text.toUpperCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(
            () ->
                RefusedException.malformed(
                    "the parameter 'state' is none of " + Arrays.toString(State.values())));
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

  @PostMapping("/v1/sweeps")
  Reply order(HttpServletRequest request)
      throws IOException, InvalidPlanException, ActiveSweepException, QueueFullException {
    byte[] body = Body.json(request);
    JsonNode json = Json.read(body, JsonNode.class);
    SweepRecord sweep;
    if (json.has("plan")) {
      sweep = sweeps.order(Json.read(body, Order.class).plan().orElse(""));
    } else {
      try {
        sweep = sweeps.order(SweepPlanFile.parse(body));
      } catch (SweepPlanException e) {
        throw new InvalidPlanException(String.valueOf(e.getMessage()));
      }
    }
    LOG.info("sweep {} of {} was ordered by {}", sweep.id(), sweep.plan(), who(request));
    return Reply.json(202, SweepBody.of(sweep, clock.instant()))
        .with("Location", "/v1/sweeps/" + sweep.id())
        .with("Retry-After", "5");
  }

  @GetMapping("/v1/sweeps/plans")
  Reply plans(HttpServletRequest request) {
    Query.of(request).only(Set.of());
    Instant now = clock.instant();
    return Reply.json(
        200, new PlansBody(sweeps.plans().stream().map(plan -> plan(plan, now)).toList()));
  }

  private static PlanBody plan(PlanView view, Instant now) {
    return new PlanBody(
        view.plan().name(),
        view.plan().schedule().map(s -> s.cron()),
        view.plan().schedule().map(s -> s.zone().getId()),
        view.next(),
        view.last().map(s -> SweepBody.inShort(s, now)));
  }

  @GetMapping("/v1/sweeps/{id}")
  Reply sweep(@PathVariable("id") String id) {
    return reply(find(sweeps, id));
  }

  private Reply reply(SweepRecord sweep) {
    Reply reply = Reply.json(200, SweepBody.of(sweep, clock.instant()));
    return sweep.state().isActive() ? reply.with("Retry-After", "5") : reply;
  }

  static SweepRecord find(Sweeps sweeps, String id) {
    return Optional.of(id)
        .filter(i -> ID.matcher(i).matches())
        .flatMap(sweeps::find)
        .orElseThrow(
            () ->
                new RefusedException(
                    Problem.of(
                        ProblemKind.NOT_FOUND,
                        "no sweep of this id is known; old ones are forgotten")));
  }

  @PostMapping("/v1/sweeps/{id}/pause")
  Reply pause(@PathVariable("id") String id, HttpServletRequest request) {
    return told(id, "held up", sweeps::pause, request);
  }

  @PostMapping("/v1/sweeps/{id}/resume")
  Reply resume(@PathVariable("id") String id, HttpServletRequest request) {
    return told(id, "let go on", sweeps::resume, request);
  }

  @PostMapping("/v1/sweeps/{id}/cancel")
  Reply cancel(@PathVariable("id") String id, HttpServletRequest request) {
    return told(id, "ended", sweeps::cancel, request);
  }

  private Reply told(String id, String what, Predicate<String> order, HttpServletRequest request) {
    SweepRecord sweep = find(sweeps, id);
    if (!order.test(id)) {
      throw new RefusedException(
          Problem.of(ProblemKind.SWEEP_ENDED, "the sweep has ended, or is about to"));
    }
    LOG.info("sweep {} of {} was {} by {}", id, sweep.plan(), what, who(request));
    return reply(find(sweeps, id));
  }

  private static String who(HttpServletRequest request) {
    return Optional.ofNullable(request.getUserPrincipal()).map(Principal::getName).orElse("");
  }
}
