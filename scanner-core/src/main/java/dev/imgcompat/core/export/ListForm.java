package dev.imgcompat.core.export;

import java.util.List;

/** A form of export that lists names of images, so that two of them can be compared. */
interface ListForm extends Form {
  /**
   * Reads what a file of this form, which perhaps somebody wrote by hand, sends where.
   *
   * @throws ExportException if the text is not of this form
   */
  Listing read(String text, ExportOptions options) throws ExportException;

  /**
   * What a file has that this form would lose if it took the file's place.
   *
   * @throws ExportException if the text is not of this form
   */
  default List<String> losses(String text) throws ExportException {
    read(text, ExportOptions.DEFAULT);
    return List.of();
  }
}
