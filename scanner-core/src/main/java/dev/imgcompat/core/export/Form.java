package dev.imgcompat.core.export;

import java.util.List;

/** One form of export. Implementations have no state: the same input gives the same bytes. */
interface Form {
  /**
   * Writes the files.
   *
   * @throws ExportException if the input does not allow it
   */
  List<ExportedFile> files(ExportInput input) throws ExportException;

  /** Whether it may have several files. */
  default boolean hasSeveralFiles() {
    return false;
  }
}
