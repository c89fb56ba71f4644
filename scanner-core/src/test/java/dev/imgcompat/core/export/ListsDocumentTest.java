package dev.imgcompat.core.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** docs/lists.md says what the code does. */
class ListsDocumentTest {
  private static final Pattern ROW = Pattern.compile("\\| `([a-z-]+)` \\| `([a-z+/]+)` \\| .*");

  @Test
  void theTableHasAllFormats() throws IOException {
    Map<String, String> documented = new LinkedHashMap<>();
    for (String line : Files.readAllLines(Path.of("../docs/lists.md"))) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        documented.put(row.group(1), row.group(2));
      }
    }
    Map<String, String> formats = new LinkedHashMap<>();
    Arrays.stream(ExportFormat.values()).forEach(f -> formats.put(f.id(), f.mediaType()));

    assertThat(documented).containsExactlyEntriesOf(formats);
  }
}
