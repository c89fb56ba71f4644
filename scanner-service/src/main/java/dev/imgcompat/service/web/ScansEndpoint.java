package dev.imgcompat.service.web;

import dev.imgcompat.service.scan.QueueFullException;
import dev.imgcompat.service.scan.ScanOrder;
import dev.imgcompat.service.scan.ScanView;
import dev.imgcompat.service.scan.Scans;
import dev.imgcompat.service.subject.InvalidQuestionException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.context.request.async.DeferredResult;

/** Scans on demand. */
@Controller
final class ScansEndpoint {
  private static final Pattern ID = Pattern.compile("[0-9a-f]{32}");

  /** Of W3C's trace context, version 00. */
  private static final Pattern TRACE_PARENT =
      Pattern.compile("00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}");

  /** By how much waiting may be late. */
  private static final Duration SLACK = Duration.ofSeconds(5);

  private final Scans scans;
  private final Duration maxWait;

  ScansEndpoint(Scans scans, Duration maxWait) {
    this.scans = scans;
    this.maxWait = maxWait;
  }

  /** The body of an order. */
  record Order(
      Optional<String> image,
      Optional<String> platform,
      Optional<String> runtime,
      Optional<Boolean> force) {}

  /** Waiting takes no thread; of a client that hangs up nothing is left but the scan. */
  @PostMapping("/v1/scans")
  DeferredResult<Reply> order(HttpServletRequest request)
      throws IOException, InvalidQuestionException, QueueFullException {
    Optional<Duration> wait =
        Query.of(request).only(Set.of("wait")).single("wait").map(Wait::parse);
    Order order = Json.read(Body.json(request), Order.class);
    ScanView view =
        scans.order(
            new ScanOrder(
                order
                    .image()
                    .orElseThrow(() -> RefusedException.malformed("the member 'image' is missing")),
                order.platform(),
                order.runtime(),
                order.force().orElse(false),
                Optional.ofNullable(request.getHeader("traceparent"))
                    .filter(h -> TRACE_PARENT.matcher(h).matches())));
    if (wait.isEmpty() || !view.scan().state().isActive()) {
      DeferredResult<Reply> now = new DeferredResult<>();
      now.setResult(reply(view));
      return now;
    }
    return later(view, wait.get().compareTo(maxWait) < 0 ? wait.get() : maxWait);
  }

  private DeferredResult<Reply> later(ScanView view, Duration wait) {
    DeferredResult<Reply> later =
        new DeferredResult<>(wait.plus(SLACK).toMillis(), () -> reply(view));
    CompletableFuture<ScanView> ended = scans.await(view, wait);
    // Whoever hung up does not keep the place of somebody who waits.
    later.onCompletion(() -> ended.cancel(true));
    CompletableFuture<Reply> unused =
        ended
            .thenApply(ScansEndpoint::reply)
            .whenComplete(
                (reply, failure) -> {
                  if (failure == null) {
                    later.setResult(reply);
                  } else if (!ended.isCancelled()) {
                    later.setErrorResult(failure.getCause() == null ? failure : failure.getCause());
                  }
                });
    return later;
  }

  private static Reply reply(ScanView view) {
    boolean active = view.scan().state().isActive();
    Reply reply =
        Reply.json(active ? 202 : 200, ScanBody.of(view))
            .with("Location", "/v1/scans/" + view.scan().id());
    return active ? soon(reply) : reply;
  }

  /** Says when to ask again. */
  private static Reply soon(Reply reply) {
    return reply.with("Retry-After", "1");
  }

  @GetMapping("/v1/scans/{id}")
  Reply scan(@PathVariable("id") String id) {
    ScanView view =
        Optional.of(id)
            .filter(i -> ID.matcher(i).matches())
            .flatMap(scans::find)
            .orElseThrow(
                () ->
                    new RefusedException(
                        Problem.of(
                            ProblemKind.NOT_FOUND,
                            "no scan of this id is known; old ones are forgotten")));
    Reply reply = Reply.json(200, ScanBody.of(view));
    return view.scan().state().isActive() ? soon(reply) : reply;
  }
}
