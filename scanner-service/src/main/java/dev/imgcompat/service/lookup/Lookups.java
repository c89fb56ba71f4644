package dev.imgcompat.service.lookup;

import dev.imgcompat.service.subject.InvalidQuestionException;
import java.util.List;

/** Answers at build start. Safe for use by several threads. */
public interface Lookups {
  /**
   * Answers from what is known; waits for no scan and no registry, and for the store only a moment.
   *
   * @throws InvalidQuestionException if the reference, the platform or the runtime is none
   */
  EncodedAnswer answer(LookupQuestion question) throws InvalidQuestionException;

  /**
   * Gets ready for several questions, so that answers to all of them wait for the store no longer
   * than one would.
   */
  default void prepare(List<LookupQuestion> questions) {}
}
