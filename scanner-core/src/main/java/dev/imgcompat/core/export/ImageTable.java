package dev.imgcompat.core.export;

import dev.imgcompat.core.export.Placements.Placement;
import dev.imgcompat.core.export.Selection.Judged;
import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.image.Printable;
import dev.imgcompat.core.router.ImageName;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVPrinter;
import org.apache.commons.csv.CSVRecord;

/** Every image with its decision and the reasons, as a table; RFC 4180, so without comments. */
final class ImageTable implements ListForm {
  private static final String REFERENCE = "reference";
  private static final String PLACE = "place";
  private static final CSVFormat FORMAT =
      CSVFormat.RFC4180
          .builder()
          .setHeader(
              REFERENCE,
              "digest",
              "indexDigest",
              "platform",
              "runtime",
              "decision",
              PLACE,
              "kernelParams",
              "reasons",
              "scannedAt")
          .get();

  @Override
  public List<ExportedFile> files(ExportInput input) throws ExportException {
    List<List<String>> rows = new ArrayList<>();
    for (Judged judged : input.selection().images()) {
      Placement placement = Placements.place(judged, input.options(), false);
      rows.add(
          List.of(
              cell(judged.image().canonical()),
              judged.image().digest().map(Digest::value).orElse(""),
              judged.image().indexDigest().map(Digest::value).orElse(""),
              cell(judged.image().platform().orElse("")),
              cell(judged.verdict().runtime()),
              judged.verdict().decision().name(),
              placement.place().name().toLowerCase(Locale.ROOT),
              cell(String.join(" ", Placements.parameters(judged, input.options()))),
              cell(String.join(" ", placement.reasons(input.options()))),
              cell(judged.image().scannedAt())));
    }
    StringWriter text = new StringWriter();
    try (CSVPrinter printer = FORMAT.print(text)) {
      printer.printRecords(rows);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // a string takes everything
    }
    return List.of(new ExportedFile("images.csv", text.toString()));
  }

  /** A spreadsheet takes what begins like a formula for one; no name of an image does. */
  private static String cell(String text) {
    String printable = Printable.of(text);
    return !printable.isEmpty() && "=+-@\t".indexOf(printable.charAt(0)) >= 0
        ? "'" + printable
        : printable;
  }

  @Override
  public Listing read(String text, ExportOptions options) throws ExportException {
    SortedMap<ImageName, String> places = new TreeMap<>();
    SortedMap<String, String> foreign = new TreeMap<>();
    CSVFormat withHeader = FORMAT.builder().setHeader().setSkipHeaderRecord(true).get();
    try (CSVParser table = CSVParser.parse(text, withHeader)) {
      if (!table.getHeaderNames().containsAll(List.of(REFERENCE, PLACE))) {
        throw new ExportException("the old table has no columns 'reference' and 'place'");
      }
      for (CSVRecord row : table) {
        String reference = row.get(REFERENCE);
        if (row.get(PLACE).equals(Listing.EXCLUDED)) {
          Placements.name(reference)
              .ifPresentOrElse(
                  n -> places.put(n.abbreviated(), Listing.EXCLUDED),
                  () -> foreign.put(reference, Listing.EXCLUDED));
        }
      }
    } catch (IOException | UncheckedIOException | IllegalArgumentException e) {
      throw new ExportException("the old list is not CSV: " + e.getMessage());
    }
    return new Listing(places, foreign);
  }
}
