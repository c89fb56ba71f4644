package dev.imgcompat.core.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KernelParamsTest {
  @ParameterizedTest
  @CsvSource({
    "quiet vsyscall=emulate, vsyscall=emulate, true",
    "vsyscall=xonly, vsyscall=emulate, true",
    "vsyscall=native, vsyscall=emulate, true",
    "vsyscall=none, vsyscall=emulate, false",
    "vsyscall=emulate vsyscall=none, vsyscall=emulate, false",
    "vsyscall=none vsyscall=xonly, vsyscall=emulate, true",
    "quiet, vsyscall=emulate, false",
    "quiet, quiet, true",
    "init=/bin/sh, init=/usr/bin/kata-agent, false",
    "ia32_emulation=1, ia32_emulation=1, true",
    "vsyscall=emulate, vsyscall=emulate ia32_emulation=1, false",
    "vsyscall=emulate ia32_emulation=1, vsyscall=emulate ia32_emulation=1, true"
  })
  void theLastParameterOfANameCounts(String commandLine, String wanted, boolean have) {
    assertThat(
            KernelParams.have(List.of(commandLine.split(" ", -1)), List.of(wanted.split(" ", -1))))
        .isEqualTo(have);
  }
}
