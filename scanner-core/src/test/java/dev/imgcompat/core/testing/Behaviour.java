package dev.imgcompat.core.testing;

import java.io.IOException;

/** What a {@link FaultyServer} does with one request. See {@link Faults} and {@link Answers}. */
@FunctionalInterface
public interface Behaviour {
  /**
   * Does it. Returns when the answer, if there is one, is written; an {@link IOException} ends the
   * connection.
   */
  void on(Exchange exchange) throws IOException;
}
