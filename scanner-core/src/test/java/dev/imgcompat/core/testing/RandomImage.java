package dev.imgcompat.core.testing;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * An image of a few layers whose paths are of so few names that they collide all the time. The same
 * seed gives the same image.
 */
public final class RandomImage {
  private static final List<List<String>> ALPHABETS =
      List.of(
          List.of("a", "b"),
          List.of("a", "b", "c", "d"),
          List.of("a", "A", "b\n", "é"),
          List.of("usr", "lib", "lib64", "libc.so.6"),
          List.of("bin", "sh", "lib64", "libc.so.6"));

  private final Random random;
  private final List<String> names;
  private final List<List<Entry>> layers = new ArrayList<>();

  /** Paths that were named already, so that later entries meet them again, and what is there. */
  private final Map<String, Kind> known = new LinkedHashMap<>();

  private int marks;

  private enum Kind {
    PROGRAM,
    TEXT,
    DIRECTORY,
    LINK,
    HARD_LINK,
    WHITEOUT,
    OPAQUE
  }

  private record Entry(Kind kind, String path, String target, int mark) {
    void addTo(LayerBuilder layer) {
      switch (kind) {
        case PROGRAM -> layer.program(path, MarkedElf.of(mark));
        case TEXT -> layer.text(path, "text");
        case DIRECTORY -> layer.directory(path);
        case LINK -> layer.link(path, target);
        case HARD_LINK -> layer.hardLink(path, target);
        case WHITEOUT -> layer.whiteout(path);
        case OPAQUE -> layer.opaque(path);
      }
    }

    @Override
    public String toString() {
      return kind
          + " "
          + path
          + (target.isEmpty() ? "" : " -> " + target)
          + (kind == Kind.PROGRAM ? " mark-" + mark : "");
    }
  }

  /** Makes the image of a seed. */
  public RandomImage(long seed) {
    random = new Random(seed);
    // The first numbers of neighbouring seeds are alike.
    random.nextLong();
    names = pick(ALPHABETS);
    int count = 2 + random.nextInt(5);
    for (int i = 0; i < count; i++) {
      List<Entry> layer = new ArrayList<>();
      int entries = 1 + random.nextInt(8);
      for (int e = 0; e < entries; e++) {
        layer.add(entry());
      }
      layers.add(layer);
    }
  }

  /** Its layers, bottom first. */
  public List<LayerBuilder> layers() {
    List<LayerBuilder> built = new ArrayList<>();
    for (List<Entry> layer : layers) {
      LayerBuilder builder = new LayerBuilder();
      layer.forEach(entry -> entry.addTo(builder));
      built.add(builder);
    }
    return built;
  }

  /** Its layers, one a line. */
  @Override
  public String toString() {
    return layers.stream()
        .map(l -> l.stream().map(Entry::toString).collect(Collectors.joining("; ")))
        .collect(Collectors.joining("\n"));
  }

  private Entry entry() {
    Kind kind = kind();
    String path = path();
    String target =
        switch (kind) {
          case LINK -> linkTarget();
          case HARD_LINK -> pick(files());
          default -> "";
        };
    switch (kind) {
      case OPAQUE -> forgetBelow(path);
      case WHITEOUT -> {
        forgetBelow(path);
        known.remove(path);
      }
      case DIRECTORY -> known.put(path, kind);
      default -> {
        forgetBelow(path);
        known.put(path, kind);
      }
    }
    return new Entry(kind, path, target, marks++);
  }

  private Kind kind() {
    int number = random.nextInt(20);
    if (number < 6) {
      return Kind.PROGRAM;
    } else if (number < 9) {
      return Kind.TEXT;
    } else if (number < 11) {
      return Kind.DIRECTORY;
    } else if (number < 15) {
      return Kind.LINK;
    } else if (number < 17 && !files().isEmpty()) {
      return Kind.HARD_LINK;
    }
    return number < 19 ? Kind.WHITEOUT : Kind.OPAQUE;
  }

  /** A path, but none below a file: no tool unpacks that. */
  private String path() {
    while (true) {
      StringBuilder path = new StringBuilder();
      if (!known.isEmpty() && random.nextInt(3) == 0) {
        path.append(pick(List.copyOf(known.keySet())));
      } else {
        path.append(pick(names));
      }
      for (int depth = random.nextInt(3); depth > 0; depth--) {
        path.append('/').append(pick(names));
      }
      if (!isBelowFile(path.toString())) {
        return path.toString();
      }
    }
  }

  private boolean isBelowFile(String path) {
    for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
      if (isFile(known.get(path.substring(0, slash)))) {
        return true;
      }
    }
    return false;
  }

  private static boolean isFile(@Nullable Kind kind) {
    return kind == Kind.PROGRAM || kind == Kind.TEXT || kind == Kind.HARD_LINK;
  }

  private List<String> files() {
    return known.keySet().stream().filter(path -> isFile(known.get(path))).toList();
  }

  private void forgetBelow(String path) {
    known.keySet().removeIf(known -> known.startsWith(path + "/"));
  }

  private String linkTarget() {
    String up = random.nextInt(3) == 0 ? "../".repeat(1 + random.nextInt(3)) : "";
    String root = random.nextInt(3) == 0 ? "/" : "";
    String middle = random.nextInt(6) == 0 ? pick(names) + "/../" : "";
    return root + up + middle + (random.nextBoolean() ? path() : pick(names));
  }

  private <T> T pick(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }
}
