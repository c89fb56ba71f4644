package dev.imgcompat.core.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the built-in profiles say. */
class RuntimesTest {
  private static final RulePack PACK = RulePack.builtIn();

  private static Offer offer(String target, String capability) {
    return PACK.target(target).offers().stream()
        .filter(o -> o.capability().equals(capability))
        .findFirst()
        .orElseThrow();
  }

  private static String answer(String target, String capability) {
    Offer offer = offer(target, capability);
    return offer.available()
        ? "yes"
        : offer.kernelParams().isEmpty() ? "no" : String.join(" ", offer.kernelParams());
  }

  @ParameterizedTest
  @CsvSource({
    // target, ia32, x32, aarch32, vsyscall
    "kata:1.0, no, no, no, vsyscall=emulate",
    "kata:1.13, no, no, no, vsyscall=emulate",
    "kata:2.0, no, no, no, vsyscall=emulate",
    "kata:3.24, no, no, no, vsyscall=emulate",
    "kata, no, no, no, vsyscall=emulate",
    "kata:3.25, no, no, no, no",
    "kata:4.1, no, no, no, no",
    "kata-confidential, no, no, no, no",
    "gvisor, no, no, no, yes",
    "firecracker:5.10, yes, no, no, yes",
    "firecracker, yes, no, no, yes",
    "firecracker:6.18, yes, no, no, yes",
    "cloud-hypervisor, no, no, no, yes",
    "runc-debian, yes, syscall.x32=y, yes, vsyscall=emulate",
    "runc-rhel, yes, no, no, yes",
    "runc-wsl2, yes, no, no, vsyscall=emulate"
  })
  void theGuestKernelsOfferThis(
      String target, String ia32, String x32, String aarch32, String vsyscall) {
    assertThat(
            List.of(
                answer(target, "ia32"),
                answer(target, "x32"),
                answer(target, "aarch32"),
                answer(target, "vsyscall")))
        .containsExactly(ia32, x32, aarch32, vsyscall);
  }

  @ParameterizedTest
  @CsvSource({
    // target, s390-31, nested-containers, kernel-modules, cgroup-v1, large-root
    "kata:1.13, yes, no, no, yes, no",
    "kata:2.0, no, no, no, yes, no",
    "kata, no, no, no, no, no",
    "kata:4.1, no, no, no, no, no",
    "kata-confidential, no, no, yes, no, no",
    "gvisor, no, yes, yes, yes, yes",
    "runc-debian, yes, yes, yes, yes, yes"
  })
  void whatAProfileDoesNotNameIsThere(
      String target,
      String s390,
      String nested,
      String modules,
      String cgroupV1,
      String largeRoot) {
    assertThat(Capabilities.OPTIONAL.stream().map(c -> answer(target, c)))
        .containsExactly(s390, nested, modules, cgroupV1, largeRoot);
  }

  @Test
  void anOptionalCapabilityThatIsNotNamedIsThereForAllVersions() {
    Span span = PACK.target("runc-rhel").span("large-root");

    assertThat(span.available()).isTrue();
    assertThat(span.label()).isEqualTo("all");
  }

  @ParameterizedTest
  @CsvSource({
    "kata:1.0, 4.14",
    "kata:1.13, 4.14",
    "kata:2.0, 5.4",
    "kata:3.24, 5.4",
    "kata, 5.4",
    "kata:3.25, 6.18",
    "kata:4.1, 6.18",
    "firecracker, 6.1",
    "firecracker:5.10, 5.10",
    "firecracker:6.18, 6.18",
    "cloud-hypervisor, 6.16",
    "runc-debian, 6.1"
  })
  void theLowestGuestKernelIsKnown(String target, String kernel) {
    assertThat(PACK.target(target).kernel()).contains(kernel);
  }

  @Test
  void aGuestKernelThatIsNotKnownIsNotMadeUp() {
    assertThat(PACK.target("gvisor").kernel()).isEqualTo(Optional.empty());
  }

  @Test
  void xonlyIsNamedFromTheGuestKernelsOnThatKnowIt() {
    assertThat(offer("kata:2.0", "vsyscall").why().orElse("")).contains("vsyscall=xonly");
    assertThat(offer("kata:1.13", "vsyscall").why()).isEmpty();
  }

  @Test
  void whereNoParameterHelpsTheCustomGuestKernelIsNamed() {
    assertThat(offer("kata:3.25", "vsyscall").remedies())
        .singleElement()
        .satisfies(
            remedy -> {
              assertThat(remedy.kernelParams()).isEmpty();
              assertThat(remedy.holdsFor()).contains("kata 3.25–4.1");
              assertThat(remedy.text().orElse(""))
                  .contains(
                      "CONFIG_IA32_EMULATION",
                      "CONFIG_X86_VSYSCALL_EMULATION",
                      "CONFIG_COMPAT_32BIT_TIME",
                      "CONFIG_UID16");
            });
  }

  @Test
  void bothRemediesAgainstTheDescriptorLoopSayForWhichVersionsTheyHold() {
    List<String> remedies = new ArrayList<>();
    offer("kata:3.24", "bounded-nofile")
        .remedies()
        .forEach(
            r ->
                remedies.add(
                    String.join(" ", r.kernelParams()) + " on " + r.holdsFor().orElse("?")));

    assertThat(remedies)
        .containsExactly("init=/usr/bin/kata-agent on kata 1.0–3.x", " on kata 1.0–4.1");
    assertThat(answer("kata:4.0", "bounded-nofile")).isEqualTo("no");
    assertThat(offer("kata:4.0", "bounded-nofile").why().orElse("")).contains("init= must not");
  }

  @Test
  void otherVersionsAreNamedWhereTheyDiffer() {
    assertThat(offer("kata", "vsyscall").elsewhere())
        .singleElement()
        .asString()
        .startsWith("kata 3.25–4.1: not available (");
    assertThat(offer("kata:3.25", "vsyscall").elsewhere())
        .containsExactly("kata 1.0–3.24: needs vsyscall=emulate");
    assertThat(offer("kata", "large-root").elsewhere()).isEmpty();
  }

  @Test
  void aRuntimeWithoutVersionsIsNamedWithoutThem() {
    assertThat(offer("runc-wsl2", "vsyscall").remedies())
        .extracting(Remedy::holdsFor)
        .containsExactly(Optional.of("runc-wsl2"));
    assertThat(PACK.target("runc-wsl2").profile().versions()).isEqualTo("all");
    assertThat(PACK.target("kata").profile().versions()).isEqualTo("1.0–4.1");
  }
}
