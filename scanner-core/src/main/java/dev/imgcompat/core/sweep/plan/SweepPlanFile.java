package dev.imgcompat.core.sweep.plan;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.imgcompat.core.image.Printable;
import dev.imgcompat.core.image.ScanException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.cfg.MapperBuilder;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * Reads plans: of a YAML file of several, with keys such as {@code changed-since}, or one as JSON,
 * with members such as {@code changedSince}.
 */
public final class SweepPlanFile {
  private static final String NO_PLANS =
      "has no plans: write them under 'sweeps:', each by its name";
  private static final int MAX_BYTES = 1 << 20;

  private static final YAMLMapper YAML =
      strict(YAMLMapper.builder())
          .propertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE)
          .build();
  private static final JsonMapper JSON =
      strict(JsonMapper.builder())
          .changeDefaultPropertyInclusion(v -> v.withValueInclusion(JsonInclude.Include.NON_NULL))
          .build();

  private SweepPlanFile() {}

  private record Plans(@Nullable LinkedHashMap<String, PlanText> sweeps) {}

  private static <M extends ObjectMapper, B extends MapperBuilder<M, B>> B strict(B builder) {
    return builder
        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
        .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT);
  }

  /**
   * Reads a file with {@code sweeps:} and, under it, plans by name.
   *
   * @throws SweepPlanException if it cannot be read or has a mistake; the message names the file
   */
  public static List<SweepPlan> read(Path file) throws SweepPlanException {
    try {
      Plans plans = YAML.readValue(bytes(file), Plans.class);
      if (plans == null || plans.sweeps() == null || plans.sweeps().isEmpty()) {
        throw new SweepPlanException(NO_PLANS);
      }
      List<SweepPlan> read = new ArrayList<>();
      for (Map.Entry<String, PlanText> named : plans.sweeps().entrySet()) {
        read.add(read(named.getKey(), named.getValue()));
      }
      return read;
    } catch (SweepPlanException e) {
      throw new SweepPlanException(Printable.of(file + ": " + e.getMessage()));
    } catch (JacksonException e) {
      // An empty file has no place where something is wrong.
      throw new SweepPlanException(
          Printable.of(
              file
                  + ": "
                  + (e.getPath().isEmpty() && e instanceof DatabindException
                      ? NO_PLANS
                      : reason(e))));
    }
  }

  private static SweepPlan read(String name, @Nullable PlanText text) throws SweepPlanException {
    try {
      if (text == null) {
        throw new SweepPlanException("has no sources");
      }
      if (text.name() != null && !text.name().equals(name)) {
        throw new SweepPlanException("calls itself '" + text.name() + "'");
      }
      return text.plan(name);
    } catch (SweepPlanException e) {
      throw new SweepPlanException("sweep '" + name + "' " + e.getMessage());
    }
  }

  private static byte[] bytes(Path file) throws SweepPlanException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw new SweepPlanException("has more than 1 MiB");
      }
      return bytes;
    } catch (NoSuchFileException e) {
      throw new SweepPlanException("there is no such file");
    } catch (IOException e) {
      throw new SweepPlanException("cannot be read: " + ScanException.reason(e));
    }
  }

  /**
   * Reads one plan, with its {@code name} in it.
   *
   * @param json such as the body of a request
   * @throws SweepPlanException if it has a mistake
   */
  public static SweepPlan parse(byte[] json) throws SweepPlanException {
    if (json.length > MAX_BYTES) {
      throw new SweepPlanException("the plan has more than 1 MiB");
    }
    try {
      PlanText text = JSON.readValue(json, PlanText.class);
      if (text == null || text.name() == null) {
        throw new SweepPlanException("the plan has no name");
      }
      return read(text.name(), text);
    } catch (SweepPlanException e) {
      throw new SweepPlanException(Printable.of(String.valueOf(e.getMessage())));
    } catch (JacksonException e) {
      throw new SweepPlanException(Printable.of("the plan is not one: " + reason(e)));
    }
  }

  /** Writes a plan so that {@link #parse} reads the same. */
  public static byte[] json(SweepPlan plan) {
    return JSON.writeValueAsString(PlanText.of(plan)).getBytes(StandardCharsets.UTF_8);
  }

  private static String reason(JacksonException failure) {
    String where =
        failure.getLocation() == null ? "" : "line " + failure.getLocation().getLineNr() + ": ";
    if (failure instanceof UnrecognizedPropertyException unknown) {
      String known =
          unknown.getKnownPropertyIds() == null
              ? ""
              : "; there are "
                  + unknown.getKnownPropertyIds().stream()
                      .map(String::valueOf)
                      .sorted()
                      .collect(Collectors.joining(", "));
      return where + "'" + unknown.getPropertyName() + "' is unknown" + known;
    }
    if (failure instanceof DatabindException) {
      String path =
          failure.getPath().stream()
              .map(
                  r -> r.getPropertyName() == null ? "[" + r.getIndex() + "]" : r.getPropertyName())
              .collect(Collectors.joining("."));
      return where + "'" + path + "' is not what belongs there";
    }
    String message = String.valueOf(failure.getOriginalMessage());
    int end = message.indexOf('\n');
    return where + (end < 0 ? message : message.substring(0, end));
  }
}
