package dev.imgcompat.service.web;

import java.util.Locale;

/** What can be wrong. The type of a kind never changes its meaning. */
public enum ProblemKind {
  /** The request cannot be understood. */
  MALFORMED(400, "The request is malformed"),
  /** Who asks did not show a token, or one that is not known. */
  UNAUTHORIZED(401, "A token is needed"),
  /** The role of the token does not allow it. */
  FORBIDDEN(403, "The token does not allow this"),
  /** There is no such thing. */
  NOT_FOUND(404, "There is no such thing"),
  /** The path takes other methods. */
  METHOD_NOT_ALLOWED(405, "The method is not allowed here"),
  /** None of the wanted formats can be had. */
  NOT_ACCEPTABLE(406, "There is no such format"),
  /** What is known does not allow the wanted list. */
  LIST_NOT_POSSIBLE(409, "The list cannot be made"),
  /** A sweep of the plan is active. */
  SWEEP_ACTIVE(409, "The plan is being swept already"),
  /** The sweep is not active any more. */
  SWEEP_ENDED(409, "The sweep has ended"),
  /** It was there, but newer things took its place. */
  NOT_KEPT(410, "It is not kept any more"),
  /** The body does not come, or not fast enough. */
  TOO_SLOW(408, "The body is too slow"),
  /** The body is too large. */
  TOO_LARGE(413, "The body is too large"),
  /** The first line of the request is too large. */
  ADDRESS_TOO_LONG(414, "The address is too long"),
  /** The body is of a kind that is not read. */
  UNSUPPORTED_MEDIA_TYPE(415, "The body is not JSON"),
  /** The head of the request is too large. */
  HEADER_TOO_LARGE(431, "The head of the request is too large"),
  /** A defect of this program. */
  INTERNAL(500, "Something went wrong here"),
  /** Too many scans are waiting. */
  QUEUE_FULL(503, "The queue is full"),
  /** The store does not answer. */
  UNAVAILABLE(503, "The store does not answer"),
  /** Too much is on its way at a time. */
  BUSY(503, "Too much is asked at once"),
  /** A status that has no kind of its own. */
  OTHER(400, "The request failed");

  private final int status;
  private final String title;

  ProblemKind(int status, String title) {
    this.status = status;
    this.title = title;
  }

  int status() {
    return status;
  }

  String title() {
    return title;
  }

  /** The URI that names it. */
  String type() {
    return "urn:imgcompat:problem:" + name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static ProblemKind ofStatus(int status) {
    for (ProblemKind kind : values()) {
      if (kind.status == status) {
        return kind;
      }
    }
    return status >= 500 ? INTERNAL : OTHER;
  }
}
