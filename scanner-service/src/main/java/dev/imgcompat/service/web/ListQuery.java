package dev.imgcompat.service.web;

import dev.imgcompat.core.export.ExportFormat;
import dev.imgcompat.core.export.ExportOptions;
import dev.imgcompat.core.export.GuestSetup;
import dev.imgcompat.core.export.RouterSetup;
import dev.imgcompat.core.export.RouterSetup.Parameters;
import dev.imgcompat.core.image.PlatformRequest;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** Turns parameters into options of a list; their names are those of the command line. */
final class ListQuery {
  private final Query query;
  private final ExportOptions defaults;

  private ListQuery(Query query, ExportOptions defaults) {
    this.query = query;
    this.defaults = defaults;
  }

  /**
   * Reads options.
   *
   * @param defaults what holds where there is no parameter
   * @throws RefusedException if the format does not heed a parameter, or a value is none
   */
  static ExportOptions options(Query query, ExportFormat format, ExportOptions defaults) {
    query.only(names(format));
    try {
      ExportOptions options = new ListQuery(query, defaults).options();
      boolean plain = options.router().parameters() == Parameters.NONE;
      if (format == ExportFormat.SCREWDRIVER && options.withAdvice() && plain) {
        throw RefusedException.malformed("with-advice gives parameters: it needs kernel-params");
      }
      return options;
    } catch (IllegalArgumentException e) {
      throw RefusedException.malformed(String.valueOf(e.getMessage()));
    }
  }

  /** The parameters that a format heeds. */
  static Set<String> names(ExportFormat format) {
    Set<String> names = new TreeSet<>(Set.of("format", "runtime", "platform"));
    for (ExportOptions.Part part : format.heeds()) {
      names.addAll(
          switch (part) {
            case DECISIONS -> List.of("unknown", "guest-has-params");
            case ADVICE -> List.of("with-advice");
            case NAMES -> List.of("default-registry");
            case EXECUTORS ->
                List.of(
                    "executor",
                    "plugin",
                    "fallback",
                    "fallback-plugin",
                    "kernel-params",
                    "params-by");
            case RUNTIME_CLASS -> List.of("runtime-class");
            case FALLBACK_CLASS -> List.of("fallback-runtime-class");
            case NODES -> List.of("node-selector", "overhead");
            case HYPERVISOR -> List.of("hypervisor", "keep-param");
          });
    }
    return names;
  }

  private ExportOptions options() {
    return new ExportOptions(
        query.single("runtime").or(defaults::runtime),
        query.single("platform").map(PlatformRequest::parse).orElse(defaults.platforms()),
        query.single("unknown").map(ListQuery::isExcluded).orElse(defaults.excludeUnknown()),
        query.flag("guest-has-params").orElse(defaults.guestHasParams()),
        query.flag("with-advice").orElse(defaults.withAdvice()),
        router(defaults.router()),
        guests(defaults.guests()));
  }

  private RouterSetup router(RouterSetup usual) {
    return new RouterSetup(
        query.single("default-registry").or(usual::defaultRegistry),
        query.single("executor").orElse(usual.executor()),
        query.single("plugin").or(usual::plugin),
        query.single("fallback").orElse(usual.fallback()),
        query.single("fallback-plugin").or(usual::fallbackPlugin),
        parameters(usual.parameters()));
  }

  private Parameters parameters(Parameters usual) {
    boolean wanted = query.flag("kernel-params").orElse(usual != Parameters.NONE);
    Parameters by =
        query
            .single("params-by")
            .map(ListQuery::by)
            .orElse(usual == Parameters.NONE ? Parameters.ANNOTATION : usual);
    return wanted ? by : Parameters.NONE;
  }

  private GuestSetup guests(GuestSetup usual) {
    List<String> kept = query.all("keep-param");
    return new GuestSetup(
        query.single("runtime-class").orElse(usual.runtimeClass()),
        query.single("fallback-runtime-class").or(usual::fallbackClass),
        query.single("hypervisor").orElse(usual.hypervisor()),
        kept.isEmpty() ? usual.keptParams() : kept,
        pairs("node-selector").orElse(usual.nodeSelector()),
        pairs("overhead").orElse(usual.overhead()));
  }

  private Optional<SortedMap<String, String>> pairs(String name) {
    SortedMap<String, String> pairs = new TreeMap<>();
    for (String pair : query.all(name)) {
      int equals = pair.indexOf('=');
      if (equals < 1) {
        throw new IllegalArgumentException(
            "the parameter '" + name + "' is '" + pair + "': write NAME=VALUE");
      }
      pairs.put(pair.substring(0, equals), pair.substring(equals + 1));
    }
    return pairs.isEmpty() ? Optional.empty() : Optional.of(pairs);
  }

  private static boolean isExcluded(String unknown) {
    return switch (unknown) {
      case "exclude" -> true;
      case "allow" -> false;
      default ->
          throw new IllegalArgumentException("'" + unknown + "' is neither exclude nor allow");
    };
  }

  private static Parameters by(String name) {
    return switch (name) {
      case "annotation" -> Parameters.ANNOTATION;
      case "runtime-class" -> Parameters.RUNTIME_CLASS;
      default ->
          throw new IllegalArgumentException(
              "'" + name + "' is neither annotation nor runtime-class");
    };
  }
}
