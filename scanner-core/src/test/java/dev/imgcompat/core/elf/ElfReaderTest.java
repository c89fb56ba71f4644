package dev.imgcompat.core.elf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.imgcompat.core.testing.ElfBuilder;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ElfReaderTest {
  private static ElfFacts read(byte[] file) {
    return read(file, 64 << 10);
  }

  private static ElfFacts read(byte[] file, int chunk) {
    ElfReader reader = new ElfReader(file.length);
    for (int at = 0; at < file.length && !reader.satisfied(); at += chunk) {
      reader.accept(file, at, Math.min(chunk, file.length - at));
    }
    return reader.finish();
  }

  @Test
  void readsADynamicProgram() {
    ElfFacts elf =
        read(
            ElfBuilder.glibcProgram()
                .needed("libm.so.6")
                .rpath("/opt/lib")
                .note("GNU", 1, 0, 2, 6, 18)
                .build());

    assertThat(elf.elfClass()).isEqualTo(64);
    assertThat(elf.machineName()).isEqualTo("x86-64");
    assertThat(elf.interpreter()).contains("/lib64/ld-linux-x86-64.so.2");
    assertThat(elf.needed()).containsExactly("libc.so.6", "libm.so.6");
    assertThat(elf.rpath()).contains("/opt/lib");
    assertThat(elf.abi()).contains(new ElfFacts.AbiTag(0, "2.6.18"));
    assertThat(elf.isProgram()).isTrue();
    assertThat(elf.damage()).isEmpty();
  }

  @Test
  void readsVersionDefinitionsOfALibrary() {
    ElfFacts elf = read(ElfBuilder.glibc("2.12").build());

    assertThat(elf.soname()).contains("libc.so.6");
    assertThat(elf.defines()).containsExactly("GLIBC_2.2.5", "GLIBC_2.12", "GLIBC_PRIVATE");
    assertThat(elf.isProgram()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 64, 4096})
  void theChunksInWhichAFileComesDoNotMatter(int chunk) {
    byte[] file = ElfBuilder.glibc("2.12").interpreter("/lib/ld.so").gap(20_000).build();

    assertThat(read(file, chunk)).isEqualTo(read(file, file.length));
  }

  @ParameterizedTest
  @ValueSource(ints = {64 << 10, 1 << 20, ElfReader.PREFIX_BYTES, ElfReader.PREFIX_BYTES + 12345})
  void tablesFarFromTheHeaderAreFound(int gap) {
    ElfFacts elf = read(ElfBuilder.glibc("2.12").interpreter("/lib/ld.so").gap(gap).build());

    assertThat(elf.soname()).contains("libc.so.6");
    assertThat(elf.interpreter()).contains("/lib/ld.so");
    assertThat(elf.defines()).contains("GLIBC_2.12");
    assertThat(elf.damage()).isEmpty();
  }

  @Test
  void whatIsNotNeededIsNotAskedFor() {
    byte[] file = Arrays.copyOf(ElfBuilder.glibcProgram().build(), 50 << 20);
    ElfReader reader = new ElfReader(file.length);
    int at = 0;
    for (; at < file.length && !reader.satisfied(); at += 64 << 10) {
      reader.accept(file, at, 64 << 10);
    }

    assertThat(at).isLessThan(1 << 20);
    assertThat(reader.finish().needed()).contains("libc.so.6");
  }

  @Test
  void theMachineTellsTheClassWhateverEiClassSays() {
    ElfFacts i386 = read(ElfBuilder.i386().identClass(2).interpreter("/lib/ld-linux.so.2").build());
    ElfFacts x86 = read(ElfBuilder.x86_64().identClass(1).build());

    assertThat(i386.elfClass()).isEqualTo(32);
    assertThat(i386.declaredClass()).isEqualTo(64);
    assertThat(i386.interpreter()).contains("/lib/ld-linux.so.2");
    assertThat(x86.elfClass()).isEqualTo(64);
  }

  @Test
  void theSmallLayoutOnX86IsX32() {
    ElfFacts elf = read(ElfBuilder.x32().interpreter("/libx32/ld-linux-x32.so.2").build());

    assertThat(elf.isX32()).isTrue();
    assertThat(elf.machineName()).isEqualTo("x32");
    assertThat(elf.interpreter()).contains("/libx32/ld-linux-x32.so.2");
  }

  @Test
  void readsBigEndianFiles() {
    ElfFacts elf = read(ElfBuilder.of(false, 20).bigEndian().interpreter("/lib/ld.so.1").build());

    assertThat(elf.machineName()).isEqualTo("ppc");
    assertThat(elf.interpreter()).contains("/lib/ld.so.1");
  }

  @Test
  void foreignProgramsAreKnownByNotesAndInterpreterNotByOsAbi() {
    assertThat(read(ElfBuilder.x86_64().osAbi(9).build()).isForeign()).isFalse();
    assertThat(read(ElfBuilder.x86_64().note("FreeBSD", 1, 1200000).build()).isForeign()).isTrue();
    assertThat(read(ElfBuilder.x86_64().interpreter("/libexec/ld-elf.so.1").build()).isForeign())
        .isTrue();
    assertThat(read(ElfBuilder.x86_64().note("GNU", 1, 1, 0, 3, 0).build()).isForeign()).isTrue();
    assertThat(read(ElfBuilder.x86_64().note("GNU", 1, 0, 3, 2, 0).build()).isForeign()).isFalse();
  }

  @Test
  void aLibraryWithAnInterpreterIsNoProgram() {
    assertThat(read(ElfBuilder.glibc("2.12").interpreter("/lib/ld.so").build()).isProgram())
        .isFalse();
    assertThat(read(ElfBuilder.glibcProgram().pie().build()).isProgram()).isTrue();
    assertThat(read(ElfBuilder.x86_64().type(1).build()).isLinked()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {300_000, 5 << 20, 20 << 20})
  void programHeadersMayBeAnywhere(int at) {
    byte[] program = ElfBuilder.i386().interpreter("/lib/ld-linux.so.2").build();
    byte[] moved = Arrays.copyOf(program, at + 3 * 32);
    System.arraycopy(program, 52, moved, at, 3 * 32);
    java.nio.ByteBuffer.wrap(moved).order(java.nio.ByteOrder.LITTLE_ENDIAN).putInt(28, at);

    ElfFacts elf = read(moved);

    assertThat(elf.interpreter()).contains("/lib/ld-linux.so.2");
    assertThat(elf.damage()).isEmpty();
    assertThat(read(moved, 1 << 20)).isEqualTo(elf);
  }

  @Test
  void tablesBehindHeadersThatAreFarAwayAreFound() {
    byte[] library = ElfBuilder.glibc("2.12").interpreter("/lib/ld.so").gap(12 << 20).build();
    int at = 10 << 20;
    System.arraycopy(library, 64, library, at, 3 * 56);
    java.util.Arrays.fill(library, 64, 64 + 3 * 56, (byte) 0);
    java.nio.ByteBuffer.wrap(library).order(java.nio.ByteOrder.LITTLE_ENDIAN).putLong(32, at);

    ElfFacts elf = read(library);

    assertThat(elf.soname()).contains("libc.so.6");
    assertThat(elf.defines()).contains("GLIBC_2.12");
  }

  @Test
  void dynamicStringsAreBounded() {
    ElfBuilder many = ElfBuilder.glibcProgram();
    for (int i = 0; i < 100; i++) {
      many.needed("n".repeat(4000));
    }

    ElfFacts elf = read(many.build());

    assertThat(elf.needed()).hasSizeLessThan(30);
    assertThat(elf.damage()).isPresent();
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 10, 20, 51, 63, 64, 100, 200, 300})
  void aTruncatedFileIsDamagedAndStillSaysWhatItSays(int length) {
    byte[] file = ElfBuilder.glibc("2.12").interpreter("/lib/ld.so").gap(4000).build();

    ElfFacts elf = read(Arrays.copyOf(file, length));

    assertThat(elf.damage()).isPresent();
    assertThat(elf.damage().get()).doesNotContain("\n");
    if (length >= 20) {
      assertThat(elf.machine()).isEqualTo(62);
    }
  }

  @Test
  void noByteCanMakeItThrow() {
    byte[] whole =
        ElfBuilder.glibc("2.12").interpreter("/lib/ld.so").note("GNU", 1, 0, 3, 2, 0).build();
    Random random = new Random(42);
    for (int round = 0; round < 20_000; round++) {
      byte[] file = whole.clone();
      for (int i = random.nextInt(8); i >= 0; i--) {
        file[random.nextInt(file.length)] = (byte) (random.nextBoolean() ? 0xff : random.nextInt());
      }
      byte[] cut = Arrays.copyOf(file, 4 + random.nextInt(file.length));
      assertThatCode(() -> read(cut, 1 + cut.length / 3)).doesNotThrowAnyException();
    }
  }

  @Test
  void aRelocatableHasTheClassThatItDeclares() {
    byte[] module = ElfBuilder.x86_64().type(1).build();
    module[42] = 32; // the middle of e_shoff, where a 32-bit file has the size of program headers
    byte[] object = ElfBuilder.i386().type(1).build();

    assertThat(read(module).elfClass()).isEqualTo(64);
    assertThat(read(object).elfClass()).isEqualTo(32);
    assertThat(read(ElfBuilder.x32().type(1).build()).machineName()).isEqualTo("x32");
  }
}
