package dev.imgcompat.core.elf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imgcompat.core.elf.ElfSegments.Region;
import dev.imgcompat.core.testing.ElfBuilder;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VsyscallSearchTest {
  private static final int PADDING = 0x90;

  private static byte[] bytes(String hex) {
    String[] words = hex.trim().split("\\s+", -1);
    byte[] bytes = new byte[words.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) Integer.parseInt(words[i], 16);
    }
    return bytes;
  }

  private static byte[] at(int offset, byte[] code, int size) {
    byte[] file = new byte[size];
    Arrays.fill(file, (byte) PADDING);
    System.arraycopy(code, 0, file, offset, code.length);
    return file;
  }

  private static VsyscallCode search(byte[] file, int chunk, Region... executable) {
    VsyscallSearch search = new VsyscallSearch(List.of(executable), false);
    for (int at = 0; at < file.length; at += chunk) {
      search.take(at, file, at, Math.min(chunk, file.length - at));
    }
    return search.finish();
  }

  private static VsyscallCode searchAll(byte[] file) {
    return search(file, file.length, new Region(0, file.length));
  }

  @ParameterizedTest
  @CsvSource({
    "48 c7 c0 00 00 60 ff ff d0, gettimeofday", // mov $…,%rax; call *%rax
    "48 c7 c0 00 04 60 ff ff d0, time",
    "48 c7 c0 00 08 60 ff ff d0, getcpu",
    "48 c7 c0 00 04 60 ff ff e0, time", // jmp *%rax
    "48 c7 c1 00 04 60 ff ff d1, time", // %rcx
    "48 c7 c7 00 04 60 ff ff d7, time", // %rdi
    "48 c7 c7 00 04 60 ff ff e7, time",
    "49 c7 c3 00 04 60 ff 41 ff d3, time", // %r11
    "49 c7 c7 00 08 60 ff 41 ff e7, getcpu", // jmp *%r15
    "48 c7 c0 00 04 60 ff 48 ff d0, time", // a REX prefix that says nothing new
    "48 b8 00 04 60 ff ff ff ff ff ff d0, time", // movabs
    "48 bf 00 04 60 ff ff ff ff ff ff e7, time",
    "49 bb 00 00 60 ff ff ff ff ff 41 ff d3, gettimeofday"
  })
  void findsTheCallWhateverItsEncoding(String code, String function) {
    VsyscallCode found = searchAll(at(100, bytes(code), 300));

    assertThat(found.whole()).isTrue();
    assertThat(found.references()).isEqualTo(1);
    assertThat(found.callCount()).isEqualTo(1);
    assertThat(found.calls()).containsExactly(new VsyscallCode.Call(function, 100));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "48 c7 c0 00 08 60 ff 48 89 e5", // libjvm.so
        "48 c7 c2 00 00 60 ff 48 89 e6 48 0f 44 c2", // glibc's fallback
        "48 c7 c0 00 04 60 ff ff d1", // another register is called
        "49 c7 c0 00 04 60 ff ff d0", // %r8 is loaded, %rax is called
        "48 c7 c0 00 04 60 ff 41 ff d0", // and the other way round
        "48 c7 c0 00 04 60 ff ff 10", // call *(%rax)
        "48 c7 c0 00 04 60 ff ff f0", // push %rax
        "48 c7 c0 00 04 60 ff ff df",
        "48 c7 c0 00 04 60 ff c3" // ret
      })
  void aReferenceWithoutACallIsNoCall(String code) {
    VsyscallCode found = searchAll(at(64, bytes(code), 200));

    assertThat(found.references()).isEqualTo(1);
    assertThat(found.callCount()).isZero();
    assertThat(found.calls()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "48 c7 c0 00 00 60 ff 48 89 e7 ff d0, 1", // mov %rsp,%rdi lies between
    "48 c7 c0 00 00 60 ff 31 f6 48 89 e7 ff e0, 1",
    "49 c7 c3 00 00 60 ff 48 89 e7 41 ff d3, 1",
    "48 c7 c0 00 00 60 ff 48 89 e7 ff d1, 0", // another register
    "48 c7 c0 00 00 60 ff c3 ff d0, 0", // ret
    "48 c7 c0 00 00 60 ff eb 10 ff d0, 0", // jmp
    "48 c7 c0 00 00 60 ff e8 1 2 3 4 ff d0, 0", // a call overwrites %rax
    "48 c7 c3 00 00 60 ff e8 1 2 3 4 ff d3, 1", // but keeps %rbx
    "48 c7 c0 00 08 60 ff 48 89 e5 48 83 ec 10 ff d0, 0", // libjvm.so
    "48 c7 c2 00 00 60 ff 48 89 e6 48 0f 44 c2 64 48 33 04 25 30 0 0 0 ff d0, 0" // glibc 2.12
  })
  void compiledCodeMayCallLaterButOnlyInPrograms(String code, int calls) {
    byte[] file = at(64, bytes(code), 200);
    VsyscallSearch program = new VsyscallSearch(List.of(new Region(0, file.length)), true);
    program.take(0, file, 0, file.length);

    assertThat(program.finish().callCount()).isEqualTo(calls);
    assertThat(searchAll(file).callCount()).isZero();
  }

  @Test
  void compiledCodeThatCallsTooFarAwayIsNotBelieved() {
    byte[] file = at(64, bytes("48 c7 c0 00 00 60 ff" + " 90".repeat(25) + " ff d0"), 200);
    VsyscallSearch program = new VsyscallSearch(List.of(new Region(0, file.length)), true);
    program.take(0, file, 0, file.length);

    assertThat(program.finish().callCount()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // sched_getcpu: cmp $-ENOSYS,%rax; jne; and then the page
        "48 83 f8 da 75 09 48 c7 c0 00 08 60 ff ff d0",
        // a timed wait: mov 8(%rsp),%rax; mov $1000,%edi
        "48 c7 c0 00 00 60 ff ff d0 48 8b 44 24 08 bf e8 03 00 00"
      })
  void whatNoKernelOfTodayLeadsToIsNoCall(String code) {
    for (int place = 65_536 - 40; place < 65_536 + 40; place++) {
      VsyscallCode found = searchAll(at(place, bytes(code), 70_000));

      assertThat(found.references()).as("at %d", place).isEqualTo(1);
      assertThat(found.callCount()).as("at %d", place).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "48 83 f8 db 75 09 48 c7 c0 00 08 60 ff ff d0",
        "48 83 f8 da 74 09 48 c7 c0 00 08 60 ff ff d0",
        "48 c7 c0 00 00 60 ff ff d0 48 8b 44 24 08 bf e9 03 00 00",
        "48 c7 c0 00 00 60 ff ff d0 48 8b 44 24 08 be e8 03 00 00",
        "48 c7 c0 00 00 60 ff ff d0 48 8a 44 24 08 bf e8 03 00 00"
      })
  void whatOnlyLooksLikeAFallbackIsACall(String code) {
    assertThat(searchAll(at(64, bytes(code), 200)).callCount()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "00 04 60 ff ff ff ff ff ff d0", // data
        "48 c7 c0 00 0c 60 ff ff d0", // the fourth kilobyte is empty
        "48 c7 c0 01 04 60 ff ff d0",
        "48 c7 c0 00 04 61 ff ff d0",
        "48 c7 c0 00 04 60 fe ff d0",
        "4c c7 c0 00 04 60 ff ff d0", // REX.R means nothing here, and no compiler sets it
        "48 c7 c8 00 04 60 ff ff d0",
        "48 c6 c0 00 04 60 ff ff d0",
        "48 b8 00 04 60 ff ff ff ff 00 ff d0",
        "48 b8 00 04 60 ff 00 00 00 00 ff d0",
        "47 b8 00 04 60 ff ff ff ff ff ff d0",
        "48 b7 00 04 60 ff ff ff ff ff ff d0"
      })
  void whatOnlyLooksLikeItIsNoReference(String code) {
    assertThat(searchAll(at(64, bytes(code), 200))).isEqualTo(VsyscallCode.NONE);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 7, 16, 1000, 65_535, 65_536, 65_537, 1 << 20})
  void theChunksDoNotMatter(int chunk) {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    // Around the borders of the window, at odd and at even places.
    for (int place = 65_500; place < 65_580; place += 11) {
      file.writeBytes(at(0, new byte[0], place - file.size() % 11));
      file.writeBytes(bytes("48 c7 c0 00 04 60 ff ff d0"));
    }
    byte[] all = file.toByteArray();

    VsyscallCode found = search(all, chunk, new Region(0, all.length));

    assertThat(found).isEqualTo(searchAll(all));
    assertThat(found.callCount()).isEqualTo(8);
    for (VsyscallCode.Call call : found.calls()) {
      assertThat(all[(int) call.offset()]).isEqualTo((byte) 0x48);
      assertThat(all[(int) call.offset() + 1]).isEqualTo((byte) 0xc7);
    }
  }

  @Test
  void everyPlaceAroundTheBorderOfTheWindowIsSeenOnce() {
    byte[] code = bytes("48 c7 c0 00 04 60 ff ff d0");
    byte[] far = bytes("49 bb 00 00 60 ff ff ff ff ff 41 ff d3");
    for (int place = 65_536 - 30; place < 65_536 + 30; place++) {
      assertThat(searchAll(at(place, code, 70_000)).calls())
          .containsExactly(new VsyscallCode.Call("time", place));
      assertThat(searchAll(at(place, far, 70_000)).calls())
          .containsExactly(new VsyscallCode.Call("gettimeofday", place));
    }
  }

  @Test
  void onlyExecutablePartsCount() {
    byte[] code = bytes("48 c7 c0 00 04 60 ff ff d0");
    byte[] file = at(1000, code, 4000);

    assertThat(search(file, 512, new Region(0, 1000), new Region(1100, 2000)))
        .isEqualTo(VsyscallCode.NONE);
    assertThat(search(file, 512, new Region(1009, 100), new Region(0, 1008)).callCount()).isZero();
    assertThat(search(file, 512, new Region(3000, 500), new Region(1000, 9)).callCount())
        .isEqualTo(1);
    assertThat(search(file, 512, new Region(900, 104), new Region(1000, 20)).callCount())
        .as("parts that overlap are one")
        .isEqualTo(1);
  }

  @Test
  void aCallAtTheVeryStartAndAtTheVeryEndIsSeen() {
    byte[] code = bytes("48 c7 c0 00 04 60 ff ff d0");

    assertThat(searchAll(code).callCount()).isEqualTo(1);
    assertThat(searchAll(Arrays.copyOf(code, 8)).callCount()).isZero();
    assertThat(searchAll(Arrays.copyOf(code, 7)).references()).isEqualTo(1);
    assertThat(searchAll(Arrays.copyOf(code, 6))).isEqualTo(VsyscallCode.NONE);
  }

  @Test
  void manyCallsAreCountedAndTheFirstAreShown() {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    for (int i = 0; i < 100; i++) {
      file.writeBytes(bytes("48 c7 c0 00 04 60 ff ff d0"));
    }

    VsyscallCode found = searchAll(file.toByteArray());

    assertThat(found.callCount()).isEqualTo(100);
    assertThat(found.calls()).hasSize(VsyscallCode.MAX_CALLS);
    assertThat(found.calls().get(1).offset()).isEqualTo(9);
  }

  @Test
  void codeThatNeverCameMakesTheSearchIncomplete() {
    byte[] file = at(0, new byte[0], 100);

    assertThat(search(file, 10, new Region(50, 51)).whole()).isFalse();
    assertThat(search(file, 10, new Region(50, 50)).whole()).isTrue();
    assertThat(search(file, 10, new Region(200, 5)).whole()).isFalse();
    VsyscallSearch late = new VsyscallSearch(List.of(new Region(10, 50)), false);
    late.take(20, file, 20, 80);
    assertThat(late.finish().whole()).isFalse();
  }

  @Test
  void aFileIsSearchedWhereItIsExecutable() {
    assertThat(read(ElfBuilder.glibc("2.12").build()).vsyscall().calls())
        .extracting(VsyscallCode.Call::function)
        .containsExactly("time", "getcpu");
    assertThat(read(ElfBuilder.glibc("2.12").build()).vsyscall().references()).isEqualTo(3);
    assertThat(read(ElfBuilder.glibc("2.12").loadFlags(4).build()).vsyscall())
        .isEqualTo(VsyscallCode.NONE);
    assertThat(read(ElfBuilder.i386().code(0x48, 0xc7, 0xc0, 0, 4, 0x60, 0xff, 0xff, 0xd0).build()))
        .satisfies(elf -> assertThat(elf.vsyscall()).isEqualTo(VsyscallCode.NONE));
  }

  @ParameterizedTest
  @ValueSource(ints = {1 << 10, 100 << 10, 9 << 20})
  void codeFarIntoTheFileIsSearched(int gap) {
    VsyscallCode found = read(ElfBuilder.x86_64().gap(gap).callsVsyscall(0x400).build()).vsyscall();

    assertThat(found.whole()).isTrue();
    assertThat(found.callCount()).isEqualTo(1);
    assertThat(found.calls().get(0).offset()).isGreaterThan(gap);
  }

  @Test
  void aTruncatedProgramWasNotSearchedWhole() {
    byte[] file = ElfBuilder.x86_64().callsVsyscall(0x400).build();

    assertThat(read(Arrays.copyOf(file, file.length - 9)).vsyscall().whole()).isFalse();
    assertThat(read(Arrays.copyOf(file, 70)).vsyscall().whole()).isFalse();
  }

  @Test
  void theImportedClocksAreKnown() {
    assertThat(read(ElfBuilder.glibcProgram().imports("printf", "time", "gettimeofday").build()))
        .satisfies(
            elf -> assertThat(elf.clocks().orElseThrow()).containsExactly("gettimeofday", "time"));
    assertThat(read(ElfBuilder.glibcProgram().imports("times", "timer_gettime").build()))
        .satisfies(elf -> assertThat(elf.clocks().orElseThrow()).isEmpty());
    assertThat(read(ElfBuilder.glibcProgram().build()).clocks()).isEmpty();
    assertThat(read(ElfBuilder.i386().imports("time").build()).clocks()).isEmpty();
  }

  private static ElfFacts read(byte[] file) {
    ElfReader reader = new ElfReader(file.length);
    int chunk = 8 << 10;
    for (int at = 0; at < file.length && !reader.satisfied(); at += chunk) {
      reader.accept(file, at, Math.min(chunk, file.length - at));
    }
    return reader.finish();
  }
}
