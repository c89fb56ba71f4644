package dev.imgcompat.service.web;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.util.unit.DataSize;

/**
 * Reads bodies before anything else sees a request, and refuses those that are too large or too
 * slow. A body that is still on its way takes no thread, only what came of it: clients that are
 * silent keep nobody else from being answered. Requests without a body pass, and those for which it
 * does not matter do not wait for it.
 */
final class BodyLimit implements Filter {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** A large body may take longer, if it comes at this rate. */
  private static final long BYTES_A_SECOND = 128 * 1024;

  /** How many of the largest bodies may be on their way at a time. */
  private static final int LARGEST_AT_ONCE = 64;

  private static final String READING = BodyReading.class.getName();

  private final DataSize most;
  private final AtomicLong room;
  private final Semaphore chunkReaders;

  /**
   * Makes one.
   *
   * @param threads that the server has; few of them may wait for bodies of no stated length
   */
  BodyLimit(DataSize most, int threads) {
    this.most = most;
    this.chunkReaders = new Semaphore(Math.max(1, threads / 4));
    this.room = new AtomicLong(LARGEST_AT_ONCE * most.toBytes());
  }

  @Override
  public void doFilter(ServletRequest asked, ServletResponse answer, FilterChain chain)
      throws IOException, ServletException {
    HttpServletRequest request = (HttpServletRequest) asked;
    HttpServletResponse response = (HttpServletResponse) answer;
    if (request.getDispatcherType() == DispatcherType.ASYNC) {
      if (request.getAttribute(READING) instanceof BodyReading reading) {
        request.removeAttribute(READING);
        try (reading) {
          withBody(request, reading.bytes(), response, chain);
        }
      } else {
        chain.doFilter(request, response); // of an endpoint that waited
      }
      return;
    }
    long stated = request.getContentLengthLong();
    boolean chunked = request.getHeader("Transfer-Encoding") != null;
    if (stated <= 0 && !chunked) {
      chain.doFilter(request, response);
    } else if (stated > most.toBytes()) {
      refuse(tooLarge(), request, response);
    } else if (!chunked && request.getInputStream().available() >= stated) {
      // It came with the head.
      byte[] body = request.getInputStream().readNBytes((int) stated);
      withBody(request, body, response, chain);
    } else if (request.getMethod().equals("GET") || request.getMethod().equals("HEAD")) {
      // Nothing that is looked up needs it.
      response.setHeader("Connection", "close");
      withBody(request, new byte[0], response, chain);
    } else if (chunked) {
      readChunks(request, response, chain);
    } else {
      readLater(request, stated, response);
    }
  }

  private void readLater(HttpServletRequest request, long stated, HttpServletResponse response)
      throws IOException {
    ServletInputStream in = request.getInputStream();
    AsyncContext async = request.startAsync(request, response);
    async.setTimeout(patience(stated).toMillis());
    BodyReading reading = new BodyReading(async, in, room, READING);
    async.addListener(reading);
    in.setReadListener(reading);
  }

  /**
   * Reads what has no stated length, in this thread: Tomcat, told to read chunks without one, looks
   * for the next request before it has answered this one.
   */
  private void readChunks(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (!chunkReaders.tryAcquire()) {
      refuse(busy(), request, response);
      return;
    }
    ByteArrayOutputStream body = new ByteArrayOutputStream(256);
    try {
      long deadline = System.nanoTime() + patience(most.toBytes()).toNanos();
      byte[] buffer = new byte[4096];
      ServletInputStream in = request.getInputStream();
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        body.write(buffer, 0, read);
        if (body.size() > most.toBytes()) {
          refuse(tooLarge(), request, response);
          return;
        }
        if (System.nanoTime() - deadline > 0) {
          refuse(tooSlow(), request, response);
          return;
        }
      }
    } catch (IOException e) {
      return; // Tomcat has noted it for the error page
    } finally {
      chunkReaders.release();
    }
    withBody(request, body.toByteArray(), response, chain);
  }

  private static Duration patience(long bytes) {
    return PATIENCE.plusSeconds(bytes / BYTES_A_SECOND);
  }

  private Problem tooLarge() {
    return Problem.of(ProblemKind.TOO_LARGE, "the body has more than " + most.toBytes() + " bytes");
  }

  static Problem tooSlow() {
    return Problem.of(ProblemKind.TOO_SLOW, "the body did not come in time");
  }

  static Problem busy() {
    return Problem.of(ProblemKind.BUSY, "too many bodies of requests are on their way")
        .with("Retry-After", "1");
  }

  /** What is left of the body is not read, so the connection cannot be used again. */
  private static void refuse(
      Problem problem, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    problem.with("Connection", "close").at(request.getRequestURI()).writeTo(response);
  }

  private static void withBody(
      HttpServletRequest request, byte[] body, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    RequestWithBody whole = new RequestWithBody(request, body);
    try {
      chain.doFilter(whole, response);
    } finally {
      whole.passed();
    }
  }
}
