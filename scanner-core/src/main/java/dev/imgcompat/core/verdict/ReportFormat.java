package dev.imgcompat.core.verdict;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.imgcompat.core.image.Printable;
import dev.imgcompat.core.verdict.Report.ImageReport;
import dev.imgcompat.core.verdict.Report.Tool;
import java.io.IOException;
import java.io.InputStream;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.cfg.MapperBuilder;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLWriteFeature;

/** Reports as JSON and YAML. Safe for use by several threads. */
public final class ReportFormat {
  private static final String NO_REPORT = "not a report of imgcompat scan -o json: ";

  private static final JsonMapper JSON = configured(JsonMapper.builder()).build();
  private static final YAMLMapper YAML =
      configured(YAMLMapper.builder())
          .disable(YAMLWriteFeature.WRITE_DOC_START_MARKER)
          .enable(YAMLWriteFeature.MINIMIZE_QUOTES)
          // Versions are text: 2.10 is not 2.1.
          .enable(YAMLWriteFeature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
          .build();

  private ReportFormat() {}

  private static <M extends ObjectMapper, B extends MapperBuilder<M, B>> B configured(B builder) {
    return builder
        .changeDefaultPropertyInclusion(v -> v.withValueInclusion(JsonInclude.Include.NON_ABSENT))
        .enable(SerializationFeature.INDENT_OUTPUT)
        .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
        .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES);
  }

  /** Returns a report, or anything that goes into one, as JSON. */
  public static String json(Object value) {
    return JSON.writeValueAsString(value) + "\n";
  }

  /** Returns what has the types of a report in it as JSON in one line, without its end. */
  public static String line(Object value) {
    return JSON.writer().without(SerializationFeature.INDENT_OUTPUT).writeValueAsString(value);
  }

  /** A generator of the same JSON, which does not close what it writes to. */
  static JsonGenerator generator(Writer out) {
    return JSON.writer().without(StreamWriteFeature.AUTO_CLOSE_TARGET).createGenerator(out);
  }

  /** Returns a report as YAML. */
  public static String yaml(Object value) {
    return YAML.writeValueAsString(value);
  }

  /**
   * Reads a JSON report.
   *
   * @throws IOException if it is none, with one line that says why
   */
  public static Report read(InputStream in) throws IOException {
    Report report;
    try {
      report = JSON.readValue(BoundedReport.of(in), Report.class);
    } catch (JacksonIOException e) {
      throw e.getCause();
    } catch (DatabindException e) {
      throw new IOException(NO_REPORT + where(e) + " is not what a report has there", e);
    } catch (JacksonException e) {
      throw new IOException(NO_REPORT + "not JSON" + line(e), e);
    }
    if (report.schemaVersion() != Report.SCHEMA_VERSION) {
      throw new IOException(
          "a report of schema version "
              + report.schemaVersion()
              + "; this program reads version "
              + Report.SCHEMA_VERSION);
    }
    return report;
  }

  /**
   * Reads a JSON report that this program keeps, image by image.
   *
   * @param each is given each image in turn, and returns the one to go on with
   * @throws IOException if it cannot be read
   */
  public static Report read(InputStream in, UnaryOperator<ImageReport> each) throws IOException {
    int schemaVersion = 0;
    @Nullable Tool tool = null;
    List<ImageReport> images = new ArrayList<>();
    try (JsonParser json = JSON.createParser(in)) {
      json.nextToken();
      for (String name = json.nextName(); name != null; name = json.nextName()) {
        JsonToken value = json.nextToken();
        switch (name) {
          case "schemaVersion" -> schemaVersion = json.getIntValue();
          case "tool" -> tool = json.readValueAs(Tool.class);
          case "images" -> {
            if (value != JsonToken.START_ARRAY) {
              throw new IOException(NO_REPORT + "its images are no list");
            }
            while (json.nextToken() != JsonToken.END_ARRAY) {
              images.add(each.apply(json.readValueAs(ImageReport.class)));
            }
          }
          default -> json.skipChildren();
        }
      }
    } catch (JacksonIOException e) {
      throw e.getCause();
    } catch (JacksonException e) {
      throw new IOException(NO_REPORT + "not JSON" + line(e), e);
    }
    if (tool == null) {
      throw new IOException(NO_REPORT + "it names no tool");
    }
    return new Report(schemaVersion, tool, images);
  }

  /** The member at fault, such as {@code images[2].verdicts[0].runtime}. */
  private static String where(DatabindException failure) {
    StringBuilder path = new StringBuilder();
    for (JacksonException.Reference step : failure.getPath()) {
      path.append(
          step.getPropertyName() == null
              ? "[" + step.getIndex() + "]"
              : (path.isEmpty() ? "" : ".") + step.getPropertyName());
    }
    return path.isEmpty() ? "the whole" + line(failure) : Printable.of(path.toString());
  }

  private static String line(JacksonException failure) {
    return failure.getLocation() == null ? "" : ", line " + failure.getLocation().getLineNr();
  }
}
