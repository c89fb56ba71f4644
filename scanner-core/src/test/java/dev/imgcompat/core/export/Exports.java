package dev.imgcompat.core.export;

import dev.imgcompat.core.image.PlatformRequest;
import dev.imgcompat.core.verdict.Report;
import java.util.List;
import java.util.Optional;

/** Makes the one file of a form. */
final class Exports {
  static final ExportOptions GUESTS_HAVE_PARAMS = options(true, true, false);
  static final ExportOptions UNKNOWN_IS_ALLOWED = options(false, false, false);
  static final ExportOptions WITH_ADVICE = options(true, false, true);

  private Exports() {}

  private static ExportOptions options(
      boolean excludeUnknown, boolean guestHasParams, boolean withAdvice) {
    return new ExportOptions(
        Optional.empty(),
        PlatformRequest.DEFAULT,
        excludeUnknown,
        guestHasParams,
        withAdvice,
        RouterSetup.DEFAULT,
        GuestSetup.DEFAULT);
  }

  static String text(Form form, ExportOptions options, Report... reports) throws ExportException {
    ExportInput input = ExportInput.of(Selection.of(List.of(reports), options), options);
    List<ExportedFile> files = form.files(input);
    if (files.size() != 1) {
      throw new IllegalStateException(files.size() + " files");
    }
    return files.get(0).text();
  }
}
