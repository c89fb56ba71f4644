package dev.imgcompat.core.export;

import dev.imgcompat.core.export.ExportOptions.Part;
import dev.imgcompat.core.verdict.Report;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** The forms in which decisions leave the program, for routers, clusters, gates and people. */
@SuppressWarnings("ImmutableEnumChecker") // forms have no state, and the set cannot be changed
public enum ExportFormat {
  /** A JSON array of ECMAScript patterns. */
  EXCLUSIONS(
      "Patterns of the images to keep away, as a JSON array: 'exclusions' of Screwdriver's router.",
      "application/json",
      new ExclusionPatterns(),
      EnumSet.of(Part.DECISIONS, Part.NAMES)),
  /** Configuration of Screwdriver's queue worker. */
  SCREWDRIVER(
      "Executors of Screwdriver's queue worker, for its local.yaml.",
      "application/yaml",
      new ScrewdriverConfig(),
      EnumSet.of(Part.DECISIONS, Part.NAMES, Part.EXECUTORS, Part.ADVICE, Part.RUNTIME_CLASS)),
  /** References, one a line. */
  IMAGES(
      "The images to keep away, one reference a line.",
      "text/plain",
      new ImageLines(),
      EnumSet.of(Part.DECISIONS)),
  /** References with reasons, as a table. */
  CSV(
      "Every image with its decision and the reasons, as a table.",
      "text/csv",
      new ImageTable(),
      EnumSet.of(Part.DECISIONS, Part.ADVICE)),
  /** Sets of kernel parameters and the images that need them. */
  KERNEL_PARAMS(
      "Sets of kernel parameters and the images that run with them, as JSON.",
      "application/json",
      new KernelParamsList(),
      EnumSet.of(Part.ADVICE));

  private final String description;
  private final String mediaType;
  private final Form form;
  private final Set<Part> heeds;

  ExportFormat(String description, String mediaType, Form form, Set<Part> heeds) {
    this.description = description;
    this.mediaType = mediaType;
    this.form = form;
    this.heeds = Collections.unmodifiableSet(heeds);
  }

  /** The name, such as {@code kernel-params}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** What it is for, in one sentence. */
  public String description() {
    return description;
  }

  /** The options that change something in it. */
  public Set<Part> heeds() {
    return heeds;
  }

  /** Whether it is a list of images, so that two of them can be compared. */
  public boolean isList() {
    return form instanceof ListForm;
  }

  /** The media type of its files, without parameters. */
  public String mediaType() {
    return mediaType;
  }

  /**
   * Returns the format of a name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static ExportFormat of(String id) {
    return Arrays.stream(values())
        .filter(f -> f.id().equals(id))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no format '"
                        + id
                        + "'; known are "
                        + Arrays.stream(values())
                            .map(ExportFormat::id)
                            .collect(Collectors.joining(", "))));
  }

  /**
   * Makes files of reports. The same reports and options give the same bytes.
   *
   * @throws ExportException if the reports do not allow it
   */
  public Exported make(Collection<Report> reports, ExportOptions options) throws ExportException {
    ExportInput input = ExportInput.of(Selection.of(reports, options), options);
    List<ExportedFile> files = form.files(input);
    List<String> warnings = isList() ? Traps.ofInput(input) : List.of();
    return new Exported(files, warnings);
  }

  /**
   * Compares a list that was published before with what these reports come to now.
   *
   * @param before the text of a file of this format
   * @throws ExportException if this format is not a list of images, or the text is not of it
   */
  public ListDiff diff(String before, Collection<Report> reports, ExportOptions options)
      throws ExportException {
    if (!(form instanceof ListForm list)) {
      throw new ExportException(id() + " is not a list of images: there is nothing to compare");
    }
    ExportInput input = ExportInput.of(Selection.of(reports, options), options);
    Listing old = list.read(before, options);
    Listing now = list.read(form.files(input).get(0).text(), options);
    return ListDiff.of(old, now, input);
  }
}
