package dev.imgcompat.core.export;

import dev.imgcompat.core.export.ExportOptions.Part;
import dev.imgcompat.core.image.Printable;
import dev.imgcompat.core.verdict.Report;
import java.util.ArrayList;
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
      EnumSet.of(Part.ADVICE)),
  /** Drop-ins of Kata's configuration. */
  KATA_DROPIN(
      "Drop-ins of Kata's configuration, one for each set of kernel parameters.",
      "application/toml",
      new KataDropIns(),
      EnumSet.of(Part.ADVICE, Part.RUNTIME_CLASS, Part.HYPERVISOR)),
  /** RuntimeClass manifests. */
  RUNTIMECLASS(
      "RuntimeClass manifests, one for each set of kernel parameters.",
      "application/yaml",
      new RuntimeClasses(),
      EnumSet.of(Part.ADVICE, Part.RUNTIME_CLASS, Part.NODES)),
  /** Annotations of pods. */
  POD_ANNOTATIONS(
      "Annotations that give pods kernel parameters, and the images that need them.",
      "application/yaml",
      new PodAnnotations(),
      EnumSet.of(Part.ADVICE, Part.NAMES)),
  /** Policies of Kyverno. */
  KYVERNO(
      "Policies of Kyverno that refuse or move pods by their images.",
      "application/yaml",
      new KyvernoPolicies(),
      EnumSet.of(Part.DECISIONS, Part.NAMES, Part.ADVICE, Part.RUNTIME_CLASS, Part.FALLBACK_CLASS)),
  /** Admission policies of Kubernetes. */
  ADMISSION_POLICY(
      "Admission policies of Kubernetes that refuse or move pods by their images.",
      "application/yaml",
      new AdmissionPolicies(),
      EnumSet.of(Part.DECISIONS, Part.NAMES, Part.ADVICE, Part.RUNTIME_CLASS, Part.FALLBACK_CLASS)),
  /** A SARIF log. */
  SARIF(
      "Findings for code scanning, as GitHub shows them: SARIF 2.1.0.",
      "application/sarif+json",
      new SarifLog(),
      EnumSet.of(Part.DECISIONS)),
  /** JUnit's XML. */
  JUNIT(
      "A test case for each image, as reports of CI systems show them: JUnit's XML.",
      "application/xml",
      new JunitReport(),
      EnumSet.of(Part.DECISIONS)),
  /** Markdown for a comment. */
  MARKDOWN(
      "A summary for a comment on a pull request.",
      "text/markdown",
      new MarkdownSummary(),
      EnumSet.of(Part.DECISIONS)),
  /** One page that needs no network. */
  HTML(
      "A page for people, with the evidence, in one file.",
      "text/html",
      new HtmlPage(),
      EnumSet.of(Part.DECISIONS));

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

  /** Whether it may have several files, which then go to a directory. */
  public boolean hasSeveralFiles() {
    return form.hasSeveralFiles();
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
    List<String> warnings = new ArrayList<>(Traps.ofSelection(input));
    if (heeds.contains(Part.NAMES)) {
      warnings.addAll(Traps.ofInput(input));
    }
    return new Exported(
        form, input, form.files(input), warnings.stream().map(Printable::of).toList());
  }

  /**
   * What a file has that would be lost if an export of this format took its place: settings, by
   * their keys, and patterns that somebody else wrote. Nothing for formats that are no lists.
   *
   * @throws ExportException if the text is not of this format
   */
  public List<String> losses(String before) throws ExportException {
    return form instanceof ListForm list ? list.losses(before) : List.of();
  }
}
