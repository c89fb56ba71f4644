package dev.imgcompat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imgcompat.core.testing.Samples;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MatrixTest {
  @TempDir private Path directory;
  private Path cache;
  private String layout;

  @BeforeEach
  void write() {
    cache = directory.resolve("cache");
    layout = "oci:" + Samples.layout().write(directory.resolve("layout"));
  }

  private List<String> all(boolean coloured, String... more) {
    String[] args = new String[4 + more.length];
    args[0] = "scan";
    args[1] = "--runtime";
    args[2] = "all";
    args[3] = layout + ":old-glibc";
    System.arraycopy(more, 0, args, 4, more.length);
    return Run.of(cache, "", coloured, args).out().lines().toList();
  }

  @Test
  void imagesAreRowsAndRuntimesAreColumns() {
    List<String> lines = all(false, layout + ":32-bit", layout + ":clean", layout + ":none");

    assertThat(lines)
        .containsSubsequence(
            "1    kata",
            "2    kata-confidential",
            "3    gvisor",
            "4    firecracker",
            "5    cloud-hypervisor",
            "6    runc-debian",
            "7    runc-rhel",
            "8    runc-wsl2",
            "",
            "1    2    3    4    5    6    7    8    image",
            "par  no   yes  yes  yes  par  yes  par  " + layout + ":old-glibc",
            "no   no   no   yes  no   yes  yes  yes  " + layout + ":32-bit",
            "yes  yes  yes  yes  yes  yes  yes  yes  " + layout + ":clean",
            "?    ?    ?    ?    ?    ?    ?    ?    " + layout + ":none",
            "",
            "yes COMPATIBLE, par NEEDS_KERNEL_PARAMS, no EXCLUDED, ? UNKNOWN");
  }

  @Test
  void aRowLeavesHalfOfTheTerminalForTheName() {
    String row = all(false).stream().filter(l -> l.startsWith("par")).findFirst().orElseThrow();

    assertThat(row.indexOf(layout)).isEqualTo(40);
  }

  @Test
  void decisionsHaveTheirColours() {
    assertThat(all(true)).anyMatch(l -> l.contains("\u001b[") && l.endsWith(layout + ":old-glibc"));
    assertThat(all(false)).noneMatch(l -> l.contains("\u001b["));
  }

  @Test
  void namesCannotSteerTheTerminal() {
    assertThat(all(true, "oci:\u001b[2Jx"))
        .anyMatch(l -> l.endsWith("oci:\\u001b[2Jx"))
        .noneMatch(l -> l.contains("\u001b[2J"));
  }

  @Test
  void oneRuntimeNeedsNoMatrix() {
    assertThat(Run.of(cache, "scan", layout + ":clean").out()).doesNotContain("image\n");
  }

  @Test
  void aFindingIsToldOnceWithTheRuntimesItHoldsFor() {
    List<String> lines = all(false);

    assertThat(lines)
        .containsSubsequence(
            "  NEEDS_KERNEL_PARAMS on kata  vsyscall=emulate",
            "  EXCLUDED on kata-confidential",
            "  COMPATIBLE on gvisor",
            "      on kata, kata-confidential, runc-debian, runc-wsl2");
    assertThat(lines).filteredOn(l -> l.contains("[START] glibc 2.12 ")).hasSize(1);
    assertThat(lines)
        .filteredOn(l -> l.contains("a lower nofile limit"))
        .singleElement()
        .asString()
        .contains("kata 1.0–4.1, kata-confidential 3.20–4.1");
  }
}
