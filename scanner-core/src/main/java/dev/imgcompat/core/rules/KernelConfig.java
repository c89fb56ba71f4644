package dev.imgcompat.core.rules;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/**
 * The configuration that a Linux kernel was built with, as {@code .config}, {@code /boot/config-*}
 * and {@code /proc/config.gz} hold it. The form is that of Documentation/kbuild/kconfig.rst.
 * Immutable.
 */
public final class KernelConfig {
  /** How large a configuration may be, in bytes of text; real ones have about 300 KB. */
  static final int MAX_BYTES = 4 << 20;

  private static final Pattern SET = Pattern.compile("CONFIG_(\\w+)=(.*)");
  private static final Pattern UNSET = Pattern.compile("# CONFIG_(\\w+) is not set");

  /** "# Linux/x86 6.12.63 Kernel Configuration"; of old: "# Linux kernel version: 2.6.32". */
  private static final Pattern HEADER =
      Pattern.compile("#.*\\bLinux(?:/\\S+| kernel version:) (\\d+(?:\\.\\d+)+).*");

  /** No header is longer, in characters; the pattern takes quadratic time. */
  private static final int MAX_HEADER = 200;

  private static final Pattern VERSION = Pattern.compile("\\d+(\\.\\d+)*");
  private static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9-]{1,63}");
  private static final String PARAMETERS =
      "https://docs.kernel.org/admin-guide/kernel-parameters.html"
          + " (vsyscall, ia32_emulation, syscall.x32)";

  private final Map<String, String> options;
  private final KernelArchitecture architecture;
  private final Optional<String> version;

  private KernelConfig(
      Map<String, String> options, KernelArchitecture architecture, Optional<String> version) {
    this.options = options;
    this.architecture = architecture;
    this.version = version;
  }

  /**
   * What a profile says besides what follows from the configuration.
   *
   * @param id of the profile, such as {@code our-guest}
   * @param title for people; made of architecture and version where absent
   * @param kernelVersion such as {@code 6.12}; as the header of the configuration says where absent
   * @param commandLine with which the kernel is booted; may be empty
   */
  public record Wanted(
      String id, Optional<String> title, Optional<String> kernelVersion, String commandLine) {}

  /**
   * Reads a configuration, gzipped or not, of at most 4 MiB of text. Does not close the stream.
   *
   * @throws IOException if it cannot be read
   * @throws KernelConfigException if it is none, or of an architecture that nothing is known of
   */
  public static KernelConfig read(InputStream in) throws IOException, KernelConfigException {
    byte[] bytes = bounded(in);
    if (bytes.length > 2 && (bytes[0] & 0xff) == 0x1f && (bytes[1] & 0xff) == 0x8b) {
      try (InputStream unzipped = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
        bytes = bounded(unzipped);
      } catch (IOException e) {
        throw new KernelConfigException("damaged gzip data: " + e.getMessage());
      }
    }
    return parse(new String(bytes, StandardCharsets.UTF_8));
  }

  private static byte[] bounded(InputStream in) throws IOException, KernelConfigException {
    byte[] bytes = in.readNBytes(MAX_BYTES + 1);
    if (bytes.length > MAX_BYTES) {
      throw new KernelConfigException("larger than 4 MiB: no kernel configuration is");
    }
    return bytes;
  }

  static KernelConfig parse(String text) throws KernelConfigException {
    Map<String, String> options = new HashMap<>();
    Optional<String> version = Optional.empty();
    for (String line : (Iterable<String>) text.lines().map(String::strip)::iterator) {
      Matcher set = SET.matcher(line);
      Matcher unset = UNSET.matcher(line);
      if (set.matches()) {
        options.put(set.group(1), set.group(2));
      } else if (unset.matches()) {
        options.put(unset.group(1), "n");
      } else if (options.isEmpty() && version.isEmpty() && line.length() <= MAX_HEADER) {
        version = Optional.of(HEADER.matcher(line)).filter(Matcher::matches).map(m -> m.group(1));
      }
    }
    if (options.isEmpty()) {
      throw new KernelConfigException("not a kernel configuration: it has no CONFIG_ line");
    }
    return new KernelConfig(options, KernelArchitecture.of(options), version);
  }

  /** Whether an option is built in. */
  boolean on(String option) {
    return "y".equals(options.get(option));
  }

  /** Whether the configuration says that an option is off; old kernels do not know every option. */
  boolean off(String option) {
    return "n".equals(options.get(option));
  }

  /** Whether the kernel knows an option, on or off. */
  boolean mentions(String option) {
    return options.containsKey(option);
  }

  /** The text of an option without its quotes; empty where there is none. */
  String text(String option) {
    String value = options.getOrDefault(option, "");
    boolean quoted = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
    return quoted ? value.substring(1, value.length() - 1).replaceAll("\\\\(.)", "$1") : "";
  }

  /**
   * Returns the profile of a runtime whose guests boot this kernel.
   *
   * @throws KernelConfigException if an id, a title or a version cannot be one
   */
  public Target profile(Wanted wanted) throws KernelConfigException {
    if (!ID.matcher(wanted.id()).matches()) {
      throw new KernelConfigException(
          "'" + wanted.id() + "' is no id: write 2 to 64 of a-z, 0-9 and -");
    }
    if (wanted.kernelVersion().filter(v -> !VERSION.matcher(v).matches()).isPresent()) {
      throw new KernelConfigException(
          "'" + wanted.kernelVersion().get() + "' is no kernel version: write one such as 6.12");
    }
    if (wanted.title().filter(String::isBlank).isPresent()) {
      throw new KernelConfigException("the title is empty");
    }
    Optional<String> kernel = wanted.kernelVersion().or(() -> version);
    KernelCommandLine commandLine = KernelCommandLine.of(this, wanted.commandLine());
    KernelCapabilities derived = new KernelCapabilities(this, architecture, kernel, commandLine);
    return new Target(
        new RuntimeProfile(
            wanted.id(),
            wanted
                .title()
                .orElse(
                    "guest kernel "
                        + kernel.map(v -> v + " ").orElse("")
                        + "for "
                        + architecture.title()),
            Optional.empty(),
            derived.honoured(),
            kernel.stream()
                .map(
                    v ->
                        new GuestKernel(
                            Optional.empty(), Optional.empty(), Span.ALL, Optional.of(v)))
                .toList(),
            derived.spans(),
            List.of(PARAMETERS)),
        Optional.empty());
  }
}
