package dev.imgcompat.service.web;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.SocketTimeoutException;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.security.web.firewall.RequestRejectedException;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestMapping;

/** Says what went wrong before or after an endpoint. */
@Controller
final class ErrorPage implements ErrorController {
  @RequestMapping("${spring.web.error.path:${error.path:/error}}")
  Reply error(HttpServletRequest request) {
    Object path = request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI);
    Object status = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE);
    Object failure = request.getAttribute(RequestDispatcher.ERROR_EXCEPTION);
    Problem problem =
        failure instanceof Throwable thrown
            ? problem(thrown)
            : Problem.ofStatus(status instanceof Integer code ? code : 404);
    return (path instanceof String text ? problem.at(text) : problem).reply();
  }

  private static Problem problem(Throwable thrown) {
    for (Throwable t = thrown; t != null; t = t.getCause()) {
      if (t instanceof RefusedException refused) {
        return refused.problem();
      }
      if (t instanceof RequestRejectedException) {
        return Problem.of(
            ProblemKind.MALFORMED, "the path or a header of the request is malformed");
      }
      if (t instanceof SocketTimeoutException) {
        return BodyLimit.tooSlow();
      }
      if (t instanceof IOException) {
        // Tomcat reports it, whatever the endpoint made of it.
        return Problem.of(ProblemKind.MALFORMED, Body.BROKEN);
      }
    }
    return Failures.internal(thrown);
  }
}
