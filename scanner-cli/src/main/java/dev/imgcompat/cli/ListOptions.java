package dev.imgcompat.cli;

import dev.imgcompat.core.export.ExportFormat;
import dev.imgcompat.core.export.ExportOptions;
import dev.imgcompat.core.export.GuestSetup;
import dev.imgcompat.core.export.RouterSetup;
import dev.imgcompat.core.export.RouterSetup.Parameters;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** How decisions become lists: groups of options, of which each format has those that it heeds. */
final class ListOptions {
  private final Decisions decisions = new Decisions();
  private final Advice advice = new Advice();
  private final Names names = new Names();
  private final Executors executors = new Executors();
  private final RuntimeClass runtimeClass = new RuntimeClass();
  private final Fallback fallback = new Fallback();
  private final Nodes nodes = new Nodes();
  private final Hypervisor hypervisor = new Hypervisor();

  /** What to do with images of which nothing is known. */
  enum Unknown {
    EXCLUDE,
    ALLOW
  }

  /** Which decisions keep an image away. */
  private static final class Decisions {
    @Option(
        names = "--unknown",
        defaultValue = "exclude",
        paramLabel = "exclude|allow",
        description =
            "What becomes of images that could not be scanned (default: ${DEFAULT-VALUE}).")
    private Unknown unknown = Unknown.EXCLUDE;

    @Option(
        names = "--guest-has-params",
        description = "The guests have the kernel parameters that images need.")
    private boolean guestHasParams;
  }

  /** Whether advice counts. */
  private static final class Advice {
    @Option(
        names = "--with-advice",
        description = "Adds parameters against what is only slow, such as old rpm.")
    private boolean withAdvice;
  }

  /** How names are spelled. */
  private static final class Names {
    @Option(
        names = "--default-registry",
        paramLabel = "HOST[:PORT]",
        description =
            "Where the cluster takes names without a registry from (default: Docker Hub).")
    private @Nullable String defaultRegistry;
  }

  /** What the router calls its executors. */
  private static final class Executors {
    @Option(
        names = "--executor",
        paramLabel = "NAME",
        description = "Starts builds in the runtime (default: k8s).")
    private String executor = RouterSetup.DEFAULT.executor();

    @Option(
        names = "--plugin",
        paramLabel = "NAME",
        description = "Its module, where its name is not it and no other file says it.")
    private @Nullable String plugin;

    @Option(
        names = "--fallback-plugin",
        paramLabel = "NAME",
        description = "The module of the fallback, likewise.")
    private @Nullable String fallbackPlugin;

    @Option(
        names = "--fallback",
        paramLabel = "NAME",
        description =
            "Takes what the runtime cannot run, and is the default plugin (default: k8s-vm).")
    private String fallback = RouterSetup.DEFAULT.fallback();

    @Option(
        names = "--kernel-params",
        description = "Gives images that need kernel parameters an executor of their own.")
    private boolean byParameters;

    @Option(
        names = "--params-by",
        paramLabel = "annotation|runtime-class",
        converter = ByName.class,
        description = "How pods of such an executor get their parameters (default: annotation).")
    private Parameters by = Parameters.ANNOTATION;
  }

  /** How a pod gets its parameters. */
  static final class ByName implements ITypeConverter<Parameters> {
    @Override
    public Parameters convert(String name) {
      return switch (name) {
        case "annotation" -> Parameters.ANNOTATION;
        case "runtime-class" -> Parameters.RUNTIME_CLASS;
        default ->
            throw new TypeConversionException(
                "'" + name + "' is neither annotation nor runtime-class");
      };
    }
  }

  /** The runtime class. */
  private static final class RuntimeClass {
    @Option(
        names = "--runtime-class",
        paramLabel = "NAME",
        description =
            "Of pods in virtual machines; those for parameters are called after it (default: kata).")
    private String name = GuestSetup.DEFAULT.runtimeClass();
  }

  /** The runtime class of what cannot run. */
  private static final class Fallback {
    @Option(
        names = "--fallback-runtime-class",
        paramLabel = "NAME",
        description = "For pods that the virtual machines cannot run; without it they are refused.")
    private @Nullable String name;
  }

  /** Nodes that have the runtime. */
  private static final class Nodes {
    @Option(
        names = "--node-selector",
        paramLabel = "LABEL=VALUE",
        description =
            "Of nodes that have the runtime (default: katacontainers.io/kata-runtime=true).")
    private Map<String, String> selector = new TreeMap<>();

    @Option(
        names = "--overhead",
        paramLabel = "RESOURCE=QUANTITY",
        description =
            "What a virtual machine takes besides its pod (default: cpu=250m, memory=160Mi).")
    private Map<String, String> overhead = new TreeMap<>();
  }

  /** Kata's own configuration. */
  private static final class Hypervisor {
    @Option(
        names = "--hypervisor",
        paramLabel = "NAME",
        description = "The table of Kata's configuration, such as qemu or clh (default: qemu).")
    private String name = GuestSetup.DEFAULT.hypervisor();

    @Option(
        names = "--keep-param",
        paramLabel = "PARAMETER",
        description = "Kernel parameters that the guests have already: a drop-in replaces them.")
    private List<String> kept = new ArrayList<>();
  }

  /** Adds the options that a format heeds. */
  void addTo(CommandSpec spec, ExportFormat format) {
    for (ExportOptions.Part part : format.heeds()) {
      Object group =
          switch (part) {
            case DECISIONS -> decisions;
            case ADVICE -> advice;
            case NAMES -> names;
            case EXECUTORS -> executors;
            case RUNTIME_CLASS -> runtimeClass;
            case FALLBACK_CLASS -> fallback;
            case NODES -> nodes;
            case HYPERVISOR -> hypervisor;
          };
      spec.addMixin(part.name(), CommandSpec.forAnnotatedObject(group));
    }
  }

  ExportOptions options(ReportInput input, ExportFormat format) throws UsageException {
    if (format == ExportFormat.SCREWDRIVER && advice.withAdvice && !executors.byParameters) {
      throw new UsageException("--with-advice gives parameters: it needs --kernel-params");
    }
    try {
      return new ExportOptions(
          input.runtime(),
          input.platforms(),
          decisions.unknown == Unknown.EXCLUDE,
          decisions.guestHasParams,
          advice.withAdvice,
          new RouterSetup(
              Optional.ofNullable(names.defaultRegistry),
              executors.executor,
              Optional.ofNullable(executors.plugin),
              executors.fallback,
              Optional.ofNullable(executors.fallbackPlugin),
              executors.byParameters ? executors.by : Parameters.NONE),
          new GuestSetup(
              runtimeClass.name,
              Optional.ofNullable(fallback.name),
              hypervisor.name,
              hypervisor.kept,
              orElse(nodes.selector, GuestSetup.DEFAULT.nodeSelector()),
              orElse(nodes.overhead, GuestSetup.DEFAULT.overhead())));
    } catch (IllegalArgumentException e) {
      throw new UsageException(e.getMessage());
    }
  }

  private static SortedMap<String, String> orElse(
      Map<String, String> given, SortedMap<String, String> usual) {
    return given.isEmpty() ? usual : new TreeMap<>(given);
  }
}
