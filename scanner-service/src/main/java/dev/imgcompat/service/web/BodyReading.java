package dev.imgcompat.service.web;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A body of stated length on its way. Called by one thread at a time, whenever there is something
 * to read. What it holds it takes from a room that is shared by all, until it is closed.
 */
final class BodyReading implements ReadListener, AsyncListener, AutoCloseable {
  private static final int BUFFER = 4096;

  private final AsyncContext async;
  private final ServletInputStream in;
  private final AtomicLong room;
  private final String attribute;
  private final ByteArrayOutputStream body = new ByteArrayOutputStream(256);
  private final AtomicLong held = new AtomicLong();
  private boolean answered;

  /**
   * Makes one that goes on, once all is read, where the request came from.
   *
   * @param attribute of the request, under which it is to be found then
   */
  BodyReading(AsyncContext async, ServletInputStream in, AtomicLong room, String attribute) {
    this.async = async;
    this.in = in;
    this.room = room;
    this.attribute = attribute;
  }

  byte[] bytes() {
    return body.toByteArray();
  }

  @Override
  public void onDataAvailable() throws IOException {
    byte[] buffer = new byte[BUFFER];
    while (!answered && in.isReady()) {
      int read = in.read(buffer);
      if (read < 0) {
        return;
      }
      take(buffer, read);
    }
  }

  private void take(byte[] buffer, int read) throws IOException {
    held.addAndGet(read);
    boolean fits = room.addAndGet(-read) >= 0;
    if (fits) {
      body.write(buffer, 0, read);
    } else {
      answer(BodyLimit.busy());
    }
  }

  @Override
  public void onAllDataRead() throws IOException {
    if (answered) {
      return;
    }
    async.getRequest().setAttribute(attribute, this);
    try {
      async.dispatch();
    } catch (UnsupportedOperationException e) {
      answer(Problem.of(ProblemKind.MALFORMED, "the path of the request is malformed"));
    }
  }

  /** The chunks are wrong, or whoever asks is gone. Only from here is an answer still sent. */
  @Override
  public void onError(Throwable failure) {
    try {
      answer(
          failure instanceof SocketTimeoutException
              ? BodyLimit.tooSlow()
              : Problem.of(ProblemKind.MALFORMED, Body.BROKEN));
    } catch (IOException e) {
      close(); // gone
    }
  }

  @Override
  public void onTimeout(AsyncEvent event) throws IOException {
    answer(BodyLimit.tooSlow());
  }

  @Override
  public void onError(AsyncEvent event) {
    close();
  }

  @Override
  public void onComplete(AsyncEvent event) {
    close();
  }

  @Override
  public void onStartAsync(AsyncEvent event) {
    // An endpoint waits for something else.
  }

  /** What is left of the body is not read, so the connection cannot be used again. */
  private void answer(Problem problem) throws IOException {
    if (answered) {
      return;
    }
    answered = true;
    close();
    HttpServletRequest request = (HttpServletRequest) async.getRequest();
    HttpServletResponse response = (HttpServletResponse) async.getResponse();
    try {
      if (!response.isCommitted()) {
        response.setHeader("Connection", "close");
        problem.at(request.getRequestURI()).writeTo(response);
        response.flushBuffer(); // the server may close it at once
      }
    } finally {
      async.complete();
    }
  }

  @Override
  public void close() {
    room.addAndGet(held.getAndSet(0));
  }
}
