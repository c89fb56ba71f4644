package dev.imgcompat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What must be said of the real images, whatever the transport. */
abstract class RealImages {
  @TempDir private Path cache;

  /** The reference to an image by its tag. */
  abstract String reference(String tag);

  private Run scan(String tag, String... options) {
    String[] args = new String[options.length + 4];
    args[0] = "scan";
    args[1] = "-o";
    args[2] = "json";
    args[3] = reference(tag);
    System.arraycopy(options, 0, args, 4, options.length);
    return Run.of(cache, args);
  }

  private static JsonNode finding(JsonNode image, String rule) {
    for (JsonNode finding : image.at("/verdicts/0/findings")) {
      if (finding.path("rule").asString().equals(rule)) {
        return finding;
      }
    }
    throw new AssertionError("no finding " + rule + " in " + image.at("/verdicts/0"));
  }

  @Test
  void centos68() {
    Run run = scan("centos-6.8");
    JsonNode facts = run.image().path("facts");

    assertThat(run.exit()).isZero();
    assertThat(run.decision()).isEqualTo("NEEDS_KERNEL_PARAMS");
    assertThat(run.image().at("/verdicts/0/kernelParams/0").asString())
        .isEqualTo("vsyscall=emulate");
    assertThat(facts.at("/distribution/name").asString()).isEqualTo("CentOS");
    assertThat(facts.at("/distribution/version").asString()).isEqualTo("6.8");
    assertThat(facts.at("/distribution/family").asString()).isEqualTo("rhel6");
    assertThat(facts.at("/libc/version").asString()).isEqualTo("2.12");
    assertThat(facts.at("/elf/files").asInt()).isEqualTo(1226);
    assertThat(facts.at("/elf/class32").asInt()).isZero();
    JsonNode finding = finding(run.image(), "vsyscall-dynamic");
    assertThat(finding.path("scope").asString()).isEqualTo("START");
    assertThat(finding.path("summary").asString())
        .contains("glibc 2.12", "/bin/sh", "die with SIGSEGV (exit code 139)");
    assertThat(finding.at("/evidence/0/detail").asString())
        .isEqualTo("glibc 2.12 (banner); 2 call sites of the vsyscall page: time, getcpu");
    assertThat(finding(run.image(), "vsyscall-static").path("evidence"))
        .extracting(e -> e.path("path").asString())
        .containsExactlyInAnyOrder(
            "/sbin/insmod.static",
            "/sbin/ldconfig",
            "/sbin/sln",
            "/usr/sbin/build-locale-archive",
            "/usr/sbin/glibc_post_upgrade.x86_64");
    assertThat(finding.path("evidence"))
        .extracting(e -> e.path("path").asString())
        .contains("/lib64/libc-2.12.so", "/bin/bash");
    assertThat(finding.path("evidence"))
        .anySatisfy(e -> assertThat(e.path("detail").asString()).contains("/bin/sh"));
    assertThat(finding(run.image(), "rhel6-family").path("decides").asBoolean()).isFalse();
    assertThat(finding(run.image(), "rpm-descriptor-loop").path("effect").asString())
        .isEqualTo("advice");
  }

  @Test
  void debian6() {
    Run run = scan("debian-6");
    JsonNode facts = run.image().path("facts");

    assertThat(run.decision()).isEqualTo("NEEDS_KERNEL_PARAMS");
    assertThat(facts.has("distribution")).isFalse();
    assertThat(facts.at("/libc/version").asString()).isEqualTo("2.11.3");
    JsonNode finding = finding(run.image(), "vsyscall-dynamic");
    assertThat(finding.path("summary").asString())
        .endsWith("/bin/sh starts, but /bin/bash dies with SIGSEGV (exit code 139)");
    assertThat(finding.path("chain"))
        .extracting(JsonNode::asString)
        .containsSubsequence(
            "the config starts /bin/bash",
            "/bin/bash asks for the loader /lib64/ld-linux-x86-64.so.2, which is"
                + " /lib/ld-2.11.3.so",
            "/bin/bash imports time",
            "at offset 0x91f64 of that file its code calls time in the vsyscall page");
    assertThat(facts.at("/elf/files").asInt()).isEqualTo(714);
    assertThat(facts.at("/elf/class32").asInt()).isZero();
  }

  @Test
  void busybox386() {
    Run run = scan("busybox-386");

    assertThat(run.exit()).isEqualTo(3);
    assertThat(run.decision()).isEqualTo("EXCLUDED");
    assertThat(run.image().path("platform").asString()).isEqualTo("linux/386");
    assertThat(run.image().at("/facts/elf/class32Paths").asInt()).isEqualTo(421);
    assertThat(run.image().at("/facts/elf/class32").asInt()).isEqualTo(11);
    JsonNode finding = finding(run.image(), "ia32-program");
    assertThat(finding.path("scope").asString()).isEqualTo("START");
    assertThat(finding.at("/evidence/0/detail").asString()).contains("411 hard links");
  }

  @Test
  void alpine320ByPlatform() {
    assertThat(scan("alpine-3.20").decision()).isEqualTo("COMPATIBLE");
    assertThat(scan("alpine-3.20").image().at("/facts/libc/family").asString()).isEqualTo("musl");
    assertThat(scan("alpine-3.20").image().at("/facts/elf/files").asInt()).isEqualTo(17);
    assertThat(scan("alpine-3.20", "--platform", "linux/386").decision()).isEqualTo("EXCLUDED");
    Run all = scan("alpine-3.20", "--platform", "all");
    assertThat(all.json().path("images"))
        .extracting(
            i ->
                i.path("platform").asString()
                    + " "
                    + i.at("/verdicts/0/decision").asString()
                    + " "
                    + i.path("indexDigest").asString().startsWith("sha256:d4571394"))
        .containsExactly("linux/amd64 COMPATIBLE true", "linux/386 EXCLUDED true");
    Run missing = scan("alpine-3.20", "--platform", "linux/s390x");
    assertThat(missing.exit()).isEqualTo(4);
    assertThat(missing.err()).contains("linux/amd64, linux/386");
  }

  @Test
  void staticVsyscall() {
    Run run = scan("static-vsyscall");

    assertThat(run.exit()).isZero();
    assertThat(run.decision()).isEqualTo("NEEDS_KERNEL_PARAMS");
    assertThat(run.image().path("error").isNull()).isTrue();
    assertThat(run.image().at("/facts/elf/files").asInt()).isEqualTo(1);
    assertThat(finding(run.image(), "vsyscall-static").at("/evidence/0/detail").asString())
        .contains("statically linked", "2 call sites of the vsyscall page: time, gettimeofday");
    assertThat(run.image().at("/facts/start/0/resolved").asString()).isEqualTo("/busybox");
  }
}
