package dev.imgcompat.core.export;

/** A form of export that lists names of images, so that two of them can be compared. */
interface ListForm extends Form {
  /**
   * Reads what a file of this form, which perhaps somebody wrote by hand, sends where.
   *
   * @throws ExportException if the text is not of this form
   */
  Listing read(String text, ExportOptions options) throws ExportException;
}
