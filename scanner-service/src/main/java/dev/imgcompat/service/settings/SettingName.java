package dev.imgcompat.service.settings;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * One setting, as the code has it.
 *
 * @param name without {@code imgcompat.}, such as {@code server.max-body}
 * @param type of its value
 * @param usual what holds if nothing is said; absent for none
 */
public record SettingName(String name, Class<?> type, Optional<String> usual) {
  /** Before each name in the file. */
  static final String PREFIX = "imgcompat.";

  /** All settings, in the order of the code. */
  public static List<SettingName> all() {
    List<SettingName> all = new ArrayList<>();
    for (RecordComponent group : Settings.class.getRecordComponents()) {
      for (RecordComponent setting : group.getType().getRecordComponents()) {
        DefaultValue usual = setting.getAnnotation(DefaultValue.class);
        if (usual == null) {
          usual = ofConstructor(group.getType(), setting);
        }
        all.add(
            new SettingName(
                dashed(group.getName()) + "." + dashed(setting.getName()),
                setting.getType(),
                Optional.ofNullable(usual).map(u -> String.join(",", u.value()))));
      }
    }
    return List.copyOf(all);
  }

  /** Annotations of components that are for parameters are kept at the constructor only. */
  private static DefaultValue ofConstructor(Class<?> group, RecordComponent setting) {
    return Arrays.stream(group.getDeclaredConstructors()[0].getParameters())
        .filter(p -> p.getName().equals(setting.getName()))
        .findFirst()
        .map(p -> p.getAnnotation(DefaultValue.class))
        .orElse(null);
  }

  /** The variable that says it. */
  public String variable() {
    return (PREFIX + name).toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }

  private static String dashed(String camel) {
    return camel.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }
}
