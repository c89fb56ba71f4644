package dev.imgcompat.core.testing;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Builds small ELF files, as the gABI lays them out: header, program headers, and one loaded
 * segment with what was asked for. Nothing here is ever run.
 */
public final class ElfBuilder {
  private static final long BASE = 0x400000L;
  private static final int PT_LOAD = 1;
  private static final int PT_DYNAMIC = 2;
  private static final int PT_INTERP = 3;
  private static final int PT_NOTE = 4;

  private final boolean wide;
  private final int machine;
  private int type = 2;
  private int identClass;
  private int osAbi;
  private ByteOrder order = ByteOrder.LITTLE_ENDIAN;
  private String interpreter = "";
  private String soname = "";
  private String rpath = "";
  private String runpath = "";
  private boolean pie;
  private boolean dynamic;
  private final List<String> needed = new ArrayList<>();
  private final List<String> defines = new ArrayList<>();
  private final List<String> texts = new ArrayList<>();
  private final ByteArrayOutputStream notes = new ByteArrayOutputStream();
  private final List<String> imports = new ArrayList<>();
  private final ByteArrayOutputStream code = new ByteArrayOutputStream();
  private int loadFlags = 5;
  private int beyond;
  private int gap;

  private ElfBuilder(boolean wide, int machine) {
    this.wide = wide;
    this.machine = machine;
    this.identClass = wide ? 2 : 1;
  }

  /** A 64-bit x86-64 executable. */
  public static ElfBuilder x86_64() {
    return new ElfBuilder(true, 62);
  }

  /** A 32-bit x86 executable. */
  public static ElfBuilder i386() {
    return new ElfBuilder(false, 3);
  }

  /** An executable of the x32 ABI. */
  public static ElfBuilder x32() {
    return new ElfBuilder(false, 62);
  }

  /** An executable of any machine. */
  public static ElfBuilder of(boolean wide, int machine) {
    return new ElfBuilder(wide, machine);
  }

  /** A dynamic x86-64 program that loads glibc. */
  public static ElfBuilder glibcProgram() {
    return x86_64().interpreter("/lib64/ld-linux-x86-64.so.2").needed("libc.so.6");
  }

  /**
   * A glibc of a version, with the banner, the version definitions and the code that it would have:
   * up to 2.13 time() and sched_getcpu() call the vsyscall page; up to 2.21 a fallback remains.
   */
  public static ElfBuilder glibc(String version) {
    int minor = Integer.parseInt(version.split("\\.", -1)[1]);
    ElfBuilder libc = patchedGlibc(version);
    if (minor <= 21) {
      libc.code(0x48, 0xc7, 0xc2, 0x00, 0x00, 0x60, 0xff, 0x48, 0x89, 0xe6);
    }
    return minor <= 13 ? libc.callsVsyscall(0x400).callsVsyscall(0x800) : libc;
  }

  /** A glibc of a version whose code has nothing to do with the vsyscall page. */
  public static ElfBuilder patchedGlibc(String version) {
    return x86_64()
        .sharedObject("libc.so.6")
        .defines("GLIBC_2.2.5", "GLIBC_" + version, "GLIBC_PRIVATE")
        .text("GNU C Library stable release version " + version + ", by Roland McGrath et al.");
  }

  /** Makes it a shared object. */
  public ElfBuilder sharedObject(String name) {
    type = 3;
    soname = name;
    dynamic = true;
    return this;
  }

  /** Sets {@code e_type}. */
  public ElfBuilder type(int value) {
    type = value;
    return this;
  }

  /** Sets {@code EI_CLASS}, which Linux ignores. */
  public ElfBuilder identClass(int value) {
    identClass = value;
    return this;
  }

  /** Sets {@code EI_OSABI}. */
  public ElfBuilder osAbi(int value) {
    osAbi = value;
    return this;
  }

  /** Writes it big-endian. */
  public ElfBuilder bigEndian() {
    order = ByteOrder.BIG_ENDIAN;
    return this;
  }

  /** Adds a PT_INTERP. */
  public ElfBuilder interpreter(String path) {
    interpreter = path;
    dynamic = true;
    return this;
  }

  /** Adds DT_NEEDED entries. */
  public ElfBuilder needed(String... names) {
    needed.addAll(List.of(names));
    dynamic = true;
    return this;
  }

  /** Adds a DT_RPATH. */
  public ElfBuilder rpath(String value) {
    rpath = value;
    dynamic = true;
    return this;
  }

  /** Adds a DT_RUNPATH. */
  public ElfBuilder runpath(String value) {
    runpath = value;
    dynamic = true;
    return this;
  }

  /** Adds a symbol table with undefined functions. 64-bit files only. */
  public ElfBuilder imports(String... names) {
    imports.addAll(List.of(names));
    dynamic = true;
    return this;
  }

  /** Adds code. */
  public ElfBuilder code(int... bytes) {
    for (int value : bytes) {
      code.write(value);
    }
    return this;
  }

  /** Adds {@code mov $0xffffffffff600…,%rax; call *%rax}. */
  public ElfBuilder callsVsyscall(int offset) {
    return code(0x48, 0xc7, 0xc0, 0x00, offset >> 8, 0x60, 0xff, 0xff, 0xd0);
  }

  /** Sets the flags of the loaded segment: 5 is readable and executable, 4 readable only. */
  public ElfBuilder loadFlags(int flags) {
    loadFlags = flags;
    return this;
  }

  /** Makes the loaded segment end so many bytes beyond the file, as in one that was cut off. */
  public ElfBuilder beyond(int bytes) {
    beyond = bytes;
    return this;
  }

  /** Makes it a position-independent executable. */
  public ElfBuilder pie() {
    type = 3;
    pie = true;
    dynamic = true;
    return this;
  }

  /** Adds version definitions. */
  public ElfBuilder defines(String... names) {
    defines.addAll(List.of(names));
    dynamic = true;
    return this;
  }

  /** Adds a string to the data. */
  public ElfBuilder text(String value) {
    texts.add(value);
    return this;
  }

  /** Adds a note. */
  public ElfBuilder note(String owner, int noteType, int... words) {
    byte[] name = (owner + "\0").getBytes(StandardCharsets.US_ASCII);
    ByteBuffer note = ByteBuffer.allocate(12 + padded(name.length) + 4 * words.length).order(order);
    note.putInt(name.length).putInt(4 * words.length).putInt(noteType).put(name);
    note.position(12 + padded(name.length));
    for (int word : words) {
      note.putInt(word);
    }
    notes.writeBytes(note.array());
    return this;
  }

  /** Puts so many bytes between the headers and everything else. */
  public ElfBuilder gap(int bytes) {
    gap = bytes;
    return this;
  }

  /** Returns the file. */
  public byte[] build() {
    int headerSize = wide ? 64 : 52;
    int entrySize = wide ? 56 : 32;
    int headers =
        1 + (interpreter.isEmpty() ? 0 : 1) + (dynamic ? 1 : 0) + (notes.size() > 0 ? 1 : 0);
    if (type == 1) {
      headers = 0;
    }
    int start = padded(headerSize + headers * entrySize) + gap;
    ByteArrayOutputStream strings = new ByteArrayOutputStream();
    strings.write(0);
    byte[] interp = interpreter.isEmpty() ? new byte[0] : cString(interpreter);
    ByteArrayOutputStream entries = new ByteArrayOutputStream();
    for (String name : needed) {
      entry(entries, 1, string(strings, name));
    }
    if (!soname.isEmpty()) {
      entry(entries, 14, string(strings, soname));
    }
    if (!rpath.isEmpty()) {
      entry(entries, 15, string(strings, rpath));
    }
    if (!runpath.isEmpty()) {
      entry(entries, 29, string(strings, runpath));
    }
    ByteBuffer symbols = ByteBuffer.allocate(imports.isEmpty() ? 0 : 24 * (imports.size() + 1));
    symbols.order(order);
    for (int i = 0; i < imports.size(); i++) {
      symbols.putInt(24 * (i + 1), string(strings, imports.get(i)));
    }
    if (pie) {
      entry(entries, 0x6ffffffbL, 0x08000000L);
    }
    byte[] versions = versions(strings);
    int interpAt = start;
    int notesAt = padded(interpAt + interp.length);
    int symbolsAt = padded(notesAt + notes.size());
    int stringsAt = symbolsAt + symbols.capacity();
    int versionsAt = padded(stringsAt + strings.size());
    int dynamicAt = (versionsAt + versions.length + 7) & ~7;
    entry(entries, 5, BASE + stringsAt);
    entry(entries, 10, strings.size());
    if (!imports.isEmpty()) {
      entry(entries, 6, BASE + symbolsAt);
    }
    if (versions.length > 0) {
      entry(entries, 0x6ffffffcL, BASE + versionsAt);
      entry(entries, 0x6ffffffdL, defines.size());
    }
    entry(entries, 0, 0);
    byte[] dynamicBytes = dynamic ? entries.toByteArray() : new byte[0];
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    texts.forEach(text -> data.writeBytes(cString(text)));
    data.writeBytes(code.toByteArray());
    int dataAt = dynamicAt + dynamicBytes.length;
    int size = dataAt + data.size();

    ByteBuffer file = ByteBuffer.allocate(size).order(order);
    header(file, headers, headerSize, entrySize);
    if (headers > 0) {
      file.position(headerSize);
      if (!interpreter.isEmpty()) {
        programHeader(file, PT_INTERP, interpAt, interp.length);
      }
      programHeader(file, PT_LOAD, 0, size + beyond);
      if (dynamic) {
        programHeader(file, PT_DYNAMIC, dynamicAt, dynamicBytes.length);
      }
      if (notes.size() > 0) {
        programHeader(file, PT_NOTE, notesAt, notes.size());
      }
    }
    file.put(interpAt, interp);
    file.put(notesAt, notes.toByteArray());
    file.put(symbolsAt, symbols.array());
    file.put(stringsAt, strings.toByteArray());
    file.put(versionsAt, versions);
    file.put(dynamicAt, dynamicBytes);
    file.put(dataAt, data.toByteArray());
    return file.array();
  }

  private void header(ByteBuffer file, int headers, int headerSize, int entrySize) {
    file.put(new byte[] {0x7f, 'E', 'L', 'F', (byte) identClass});
    file.put((byte) (order == ByteOrder.LITTLE_ENDIAN ? 1 : 2)).put((byte) 1).put((byte) osAbi);
    file.position(16);
    file.putShort((short) type).putShort((short) machine).putInt(1);
    if (wide) {
      file.putLong(BASE).putLong(headers > 0 ? headerSize : 0).putLong(0);
    } else {
      file.putInt((int) BASE).putInt(headers > 0 ? headerSize : 0).putInt(0);
    }
    file.putInt(0).putShort((short) headerSize);
    file.putShort((short) (headers > 0 ? entrySize : 0)).putShort((short) headers);
    file.putShort((short) (wide ? 64 : 40));
  }

  private void programHeader(ByteBuffer file, int kind, long offset, long length) {
    if (wide) {
      file.putInt(kind)
          .putInt(kind == PT_LOAD ? loadFlags : 4)
          .putLong(offset)
          .putLong(BASE + offset)
          .putLong(BASE + offset);
      file.putLong(length).putLong(length).putLong(8);
    } else {
      file.putInt(kind).putInt((int) offset).putInt((int) (BASE + offset));
      file.putInt((int) (BASE + offset)).putInt((int) length).putInt((int) length);
      file.putInt(kind == PT_LOAD ? loadFlags : 4).putInt(4);
    }
  }

  private byte[] versions(ByteArrayOutputStream strings) {
    ByteBuffer versions = ByteBuffer.allocate(28 * defines.size()).order(order);
    for (int i = 0; i < defines.size(); i++) {
      boolean last = i == defines.size() - 1;
      versions.putShort((short) 1).putShort((short) 0).putShort((short) (i + 1));
      versions.putShort((short) 1).putInt(0).putInt(20).putInt(last ? 0 : 28);
      versions.putInt(string(strings, defines.get(i))).putInt(0);
    }
    return versions.array();
  }

  private void entry(ByteArrayOutputStream into, long tag, long value) {
    ByteBuffer entry = ByteBuffer.allocate(wide ? 16 : 8).order(order);
    if (wide) {
      entry.putLong(tag).putLong(value);
    } else {
      entry.putInt((int) tag).putInt((int) value);
    }
    into.writeBytes(entry.array());
  }

  private static int string(ByteArrayOutputStream strings, String text) {
    int at = strings.size();
    strings.writeBytes(cString(text));
    return at;
  }

  private static byte[] cString(String text) {
    return (text + "\0").getBytes(StandardCharsets.UTF_8);
  }

  private static int padded(int length) {
    return (length + 3) & ~3;
  }
}
