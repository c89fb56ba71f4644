package dev.imgcompat.core.export;

import dev.imgcompat.core.export.Placements.Place;
import dev.imgcompat.core.export.Placements.Placement;
import dev.imgcompat.core.export.Selection.Judged;
import dev.imgcompat.core.image.ImageReference;
import dev.imgcompat.core.image.Printable;
import dev.imgcompat.core.image.ScanException;
import dev.imgcompat.core.router.ImageName;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** The references to keep away, in full, one a line. */
final class ImageLines implements ListForm {
  @Override
  public List<ExportedFile> files(ExportInput input) throws ExportException {
    SortedSet<String> references = new TreeSet<>();
    for (Judged judged : input.selection().images()) {
      Placement placement = Placements.place(judged, input.options(), false);
      if (placement.place() == Place.EXCLUDED && isReference(judged.image().canonical())) {
        references.add(Printable.of(judged.image().canonical()));
      }
    }
    StringBuilder text =
        new StringBuilder(Preamble.comments("images to keep away", input, List.of()));
    references.forEach(r -> text.append(r).append('\n'));
    return List.of(new ExportedFile("images.txt", text.toString()));
  }

  /** What is none is no image that anybody could ask for; it might be taken for a comment. */
  private static boolean isReference(String text) {
    try {
      ImageReference.parse(text);
      return true;
    } catch (ScanException.InvalidReference e) {
      return false;
    }
  }

  @Override
  public Listing read(String text, ExportOptions options) {
    SortedMap<ImageName, String> places = new TreeMap<>();
    SortedMap<String, String> foreign = new TreeMap<>();
    text.lines()
        .map(String::strip)
        .filter(l -> !l.isEmpty() && !l.startsWith("#"))
        .forEach(
            l ->
                Placements.name(l)
                    .ifPresentOrElse(
                        n -> places.put(n.abbreviated(), Listing.EXCLUDED),
                        () -> foreign.put(l, Listing.EXCLUDED)));
    return new Listing(places, foreign);
  }
}
