package dev.imgcompat.service.web;

import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.verdict.Decision;
import dev.imgcompat.core.verdict.ReportFormat;
import dev.imgcompat.service.http.EntityTag;
import dev.imgcompat.service.lookup.Answer;
import dev.imgcompat.service.lookup.EncodedAnswer;
import dev.imgcompat.service.lookup.LookupQuestion;
import dev.imgcompat.service.lookup.Lookups;
import dev.imgcompat.service.subject.InvalidQuestionException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Knows {@code known:1} and {@code stale:1}; what has a capital letter is no reference, {@code
 * broken} makes it fail.
 */
final class FakeLookups implements Lookups {
  @Override
  public EncodedAnswer answer(LookupQuestion question) throws InvalidQuestionException {
    String image = question.image();
    if (!image.equals(image.toLowerCase(Locale.ROOT))) {
      throw new InvalidQuestionException("'" + image + "' is not an image reference");
    }
    if (image.equals("broken")) {
      throw new IllegalStateException("secret inside");
    }
    boolean known = !image.startsWith("new");
    boolean stale = image.startsWith("stale");
    byte[] body =
        ReportFormat.json(
                new Answer(
                    image,
                    "docker.io/library/" + image,
                    known ? Optional.of(Digest.ofText(image).value()) : Optional.empty(),
                    question.platform().orElse("linux/amd64"),
                    question.runtime().orElse("kata"),
                    known ? Decision.COMPATIBLE : Decision.UNKNOWN,
                    known ? "k8s" : "k8s-vm",
                    List.of(),
                    Map.of(),
                    List.of("because"),
                    known ? Optional.of("2026-11-01T12:00:00Z") : Optional.empty(),
                    stale,
                    3))
            .getBytes(StandardCharsets.UTF_8);
    return new EncodedAnswer(body, EntityTag.of(body), known && !stale);
  }
}
