package dev.imgcompat.core.export;

import java.util.List;

/** What an export came to. Immutable. */
public final class Exported {
  private final Form form;
  private final ExportInput input;
  private final List<ExportedFile> files;
  private final List<String> warnings;

  Exported(Form form, ExportInput input, List<ExportedFile> files, List<String> warnings) {
    this.form = form;
    this.input = input;
    this.files = List.copyOf(files);
    this.warnings = List.copyOf(warnings);
  }

  /** The files, in a stable order; exactly one, unless the format may have several. */
  public List<ExportedFile> files() {
    return files;
  }

  /** What the files cannot say, but whoever publishes them should know; one printable line each. */
  public List<String> warnings() {
    return warnings;
  }

  /**
   * Compares a list that was published before with this one.
   *
   * @param before the text of a file of the same format
   * @throws ExportException if this format is not a list of images, or the text is not of it
   */
  public ListDiff since(String before) throws ExportException {
    if (!(form instanceof ListForm list)) {
      throw new ExportException("this format is not a list of images: there is nothing to compare");
    }
    Listing old = list.read(before, input.options());
    Listing now = list.read(files.get(0).text(), input.options());
    return ListDiff.of(old, now, input);
  }
}
