package dev.imgcompat.core.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What is in a directory, told by walking it without any code of the product.
 *
 * @param entries what each path is: a directory, a file, a link and its target, or an ELF file, its
 *     mark, and all paths that lead to its inode
 * @param files distinct ELF files
 * @param class32 distinct ELF files of class 32 that are executables or shared objects
 * @param class32Paths the paths that lead to these
 */
public record UnpackedTree(
    SortedMap<String, String> entries, int files, int class32, int class32Paths) {

  /** What is said of an ELF file. */
  public static String elf(String mark, Iterable<String> paths) {
    return "elf " + mark + " " + String.join(" = ", paths);
  }

  /** Walks a directory; links are not followed. */
  public static UnpackedTree of(Path root) throws IOException {
    Walk walk = new Walk();
    walk.directory(root, "");
    return walk.tree();
  }

  private record Elf(String mark, boolean is32, TreeSet<String> paths) {}

  private static final class Walk {
    private final SortedMap<String, String> entries = new TreeMap<>();
    private final Map<Object, Elf> elfs = new HashMap<>();

    void directory(Path directory, String name) throws IOException {
      try (Stream<Path> children = Files.list(directory)) {
        for (Path child : children.toList()) {
          entry(child, name + "/" + name(child));
        }
      }
    }

    private void entry(Path path, String name) throws IOException {
      if (Files.isSymbolicLink(path)) {
        entries.put(name, "-> " + target(Files.readSymbolicLink(path)));
      } else if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
        entries.put(name, "directory");
        directory(path, name);
      } else {
        byte[] content = Files.readAllBytes(path);
        boolean elf = content.length > 17 && content[0] == 0x7f && content[1] == 'E';
        entries.put(name, "file");
        if (elf) {
          elfs.computeIfAbsent(
                  Files.getAttribute(path, "unix:ino", LinkOption.NOFOLLOW_LINKS),
                  inode ->
                      new Elf(
                          MarkedElf.mark(content),
                          content[4] == 1 && (content[16] == 2 || content[16] == 3),
                          new TreeSet<>()))
              .paths()
              .add(name);
        }
      }
    }

    UnpackedTree tree() {
      int class32 = 0;
      int class32Paths = 0;
      for (Elf elf : elfs.values()) {
        elf.paths().forEach(path -> entries.put(path, elf(elf.mark(), elf.paths())));
        class32 += elf.is32() ? 1 : 0;
        class32Paths += elf.is32() ? elf.paths().size() : 0;
      }
      return new UnpackedTree(entries, elfs.size(), class32, class32Paths);
    }

    private static String elf(String mark, Iterable<String> paths) {
      return UnpackedTree.elf(mark, paths);
    }

    private static String target(Path link) {
      List<String> names = new ArrayList<>();
      link.forEach(name -> names.add(name(Path.of("/root").resolve(name))));
      return (link.isAbsolute() ? "/" : "") + String.join("/", names);
    }

    /** The last name of a path as text; of the bytes, since the locale need not be UTF-8. */
    private static String name(Path path) {
      String uri = path.toUri().getRawPath();
      String last = uri.endsWith("/") ? uri.substring(0, uri.length() - 1) : uri;
      last = last.substring(last.lastIndexOf('/') + 1);
      ByteBuffer bytes = ByteBuffer.allocate(last.length());
      for (int i = 0; i < last.length(); i++) {
        if (last.charAt(i) == '%') {
          bytes.put((byte) Integer.parseInt(last.substring(i + 1, i + 3), 16));
          i += 2;
        } else {
          bytes.put((byte) last.charAt(i));
        }
      }
      bytes.flip();
      try {
        return StandardCharsets.UTF_8.newDecoder().decode(bytes.duplicate()).toString();
      } catch (CharacterCodingException e) {
        StringBuilder escaped = new StringBuilder();
        while (bytes.hasRemaining()) {
          int octet = bytes.get() & 0xff;
          escaped.append(octet < 0x80 ? "" + (char) octet : String.format("\\x%02x", octet));
        }
        return escaped.toString();
      }
    }
  }

  /** Deletes a directory with all that is in it. */
  public static void delete(Path directory) {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
