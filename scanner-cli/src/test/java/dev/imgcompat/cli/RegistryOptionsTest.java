package dev.imgcompat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imgcompat.core.testing.Samples;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class RegistryOptionsTest {
  private static final String HUB = "centos:6.8";
  private static final String CORP = "registry.corp:5000/team/tool";

  @TempDir private Path directory;
  private String image;

  @BeforeEach
  void write() {
    image = "oci:" + Samples.layout().write(directory.resolve("layout")) + ":clean";
  }

  private Run run(String stdin, Map<String, String> variables, String... args) {
    return Run.of(
        directory.resolve("cache"),
        new ByteArrayInputStream(stdin.getBytes(StandardCharsets.UTF_8)),
        false,
        variables,
        args);
  }

  private static Optional<GivenLogin> login(
      InputStream stdin, boolean taken, List<String> references, String... args)
      throws UsageException {
    RegistryOptions options = new RegistryOptions();
    CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();
    spec.addMixin("registries", CommandLine.Model.CommandSpec.forAnnotatedObject(options));
    new CommandLine(spec).parseArgs(args);
    PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
    return options.login(
        References.registries(references),
        taken || references.stream().anyMatch(References::isStandardInput),
        new Streams(stdin, nowhere, nowhere, Map.of(), false, false));
  }

  private static GivenLogin login(String stdin, String... references) throws UsageException {
    return login(
            new ByteArrayInputStream(stdin.getBytes(StandardCharsets.UTF_8)),
            false,
            List.of(references),
            "--username",
            "me",
            "--password-stdin")
        .orElseThrow();
  }

  private static String refusal(String stdin, String... references) {
    return Assertions.catchThrowableOfType(UsageException.class, () -> login(stdin, references))
        .getMessage();
  }

  @Test
  void theLoginIsForTheOneRegistryOfAllReferences() throws UsageException {
    assertThat(login("hunter2\n", HUB, "index.docker.io/library/debian", "oci:/layout"))
        .isEqualTo(new GivenLogin("docker.io", "me", "hunter2"));
    assertThat(login("hunter2\n", CORP, "REGISTRY.corp:5000/other").registry())
        .isEqualTo("registry.corp:5000");
    assertThat(login(InputStream.nullInputStream(), false, List.of(HUB))).isEmpty();
  }

  @Test
  void thePasswordIsTheFirstLineAndTheRestStaysUnread() throws Exception {
    for (String line : new String[] {"hünter 2", "hünter 2\n", "hünter 2\r\n", "hünter 2\nmore"}) {
      assertThat(login(line, HUB).password()).isEqualTo("hünter 2");
    }
    InputStream stdin = new ByteArrayInputStream("hunter2\nrest".getBytes(StandardCharsets.UTF_8));
    login(stdin, false, List.of(HUB), "--username", "me", "--password-stdin");
    assertThat(new String(stdin.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("rest");
    assertThat(login("x".repeat(64 << 10), HUB).password()).hasSize(64 << 10);
  }

  @Test
  void whatIsNoLoginIsRefused() {
    assertThat(refusal("p\n", HUB, CORP))
        .contains(
            "the references name docker.io, registry.corp:5000: leave it out, or use an auth");
    assertThat(refusal("p\n", "a.b/1", "b.b/1", "c.b/1", "d.b/1"))
        .contains("a.b, b.b, c.b and others");
    assertThat(refusal("p\n", image)).contains("no reference names one");
    assertThat(refusal("", HUB)).contains("no password");
    assertThat(refusal("\n", HUB)).contains("no password");
    assertThat(refusal("x".repeat((64 << 10) + 1), HUB)).contains("more than 64 KiB");
    assertThat(refusal("p\n", HUB, "docker-archive:-")).contains("standard input comes once");
  }

  @Test
  void wrongUsageIsRefusedWithoutRepeatingAPassword() {
    for (String[] args :
        new String[][] {
          {"scan", "--username", "me", HUB},
          {"scan", "--password-stdin", HUB},
          {"scan", "--username", "me:you", "--password-stdin", HUB},
          {"scan", "--username", "", "--password-stdin", HUB},
          {"scan", "--username", "me", "--password-stdin", "-"},
          {"scan", "--username", "me", "--password-stdin", "--from-file", "-"},
          {"scan", "--username", "me", "--password-stdin", "oci-archive:-"},
          {"scan", "--username", "me", "--password-stdin=hunter2", HUB},
          {"scan", "--password", "hunter2", HUB},
          {"scan", "--password=hunter2", HUB},
          {"scan", "-p", "hunter2", HUB},
          {"scan", "--creds=me:hunter2", HUB},
          {"config", "show", "--password", "hunter2"},
          {"scan", "--proxy", "https://me:hunter2@proxy", image},
          {"scan", "--proxi=http://me:hunter2@proxy", image},
          {"scan", "--connect-timeout", "15", image},
          {"scan", "--connect-timeout", "1s", "--connect-timeout", "2s", image},
          {"scan", "--config", "a", "--config", "b", image},
          {"scan", "--username", "a", "--username", "b", "--password-stdin", image},
          {"scan", "--mirror", "docker.io", image},
          {"scan", "--config", directory.resolve("none.yaml").toString(), image},
          {"config"},
          {"config", "show", "--registry", "https://me:hunter2@a.corp"},
        }) {
      Run run = run("hunter2\nhunter2", Map.of(), args);
      assertThat(run.exit()).as(String.join(" ", args)).isEqualTo(2);
      assertThat(run.err())
          .as(String.join(" ", args))
          .startsWith("imgcompat: ")
          .doesNotContain("hunter2");
      assertThat(run.out()).isEmpty();
    }
  }

  @Test
  void aScanReadsTheConfiguration() throws IOException {
    Path file = directory.resolve("config.yaml");
    Files.writeString(file, "stall-timeout: 60\n");

    Run wrong = run("", Map.of("IMGCOMPAT_CONFIG", file.toString()), "scan", image);
    assertThat(wrong.exit()).isEqualTo(2);
    assertThat(wrong.err())
        .startsWith("imgcompat: " + file + ":1: stall-timeout: 60 has no unit: write one of ");

    Files.writeString(file, "stall-timeout: 60s\n");
    Run right = run("", Map.of(), "scan", "--debug", "--config", file.toString(), image);
    assertThat(right.exit()).isZero();
    assertThat(right.err()).contains("settings of registries: " + file + "\n");
  }

  @Test
  void aLoginIsToldOfWithoutItsPassword() {
    Run run =
        run(
            "hunter2\n",
            Map.of(),
            "scan",
            "--debug",
            "--username",
            "me",
            "--password-stdin",
            "--retries",
            "0",
            "localhost:1/a");

    assertThat(run.err()).contains("; login to localhost:1\n");
    assertThat(run.out() + run.err()).doesNotContain("hunter2");
  }

  @Test
  void theConfigurationIsShownWithItsOrigins() throws IOException {
    Path file = Files.writeString(directory.resolve("config.yaml"), "retries: 7\n");
    Map<String, String> variables =
        Map.of(
            "IMGCOMPAT_CONFIG",
            file.toString(),
            "HTTPS_PROXY",
            "http://me:hunter2@proxy.corp:3128",
            "IMGCOMPAT_BACKOFF",
            "2s");

    Run run =
        run(
            "",
            variables,
            "config",
            "show",
            "--connect-timeout",
            "5s",
            "--mirror",
            "docker.io=b.corp",
            "--mirror",
            "docker.io=a.corp/x");

    assertThat(run.exit()).isZero();
    assertThat(run.err()).isEmpty();
    assertThat(run.out())
        .startsWith("# config file: " + file + "\n")
        .contains(
            "proxy: \"http://me:***@proxy.corp:3128\"  # from variable HTTPS_PROXY; what is ***",
            "\nconnect-timeout: 5s  # from flag --connect-timeout\n",
            "\nstall-timeout: 60s  # from default\n",
            "\nretries: 7  # from " + file + ":1\n",
            "\nbackoff: 2s  # from variable IMGCOMPAT_BACKOFF\n",
            """
            registries:
              docker.io:
                mirrors:
                  - b.corp  # from flag --mirror
                  - a.corp/x  # from flag --mirror
            """)
        .doesNotContain("hunter2");

    Run one =
        run("", variables, "config", "show", "--registry", "Quay.io", "--insecure", "quay.io");
    assertThat(one.out())
        .contains("registries:\n  quay.io:\n    insecure: true  # from flag --insecure\n")
        .contains("    retries: 7  # from ");
  }

  @Test
  void flagsMayComeInAnyOrder() {
    Run run =
        run(
            "",
            Map.of(),
            "config",
            "show",
            "--insecure",
            "a.corp",
            "--retries",
            "1",
            "--ca-cert",
            "x.pem",
            "--insecure",
            "b.corp",
            "--ca-cert",
            "b.corp=y.pem",
            "--proxy",
            "none");

    assertThat(run.err()).isEmpty();
    assertThat(run.out())
        .contains("  a.corp:\n    insecure: true", "  b.corp:\n    insecure: true")
        .contains("retries: 1  # from flag", "x.pem", "y.pem", "proxy: none  # from flag --proxy");
  }

  @Test
  void everyFlagThatIsDocumentedIsThereAndPassedOn() throws IOException {
    List<String> documented = new ArrayList<>();
    Matcher rows =
        Pattern.compile("(?m)^\\| `[a-z-]+` \\| `(--[a-z-]+) ([^`]+)` ")
            .matcher(Files.readString(Path.of("../docs/registries.md")));
    List<String> args = new ArrayList<>(List.of("config", "show"));
    while (rows.find()) {
      documented.add(rows.group(1));
      args.add(rows.group(1));
      args.add(
          switch (rows.group(2)) {
            case "HOST" -> "a.corp";
            case "HOST=MIRROR[/PREFIX]" -> "a.corp=b.corp";
            case "[HOST=]FILE", "FILE" -> "file";
            case "URL" -> "http://proxy:1";
            case "DURATION" -> "77s";
            case "SPEED" -> "77KiB/s";
            case "RATE" -> "77/s";
            case "N" -> "7";
            default -> ".corp";
          });
    }

    Run run = run("", Map.of(), args.toArray(String[]::new));

    assertThat(documented).hasSizeGreaterThan(15);
    assertThat(run.err()).isEmpty();
    for (String flag : documented) {
      assertThat(run.out()).contains("# from flag " + flag + "\n");
    }
    assertThat(run.out()).doesNotContain("# from default");

    String help = run("", Map.of(), "scan", "--help").out();
    String section = help.substring(help.indexOf("\nRegistries:\n"));
    Arrays.asList("--config", "--username", "--password-stdin").forEach(documented::add);
    for (String flag : documented) {
      assertThat(section).containsPattern("(?m)^ +(?:-\\w, )?" + flag + "\\b");
    }
  }
}
