package dev.imgcompat.service.web;

import dev.imgcompat.core.image.Printable;
import dev.imgcompat.core.verdict.Decision;
import dev.imgcompat.service.lookup.LookupQuestion;
import dev.imgcompat.service.lookup.Lookups;
import dev.imgcompat.service.subject.InvalidQuestionException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.PostMapping;

/** Many lookups at once. */
@Controller
final class VerdictsEndpoint {
  /** How many may be asked for at once. */
  static final int MOST = 500;

  private static final byte[] HEAD = "{\"verdicts\":[".getBytes(StandardCharsets.UTF_8);
  private static final byte[] TAIL = "]}".getBytes(StandardCharsets.UTF_8);

  private final Lookups lookups;

  VerdictsEndpoint(Lookups lookups) {
    this.lookups = lookups;
  }

  /** The body of a request. */
  record Questions(Optional<List<Question>> images) {}

  /** One of its questions. */
  record Question(Optional<String> image, Optional<String> platform, Optional<String> runtime) {}

  /** Stands for the answer to a question that cannot be understood. */
  record Malformed(String image, String error, Decision decision) {}

  /** The content type does not matter: what is JSON is read as such. */
  @PostMapping("/v1/verdicts")
  Reply verdicts(HttpServletRequest request) throws IOException {
    List<Question> questions =
        Json.read(Body.of(request), Questions.class)
            .images()
            .orElseThrow(() -> RefusedException.malformed("the member 'images' is missing"));
    if (questions.size() > MOST) {
      throw RefusedException.malformed(
          questions.size()
              + " images are more than the "
              + MOST
              + " that may be asked for at once");
    }
    lookups.prepare(
        questions.stream()
            .filter(q -> q != null && q.image().isPresent())
            .map(q -> new LookupQuestion(q.image().get(), q.platform(), q.runtime()))
            .toList());
    ByteArrayOutputStream body = new ByteArrayOutputStream(questions.size() * 512 + 32);
    body.write(HEAD);
    for (int i = 0; i < questions.size(); i++) {
      if (i > 0) {
        body.write(',');
      }
      body.write(answer(questions.get(i), i));
    }
    body.write(TAIL);
    return Reply.encoded(body.toByteArray());
  }

  private byte[] answer(Question question, int index) {
    if (question == null || question.image().isEmpty()) {
      throw RefusedException.malformed("the member 'images[" + index + "].image' is missing");
    }
    String image = question.image().get();
    try {
      return lookups
          .answer(new LookupQuestion(image, question.platform(), question.runtime()))
          .body();
    } catch (InvalidQuestionException e) {
      return Json.bytes(
          new Malformed(image, Printable.of(String.valueOf(e.getMessage())), Decision.UNKNOWN));
    }
  }
}
