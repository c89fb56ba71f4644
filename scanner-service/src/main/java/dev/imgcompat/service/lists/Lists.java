package dev.imgcompat.service.lists;

import dev.imgcompat.core.export.ExportException;
import dev.imgcompat.core.export.ExportFormat;
import dev.imgcompat.core.export.ExportOptions;
import java.time.Instant;

/** The lists at their newest revision. Safe for use by several threads. */
public interface Lists {
  /** The newest revision that is known; 0 before the first one. */
  long revision();

  /** When it was made; the epoch before the first one. */
  Instant madeAt();

  /** What lists are made with if nothing else is asked for, by the settings. */
  ExportOptions defaults();

  /**
   * Makes a list of the newest revision; of nothing before the first one.
   *
   * @throws ExportException if what is known does not allow it, or the format has several files and
   *     not exactly one of them is needed
   */
  RenderedList render(ExportFormat format, ExportOptions options) throws ExportException;

  /** The report that lists are made of, as JSON. */
  RenderedList report();

  /** Whether a newer revision is held back, since too much would be gone; says what. */
  ListGuard guard();

  /**
   * Publishes what is known now, whatever would be gone.
   *
   * @return the newest revision
   */
  long publish();
}
