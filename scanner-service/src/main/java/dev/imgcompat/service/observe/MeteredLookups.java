package dev.imgcompat.service.observe;

import dev.imgcompat.service.lookup.EncodedAnswer;
import dev.imgcompat.service.lookup.LookupQuestion;
import dev.imgcompat.service.lookup.Lookups;
import dev.imgcompat.service.subject.InvalidQuestionException;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Lookups, and how long they take. */
public final class MeteredLookups implements Lookups {
  private final Lookups lookups;
  private final Timer duration;

  public MeteredLookups(Lookups lookups, MeterRegistry meters) {
    this.lookups = lookups;
    this.duration =
        Timer.builder("imgcompat.lookup.duration")
            .description("How long answers to lookups take, without what HTTP takes")
            .serviceLevelObjectives(
                Duration.ofNanos(10_000),
                Duration.ofNanos(100_000),
                Duration.ofMillis(1),
                Duration.ofMillis(5),
                Duration.ofMillis(25),
                Duration.ofMillis(100),
                Duration.ofSeconds(1))
            .register(meters);
  }

  @Override
  public EncodedAnswer answer(LookupQuestion question) throws InvalidQuestionException {
    long begun = System.nanoTime();
    try {
      return lookups.answer(question);
    } finally {
      duration.record(System.nanoTime() - begun, TimeUnit.NANOSECONDS);
    }
  }

  @Override
  public void prepare(List<LookupQuestion> questions) {
    lookups.prepare(questions);
  }
}
