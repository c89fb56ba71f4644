package dev.imgcompat.service.web;

import jakarta.servlet.ServletException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.apache.coyote.ActionCode;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.apache.coyote.http11.Http11InputBuffer;
import org.apache.tomcat.util.res.StringManager;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;

/**
 * Says what is wrong with a request that reaches no filter, such as one with a malformed first
 * line; Tomcat's own page would be HTML. What is left of a body after the answer is not waited for.
 */
final class ProblemValve extends ErrorReportValve {
  /** All that Tomcat tells of it is this text, in the language of the machine. */
  private static final String HEAD_TOO_LARGE =
      StringManager.getManager(Http11InputBuffer.class)
          .getString("iib.requestheadertoolarge.error");

  /** Puts one where it comes before Tomcat's own. */
  static void addTo(TomcatServletWebServerFactory factory) {
    factory.addContextCustomizers(
        context -> context.getParent().getPipeline().addValve(new ProblemValve()));
    factory.addConnectorCustomizers(
        connector -> {
          if (connector.getProtocolHandler() instanceof AbstractHttp11Protocol<?> http) {
            http.setMaxSwallowSize(0);
          }
        });
  }

  @Override
  public void invoke(Request request, Response response) throws IOException, ServletException {
    super.invoke(request, response);
    // Without a length Tomcat would wait for chunks that it then throws away.
    if (!request.isAsync() && !request.getCoyoteRequest().isFinished()) {
      request.getCoyoteRequest().action(ActionCode.DISABLE_SWALLOW_INPUT, null);
    }
  }

  @Override
  protected void report(Request request, Response response, @Nullable Throwable throwable) {
    if (response.getStatus() < 400
        || response.getContentWritten() > 0
        || !response.setErrorReported()) {
      return;
    }
    AtomicBoolean canBeWritten = new AtomicBoolean(false);
    response.getCoyoteResponse().action(ActionCode.IS_IO_ALLOWED, canBeWritten);
    if (!canBeWritten.get()) {
      return;
    }
    Problem problem = problem(request, response.getStatus(), throwable);
    try {
      response.setStatus(problem.status());
      response.setContentType(Problem.MEDIA_TYPE);
      response.setCharacterEncoding(StandardCharsets.UTF_8.name());
      response.setHeader("Cache-Control", "no-store");
      PrintWriter writer = response.getReporter();
      if (writer != null) {
        writer.write(new String(Json.bytes(problem.body()), StandardCharsets.UTF_8));
        response.finishResponse();
      }
    } catch (IOException | IllegalStateException e) {
      // Whoever asked is gone.
      container.getLogger().debug("no error report could be written", e);
    }
  }

  private static Problem problem(Request request, int status, @Nullable Throwable throwable) {
    String path = request.getRequestURI();
    // A request that cannot be parsed comes with an exception, too; that is no defect.
    if (throwable != null && status >= 500) {
      return Failures.internal(throwable);
    }
    Problem problem =
        throwable != null && HEAD_TOO_LARGE.equals(throwable.getMessage())
            ? headTooLarge(request, path)
            : Problem.ofStatus(status);
    return path == null ? problem : problem.at(path);
  }

  private static Problem headTooLarge(Request request, @Nullable String path) {
    int most =
        request.getConnector().getProtocolHandler() instanceof AbstractHttp11Protocol<?> http
            ? http.getMaxHttpRequestHeaderSize()
            : 0;
    return Problem.of(
        path == null ? ProblemKind.ADDRESS_TOO_LONG : ProblemKind.HEADER_TOO_LARGE,
        "the first line and the headers have more than " + most + " bytes (server.max-header)");
  }
}
