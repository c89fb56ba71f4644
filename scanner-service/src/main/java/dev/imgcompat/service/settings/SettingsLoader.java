package dev.imgcompat.service.settings;

import dev.imgcompat.core.image.Printable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyNameException;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.FileSystemResource;

/** Puts settings together: options over variables over the file over defaults. */
public final class SettingsLoader {
  private static final long MAX_BYTES = 1 << 20;
  private static final String BARE_PREFIX = "imgcompat";
  private static final String VARIABLES = "IMGCOMPAT_";
  private static final Pattern INDEX = Pattern.compile("\\[\\d+]$");

  private static final Map<String, SettingName> KNOWN =
      SettingName.all().stream()
          .collect(
              Collectors.toMap(SettingName::name, Function.identity(), (a, b) -> a, TreeMap::new));

  private SettingsLoader() {}

  /**
   * Puts them together.
   *
   * @param options by their names without {@code imgcompat.}
   * @param environment variables; others than {@code IMGCOMPAT_…} do not matter
   * @param file that was named, if one was
   * @throws InvalidSettingException naming the setting, and where it comes from
   */
  public static Settings load(
      Map<String, String> options, Map<String, String> environment, Optional<Path> file) {
    Map<String, Object> fromFile = new LinkedHashMap<>();
    file.ifPresent(f -> fromFile.putAll(read(f)));
    Map<String, Object> fromVariables = new LinkedHashMap<>();
    KNOWN.forEach(
        (name, setting) -> {
          String value = environment.get(setting.variable());
          if (value != null) {
            fromVariables.put(SettingName.PREFIX + name, value);
          }
        });
    Map<String, Object> fromOptions = new LinkedHashMap<>();
    options.forEach(
        (name, value) -> {
          require(name, "");
          fromOptions.put(SettingName.PREFIX + name, value);
        });
    List<ConfigurationPropertySource> sources =
        List.of(
            new MapConfigurationPropertySource(fromOptions),
            new MapConfigurationPropertySource(fromVariables),
            new MapConfigurationPropertySource(fromFile));
    try {
      Settings settings = new Binder(sources).bindOrCreate(BARE_PREFIX, Settings.class);
      requireFiles(settings);
      return settings;
    } catch (BindException e) {
      throw failure(e);
    }
  }

  /** Later failures would name neither the setting nor the file. */
  private static void requireFiles(Settings settings) {
    Map<String, @Nullable Path> files = new LinkedHashMap<>();
    files.put("server.tls-certificate", settings.server().tlsCertificate());
    files.put("server.tls-key", settings.server().tlsKey());
    files.put("access.tokens", settings.access().tokens());
    files.put("store.password-file", settings.store().passwordFile());
    files.put("registries.config", settings.registries().config());
    files.put("registries.authfile", settings.registries().authfile());
    files.put("sweeps.plans", settings.sweeps().plans());
    files.forEach(
        (name, file) -> {
          if (file != null && !Files.isReadable(file)) {
            throw new InvalidSettingException(
                name,
                Printable.of(file + (Files.exists(file) ? " cannot be read" : " is not there")));
          }
        });
  }

  /** Variables that look like settings, but are none. */
  public static List<String> strangeVariables(Map<String, String> environment) {
    List<String> groups =
        KNOWN.keySet().stream()
            .map(
                n ->
                    new SettingName(n.substring(0, n.indexOf('.')), Object.class, Optional.empty()))
            .map(SettingName::variable)
            .distinct()
            .toList();
    List<String> variables = KNOWN.values().stream().map(SettingName::variable).toList();
    return environment.keySet().stream()
        .filter(v -> v.startsWith(VARIABLES) && !variables.contains(v))
        .filter(v -> groups.stream().anyMatch(g -> v.startsWith(g + "_")))
        .sorted()
        .toList();
  }

  private static Map<String, Object> read(Path file) {
    Map<String, Object> values = new LinkedHashMap<>();
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new InvalidSettingException(file, "has more than " + MAX_BYTES + " bytes");
      }
      for (PropertySource<?> source :
          new YamlPropertySourceLoader().load(file.toString(), new FileSystemResource(file))) {
        for (String name : ((EnumerablePropertySource<?>) source).getPropertyNames()) {
          String setting = setting(name, file);
          Object value = String.valueOf(source.getProperty(name));
          if (KNOWN.get(setting).type() == Path.class) {
            value = beside(file, setting, value.toString());
          }
          values.put(name, value);
        }
      }
    } catch (IOException e) {
      throw new InvalidSettingException(file, "cannot be read: " + e.getClass().getSimpleName());
    } catch (RuntimeException e) {
      if (e instanceof InvalidSettingException known) {
        throw known;
      }
      throw new InvalidSettingException(file, "is not YAML: " + firstLine(e));
    }
    return values;
  }

  /** A relative path in the file is one beside the file. */
  private static String beside(Path file, String setting, String value) {
    try {
      return file.toAbsolutePath().resolveSibling(value).normalize().toString();
    } catch (IllegalArgumentException e) {
      throw new InvalidSettingException(setting, "is not a path");
    }
  }

  private static String setting(String key, Path file) {
    String name = INDEX.matcher(key).replaceFirst("");
    if (!name.startsWith(SettingName.PREFIX)) {
      throw new InvalidSettingException(
          file, "has '" + Printable.of(name) + "': settings are below 'imgcompat:'");
    }
    name = name.substring(SettingName.PREFIX.length());
    require(name, " (in " + file + ")");
    return name;
  }

  private static void require(String name, String where) {
    if (!KNOWN.containsKey(name)) {
      String last = name.substring(name.lastIndexOf('.') + 1);
      String group = name.substring(0, Math.max(0, name.indexOf('.')));
      List<String> near =
          KNOWN.keySet().stream()
              .filter(n -> n.endsWith("." + last) || n.startsWith(group + "."))
              .limit(15)
              .toList();
      throw new InvalidSettingException(
          Printable.of(name),
          "is no setting"
              + where
              + (near.isEmpty() ? "" : "; there are " + String.join(", ", near)));
    }
  }

  private static InvalidSettingException failure(BindException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof InvalidSettingException known) {
        return known;
      }
      if (cause instanceof InvalidConfigurationPropertyNameException) {
        break;
      }
    }
    String name = e.getName().toString();
    String setting =
        name.startsWith(SettingName.PREFIX) ? name.substring(SettingName.PREFIX.length()) : name;
    SettingName known = KNOWN.get(INDEX.matcher(setting).replaceFirst(""));
    return new InvalidSettingException(
        setting, "is not " + (known == null ? "what belongs there" : wanted(known.type())));
  }

  private static String wanted(Class<?> type) {
    if (type.isEnum()) {
      return "one of "
          + Arrays.stream(type.getEnumConstants())
              .map(c -> c.toString().toLowerCase(Locale.ROOT))
              .collect(Collectors.joining(", "));
    }
    return switch (type.getSimpleName()) {
      case "int" -> "a number";
      case "double" -> "a number such as 0.5";
      case "boolean" -> "true or false";
      case "Duration" -> "a time such as 30s, 5m or 2h";
      case "DataSize" -> "a size such as 256KB or 64MB";
      case "Path" -> "a path";
      case "URI" -> "an address";
      default -> "a " + type.getSimpleName();
    };
  }

  private static String firstLine(Throwable e) {
    return Printable.of(
        String.valueOf(e.getMessage())
            .lines()
            .map(String::strip)
            .limit(4)
            .collect(Collectors.joining(" ")));
  }
}
