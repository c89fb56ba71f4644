package dev.imgcompat.service.web;

/** A request that is answered with a problem. */
final class RefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Problem problem;

  RefusedException(Problem problem) {
    super(String.valueOf(problem.body().get("message")), null, false, false);
    this.problem = problem;
  }

  /** The request cannot be understood. */
  static RefusedException malformed(String detail) {
    return new RefusedException(Problem.of(ProblemKind.MALFORMED, detail));
  }

  Problem problem() {
    return problem;
  }
}
