package dev.imgcompat.core.elf;

import dev.imgcompat.core.elf.ElfFacts.AbiTag;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Turns what was kept of a file into facts. */
final class ElfParser {
  private static final long DF_1_PIE = 0x08000000L;
  private static final int NT_GNU_ABI_TAG = 1;
  private static final int MAX_NAME = 4096;
  private static final int MAX_OWNERS = 16;

  /**
   * All dynamic strings of a file together; libraries with a hundred needed ones stay far below.
   */
  private static final int MAX_STRINGS = 64 << 10;

  private final RetainedBytes bytes;
  private final ElfLayout layout;
  private final long size;
  private Optional<String> damage = Optional.empty();
  private int strings;

  ElfParser(RetainedBytes bytes, ElfLayout layout, long size) {
    this.bytes = bytes;
    this.layout = layout;
    this.size = size;
    bytes.order(layout.order());
  }

  ElfFacts parse(VsyscallCode code) {
    if (!layout.complete()) {
      damage("the ELF header is truncated at byte " + size);
    }
    if (layout.programHeaderCount() > 0
        && !layout.hasProgramHeaders()
        && layout.type() != ElfFacts.REL) {
      damage("program headers of " + layout.programHeaderSize() + " bytes");
    }
    ElfSegments segments = ElfSegments.read(bytes, layout);
    if (segments.unread() > 0) {
      damage("the program headers lie beyond the end, " + size + " bytes");
    } else if (segments.end() > size) {
      damage("truncated: a segment ends at byte " + segments.end() + " of " + size);
    }
    Optional<String> interpreter = interpreter(segments.interpreter());
    List<String> owners = new ArrayList<>();
    Optional<AbiTag> abi = notes(segments.notes(), owners);
    ElfDynamic dynamic =
        segments.dynamic() == null
            ? null
            : ElfDynamic.read(bytes, layout, segments.dynamic(), segments);
    List<String> needed = new ArrayList<>();
    Optional<String> soname = Optional.empty();
    Optional<String> rpath = Optional.empty();
    Optional<String> runpath = Optional.empty();
    List<String> defines = List.of();
    Optional<List<String>> clocks = Optional.empty();
    if (dynamic != null) {
      for (long name : dynamic.needed()) {
        string(dynamic, name).ifPresent(needed::add);
      }
      soname = string(dynamic, dynamic.soname());
      rpath = string(dynamic, dynamic.rpath());
      runpath = string(dynamic, dynamic.runpath());
      defines = versions(dynamic);
      clocks = layout.isX86_64Code() ? dynamic.importedClocks(bytes, size) : Optional.empty();
    }
    return new ElfFacts(
        layout.wide() ? 64 : 32,
        layout.declaredClass(),
        layout.machine(),
        layout.type(),
        layout.osAbi(),
        interpreter,
        dynamic != null,
        dynamic != null && (dynamic.flags1() & DF_1_PIE) != 0,
        soname,
        needed,
        rpath,
        runpath,
        defines,
        abi,
        owners,
        clocks,
        code,
        damage);
  }

  private Optional<String> interpreter(ElfSegments.@Nullable Region region) {
    if (region == null) {
      return Optional.empty();
    }
    ByteBuffer at = bytes.slice(region.offset(), region.length());
    if (at == null) {
      damage("the interpreter's name lies beyond the end");
      return Optional.empty();
    }
    int length = 0;
    while (length < at.limit() && at.get(length) != 0) {
      length++;
    }
    return Optional.of(text(at, 0, length)).filter(name -> !name.isEmpty());
  }

  private Optional<AbiTag> notes(List<ElfSegments.Region> regions, List<String> owners) {
    Optional<AbiTag> abi = Optional.empty();
    for (ElfSegments.Region region : regions) {
      ByteBuffer at = bytes.slice(region.offset(), region.length());
      int position = 0;
      while (at != null && position + 12 <= at.limit()) {
        long nameSize = Integer.toUnsignedLong(at.getInt(position));
        long contentSize = Integer.toUnsignedLong(at.getInt(position + 4));
        int type = at.getInt(position + 8);
        long content = position + 12 + aligned(nameSize);
        long next = content + aligned(contentSize);
        if (nameSize > 64 || content > at.limit() || content + contentSize > at.limit()) {
          break;
        }
        String owner = text(at, position + 12, (int) Math.max(0, nameSize - 1));
        if (owners.size() < MAX_OWNERS && !owners.contains(owner)) {
          owners.add(owner);
        }
        if (owner.equals("GNU") && type == NT_GNU_ABI_TAG && contentSize >= 16 && abi.isEmpty()) {
          abi = Optional.of(abiTag(at, (int) content));
        }
        position = (int) Math.min(next, at.limit());
      }
    }
    return abi;
  }

  private static AbiTag abiTag(ByteBuffer at, int content) {
    return new AbiTag(
        at.getInt(content),
        Integer.toUnsignedString(at.getInt(content + 4))
            + "."
            + Integer.toUnsignedString(at.getInt(content + 8))
            + "."
            + Integer.toUnsignedString(at.getInt(content + 12)));
  }

  private Optional<String> string(ElfDynamic dynamic, long index) {
    if (index < 0) {
      return Optional.empty();
    }
    if (dynamic.strings() < 0 || index >= dynamic.stringsSize()) {
      damage("a dynamic string lies outside of its table");
      return Optional.empty();
    }
    String value = bytes.string(dynamic.strings() + index, MAX_NAME);
    if (value == null) {
      damage(
          dynamic.strings() + index >= size
              ? "truncated: the dynamic strings lie beyond the end"
              : "a dynamic string is too long, or too deep in the file to be kept");
    }
    if (value != null && (strings += value.length() + 1) > MAX_STRINGS) {
      damage("more than " + MAX_STRINGS + " characters of dynamic strings");
      return Optional.empty();
    }
    return Optional.ofNullable(value);
  }

  /** The names of {@code DT_VERDEF} that tell a glibc: {@code GLIBC_2.12} and its like. */
  private List<String> versions(ElfDynamic dynamic) {
    List<String> names = new ArrayList<>();
    long at = dynamic.versions();
    for (int i = 0; at >= 0 && i < dynamic.versionCount(); i++) {
      ByteBuffer definition = bytes.slice(at, 20);
      if (definition == null) {
        break;
      }
      long auxiliary = at + Integer.toUnsignedLong(definition.getInt(12));
      long name = bytes.u32(auxiliary).orElse(-1);
      String text =
          name < 0 || dynamic.strings() < 0 || name >= dynamic.stringsSize()
              ? null
              : bytes.string(dynamic.strings() + name, 256);
      if (text != null && text.startsWith("GLIBC_")) {
        names.add(text);
      }
      long next = Integer.toUnsignedLong(definition.getInt(16));
      at = next == 0 ? -1 : at + next;
    }
    return names;
  }

  private void damage(String what) {
    if (damage.isEmpty()) {
      damage = Optional.of(what);
    }
  }

  private static long aligned(long length) {
    return (length + 3) & ~3L;
  }

  private static String text(ByteBuffer at, int offset, int length) {
    byte[] copy = new byte[length];
    at.get(offset, copy);
    return new String(copy, StandardCharsets.UTF_8);
  }
}
