package dev.imgcompat.service.web;

import dev.imgcompat.core.export.ExportException;
import dev.imgcompat.service.scan.QueueFullException;
import dev.imgcompat.service.store.StoreUnavailableException;
import dev.imgcompat.service.subject.InvalidQuestionException;
import dev.imgcompat.service.sweep.ActiveSweepException;
import dev.imgcompat.service.sweep.InvalidPlanException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.web.firewall.RequestRejectedException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.context.request.async.AsyncRequestNotUsableException;

/** Turns failures of endpoints into problems. */
@ControllerAdvice
final class Failures {
  private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

  /** After how long the store may be back. */
  private static final Duration STORE_RETRY = Duration.ofSeconds(5);

  private static final String RETRY_AFTER = "Retry-After";

  @ExceptionHandler(RefusedException.class)
  Reply refused(RefusedException failure, HttpServletRequest request) {
    return failure.problem().at(request.getRequestURI()).reply();
  }

  @ExceptionHandler(InvalidQuestionException.class)
  Reply invalid(InvalidQuestionException failure, HttpServletRequest request) {
    return reply(Problem.of(ProblemKind.MALFORMED, message(failure)), request);
  }

  @ExceptionHandler(InvalidPlanException.class)
  Reply noPlan(InvalidPlanException failure, HttpServletRequest request) {
    return reply(Problem.of(ProblemKind.MALFORMED, message(failure)), request);
  }

  @ExceptionHandler(ActiveSweepException.class)
  Reply active(ActiveSweepException failure, HttpServletRequest request) {
    return reply(
        Problem.of(ProblemKind.SWEEP_ACTIVE, message(failure))
            .with("Location", "/v1/sweeps/" + failure.id()),
        request);
  }

  @ExceptionHandler(ExportException.class)
  Reply noList(ExportException failure, HttpServletRequest request) {
    return reply(Problem.of(ProblemKind.LIST_NOT_POSSIBLE, message(failure)), request);
  }

  @ExceptionHandler(QueueFullException.class)
  Reply full(QueueFullException failure, HttpServletRequest request) {
    return reply(
        Problem.of(ProblemKind.QUEUE_FULL, message(failure))
            .with(RETRY_AFTER, seconds(failure.retryAfter())),
        request);
  }

  @ExceptionHandler(StoreUnavailableException.class)
  Reply down(StoreUnavailableException failure, HttpServletRequest request) {
    return reply(
        Problem.of(ProblemKind.UNAVAILABLE, message(failure))
            .with(RETRY_AFTER, seconds(STORE_RETRY)),
        request);
  }

  /** Of the firewall, which looks at values only when they are read. */
  @ExceptionHandler(RequestRejectedException.class)
  Reply rejected(RequestRejectedException failure, HttpServletRequest request) {
    return reply(Problem.of(ProblemKind.MALFORMED, message(failure)), request);
  }

  /** What Spring itself refuses, and whatever nobody has foreseen. */
  @ExceptionHandler(Exception.class)
  @Nullable Reply other(Exception failure, HttpServletRequest request) {
    if (failure instanceof AsyncRequestNotUsableException || failure instanceof IOException) {
      return null; // whoever asked is gone
    }
    if (failure instanceof ErrorResponse response && !response.getStatusCode().is5xxServerError()) {
      Problem problem = Problem.ofStatus(response.getStatusCode().value());
      String allow = response.getHeaders().getFirst("Allow");
      return reply(allow == null ? problem : problem.with("Allow", allow), request);
    }
    return reply(internal(failure), request);
  }

  /** A problem that says nothing of the cause but an id, under which the log has it. */
  static Problem internal(Throwable failure) {
    String id = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
    LOG.error("request failed, id {}", id, failure);
    return Problem.of(
            ProblemKind.INTERNAL, "a defect of this service; its log has more under " + id)
        .member("id", id);
  }

  private static Reply reply(Problem problem, HttpServletRequest request) {
    return problem.at(request.getRequestURI()).reply();
  }

  private static String seconds(Duration duration) {
    return Long.toString(Math.max(1, duration.plusMillis(999).toSeconds()));
  }

  private static String message(Exception failure) {
    return String.valueOf(failure.getMessage());
  }
}
