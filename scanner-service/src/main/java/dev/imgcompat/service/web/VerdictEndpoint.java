package dev.imgcompat.service.web;

import dev.imgcompat.service.lookup.EncodedAnswer;
import dev.imgcompat.service.lookup.LookupQuestion;
import dev.imgcompat.service.lookup.Lookups;
import dev.imgcompat.service.subject.InvalidQuestionException;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;

/**
 * What a build start asks. Whatever is known or not, a well-formed reference gets 200: the queue
 * worker drops builds on 403 and 404, and tries again on 429 and 5xx.
 */
@Controller
final class VerdictEndpoint {
  private final Lookups lookups;
  private final String keep;

  VerdictEndpoint(Lookups lookups, Duration maxAge) {
    this.lookups = lookups;
    this.keep = "private, max-age=" + maxAge.toSeconds();
  }

  /** Parameters of other names do not matter here: a lookup does not fail for a stranger's sake. */
  @GetMapping("/v1/verdict")
  Reply verdict(HttpServletRequest request) throws InvalidQuestionException {
    Query query = Query.of(request);
    EncodedAnswer answer =
        lookups.answer(
            new LookupQuestion(
                query.required("image"), query.single("platform"), query.single("runtime")));
    return Reply.entity(
        request, answer.etag(), answer.settled() ? keep : Reply.REVALIDATE, answer.body());
  }
}
