package dev.imgcompat.core.export;

import dev.imgcompat.core.export.Placements.Place;
import java.util.List;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** A JSON array of patterns for names of images to keep away, and nothing else. */
final class ExclusionPatterns implements ListForm {
  /** One pattern a line, so that tools for text can compare lists. */
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .defaultPrettyPrinter(
              new DefaultPrettyPrinter()
                  .withArrayIndenter(DefaultIndenter.SYSTEM_LINEFEED_INSTANCE.withLinefeed("\n")))
          .build();

  @Override
  public List<ExportedFile> files(ExportInput input) throws ExportException {
    List<String> patterns = input.patterns().anchored(input.twoWay().in(Place.EXCLUDED));
    PatternLists.requireValid(patterns);
    return List.of(new ExportedFile("exclusions.json", JSON.writeValueAsString(patterns) + "\n"));
  }

  @Override
  public Listing read(String text, ExportOptions options) throws ExportException {
    return PatternLists.listing(PatternLists.texts(PatternLists.json(text), "the list"), List.of());
  }

  @Override
  public List<String> losses(String text) throws ExportException {
    return PatternLists.foreign(read(text, ExportOptions.DEFAULT));
  }
}
