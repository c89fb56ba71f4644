package dev.imgcompat.service.web;

import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.sweep.state.TagChange;
import dev.imgcompat.core.sweep.state.TagOutcome;
import dev.imgcompat.core.sweep.state.TagRecord;
import dev.imgcompat.core.verdict.Decision;
import dev.imgcompat.core.verdict.Report.ScanError;
import dev.imgcompat.service.scan.ServiceWords;
import dev.imgcompat.service.store.SweepRecord;
import dev.imgcompat.service.sweep.Sweeps;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;

/** What a sweep found of each tag, one line of JSON each, however many there are. */
@Controller
final class SweptTagsEndpoint {
  private static final String MEDIA_TYPE = "application/x-ndjson";
  private static final int PAGE = 500;

  /** Each takes a thread for as long as whoever asks takes to read it. */
  private static final int AT_ONCE = 4;

  private final Sweeps sweeps;
  private final Semaphore places = new Semaphore(AT_ONCE);

  SweptTagsEndpoint(Sweeps sweeps) {
    this.sweeps = sweeps;
  }

  /** A tag. */
  record TagLine(
      String reference,
      Instant lookedAt,
      Optional<Digest> digest,
      Map<String, Decision> decisions,
      List<TagOutcome> outcomes,
      Optional<ScanError> failure,
      Optional<Instant> goneSince,
      List<TagChange> history) {
    static TagLine of(TagRecord tag) {
      return new TagLine(
          tag.reference(),
          tag.lookedAt(),
          tag.digest(),
          TagOutcome.decisions(tag.outcomes()),
          tag.outcomes(),
          tag.failure().map(ServiceWords::of),
          tag.goneSince(),
          tag.history());
    }
  }

  /** The last line: without it something is missing. */
  record LastLine(long tags) {}

  @GetMapping("/v1/sweeps/{id}/tags")
  void tags(@PathVariable("id") String id, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    Query.of(request).only(Set.of());
    SweepRecord sweep = SweepsEndpoint.find(sweeps, id);
    if (!sweeps.isNewest(sweep)) {
      throw new RefusedException(
          Problem.of(
              ProblemKind.NOT_KEPT,
              "tags are kept as the newest sweep of "
                  + sweep.plan()
                  + " found them, which this is not"));
    }
    if (!places.tryAcquire()) {
      throw new RefusedException(
          Problem.of(ProblemKind.BUSY, "others are reading tags: ask again later")
              .with("Retry-After", "10"));
    }
    try {
      write(sweep, response);
    } finally {
      places.release();
    }
  }

  private void write(SweepRecord sweep, HttpServletResponse response) throws IOException {
    // What fails at once can still be told as a problem.
    List<TagRecord> page = sweeps.tags(sweep.plan(), Optional.empty(), PAGE);
    response.setStatus(HttpServletResponse.SC_OK);
    response.setContentType(MEDIA_TYPE);
    response.setHeader("Cache-Control", "no-store");
    OutputStream out = response.getOutputStream();
    long count = 0;
    while (true) {
      for (TagRecord tag : page) {
        if (tag.run() == sweep.run()) {
          line(out, TagLine.of(tag));
          count++;
        }
      }
      if (page.size() < PAGE) {
        break;
      }
      page = sweeps.tags(sweep.plan(), Optional.of(page.get(page.size() - 1).reference()), PAGE);
    }
    line(out, new LastLine(count));
    out.flush();
  }

  private static void line(OutputStream out, Object value) throws IOException {
    out.write(Json.bytes(value));
    out.write('\n');
  }
}
