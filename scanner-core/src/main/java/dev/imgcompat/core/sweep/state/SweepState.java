package dev.imgcompat.core.sweep.state;

import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.verdict.Report.ImageReport;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * Keeps what the sweeps of one plan found. It is the journal, too: a sweep that is begun again goes
 * by which run each tag was seen in. Safe for use by several threads; each write is whole or not at
 * all, and doing it twice does no harm. Each implementation passes {@code SweepStateContract}.
 */
public interface SweepState {
  /** What is known of a tag. */
  Optional<TagRecord> tag(String reference);

  /**
   * What is known of the images that a digest leads to, whichever tag it was seen at: made of the
   * reports that came with it last.
   *
   * @param digest of a manifest or an index
   * @param basis by which they must have been judged
   */
  Optional<List<TagOutcome>> outcomes(Digest digest, String basis);

  /**
   * Keeps what was found, the record after the reports.
   *
   * @param record of the tag; its outcomes need not be those of the reports: if these failed, they
   *     are what was known before
   * @param reports on the images that were scanned for it; none if it was known already
   */
  void keep(TagRecord record, List<ImageReport> reports);

  /** Forgets a tag. */
  void forget(String reference);

  /**
   * Takes note that a tag is still there and not selected any more. What is kept of it is looked
   * for now and again; by default it is forgotten.
   */
  default void unselect(TagRecord record) {
    forget(record.reference());
  }

  /** How many tags are kept, where that is cheap to say. */
  default OptionalLong size() {
    return OptionalLong.empty();
  }

  /** Gives all tags in the order of their references, without holding them in memory. */
  void forEach(Consumer<TagRecord> consumer);
}
