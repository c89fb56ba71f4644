package dev.imgcompat.service.web;

import dev.imgcompat.service.store.DecisionChange;
import dev.imgcompat.service.store.Store;
import dev.imgcompat.service.subject.InvalidQuestionException;
import dev.imgcompat.service.subject.Subject;
import dev.imgcompat.service.subject.Subjects;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Set;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;

/** How decisions on a reference have changed. */
@Controller
final class HistoryEndpoint {
  private static final Set<String> PARAMETERS = Set.of("image", "platform", "runtime");

  private final Store store;
  private final Subjects subjects;

  HistoryEndpoint(Store store, Subjects subjects) {
    this.store = store;
    this.subjects = subjects;
  }

  /**
   * A history.
   *
   * @param image as it was asked for
   * @param canonical the reference in full
   * @param changes newest first
   */
  record HistoryBody(
      String image,
      String canonical,
      String platform,
      String runtime,
      List<DecisionChange> changes) {}

  @GetMapping("/v1/images/history")
  Reply history(HttpServletRequest request) throws InvalidQuestionException {
    Query query = Query.of(request).only(PARAMETERS);
    String image = query.required("image");
    Subject subject = subjects.of(image, query.single("platform"), query.single("runtime"));
    return Reply.json(
        200,
        new HistoryBody(
            image,
            subject.key().canonical(),
            subject.key().platform(),
            subject.runtime(),
            store.history().history(subject.key(), subject.runtime())));
  }
}
