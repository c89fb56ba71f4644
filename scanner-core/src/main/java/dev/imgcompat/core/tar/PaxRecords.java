package dev.imgcompat.core.tar;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The records of one PAX header: a decimal length, a space, key=value, a newline each. Keys and
 * values are decoded byte by byte. A later record replaces an earlier one of its key, and an empty
 * value removes it.
 */
final class PaxRecords {
  private static final String PATH = "path";
  private static final String LINK = "linkpath";
  private static final String SIZE = "size";
  private static final String SPARSE = "GNU.sparse.";
  private static final String SPARSE_NAME = SPARSE + "name";
  private static final String SPARSE_MAP = SPARSE + "map";
  private static final String SPARSE_OFFSET = SPARSE + "offset";
  private static final String SPARSE_SIZE = SPARSE + "size";
  private static final String SPARSE_REAL_SIZE = SPARSE + "realsize";

  /** No record is shorter: "5 a=\n". */
  private static final int LEAST = 5;

  private static final Set<String> TEXTS = Set.of(PATH, LINK, SPARSE_NAME);
  private static final Set<String> NUMBERS = Set.of(SIZE, SPARSE_SIZE, SPARSE_REAL_SIZE);

  private final Map<String, String> records = new HashMap<>();

  /** No records. */
  PaxRecords() {}

  /** Reads the records of a header's content. */
  PaxRecords(byte[] raw, int start, int length) throws IOException {
    int end = start + length;
    int at = start;
    while (at < end) {
      at = read(raw, at, end);
    }
  }

  private int read(byte[] raw, int start, int end) throws IOException {
    int space = start;
    long length = 0;
    while (space < end && raw[space] >= '0' && raw[space] <= '9' && length <= end) {
      length = length * 10 + raw[space++] - '0';
    }
    if (space >= end
        || raw[space] != ' '
        || length < LEAST
        || length > end - start
        || start + length < space + 2
        || raw[(int) (start + length) - 1] != '\n') {
      throw new IOException("a PAX header whose records have no proper length");
    }
    int next = (int) (start + length);
    put(new String(raw, space + 1, next - space - 2, StandardCharsets.ISO_8859_1));
    return next;
  }

  private void put(String record) throws IOException {
    int equals = record.indexOf('=');
    if (equals <= 0 || record.lastIndexOf(0, equals) >= 0) {
      throw new IOException("a PAX header with a record that is no key and value");
    }
    String key = record.substring(0, equals);
    String value = record.substring(equals + 1);
    if (TEXTS.contains(key) && value.indexOf(0) >= 0) {
      throw new IOException("a PAX header with a NUL in a name");
    }
    if (value.isEmpty()) {
      records.remove(key);
      return;
    }
    if (NUMBERS.contains(key) && !value.matches("[0-9]{1,18}")) {
      throw new IOException("a PAX header with a " + key + " that is no number");
    }
    records.put(key, value);
  }

  /** The path of the entry; of a sparse one, what it is called in the end. */
  @Nullable String path() {
    return records.getOrDefault(SPARSE_NAME, records.get(PATH));
  }

  /** The target of the link. */
  @Nullable String link() {
    return records.get(LINK);
  }

  /** The bytes of content that follow, or what the header says of it. */
  long size(long otherwise) {
    String size = records.get(SIZE);
    return size == null ? otherwise : Long.parseLong(size);
  }

  /** Whether the entry is sparse. */
  boolean isSparse() {
    return records.keySet().stream().anyMatch(key -> key.startsWith(SPARSE));
  }

  /** Whether the map of a sparse entry is the beginning of its content. */
  boolean isMapInContent() {
    return isSparse() && !records.containsKey(SPARSE_SIZE);
  }

  /** Refuses what would hold for all entries that follow, though Go does not let it. */
  void checkGlobal() throws IOException {
    for (String key : records.keySet()) {
      if (key.equals(PATH)
          || key.equals(LINK)
          || key.equals(SIZE)
          || key.startsWith(SPARSE)
          || isOfStar(key)) {
        throw new IOException("a global tar header that sets " + key + " of all entries");
      }
    }
  }

  /** Refuses sparse entries that not every reader knows to be sparse, or knows the size of. */
  void checkSparse() throws IOException {
    if (records.keySet().stream().anyMatch(this::isOfStar)) {
      throw new IOException("a sparse file as only star knows it");
    }
    if (!isSparse()) {
      return;
    }
    String version =
        records.getOrDefault(SPARSE + "major", "")
            + "."
            + records.getOrDefault(SPARSE + "minor", "");
    boolean map = records.containsKey(SPARSE_MAP);
    boolean parts = records.containsKey(SPARSE_OFFSET);
    boolean size = records.containsKey(SPARSE_SIZE);
    boolean realSize = records.containsKey(SPARSE_REAL_SIZE);
    boolean understood =
        switch (version) {
          case "1.0" -> realSize && !size && !map && !parts;
          case "0.0", "0.1", "." -> size && !realSize && map != parts;
          default -> false;
        };
    if (!understood) {
      throw new IOException("a sparse file without a map of its parts that every reader finds");
    }
  }

  private boolean isOfStar(String key) {
    return key.equals("SCHILY.realsize")
        || (key.equals("SCHILY.filetype") && "sparse".equals(records.get(key)));
  }
}
