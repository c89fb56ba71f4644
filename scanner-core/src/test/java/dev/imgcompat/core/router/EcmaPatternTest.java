package dev.imgcompat.core.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class EcmaPatternTest {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  /** Short, so that no pattern takes an engine long. */
  private static final List<String> NAMES =
      List.of(
          "",
          "a",
          "centos:6",
          "CentOS:6.9",
          "mycentos:6",
          "r.io/a/b:1",
          "r.io:5000/x@sha2",
          "aab",
          "a-b_c.d",
          "ab\nab",
          "null",
          "x{1}y",
          "Q6.8E",
          "[object Object]",
          "\u017f\u212a\u00e9\u0130\u0131");

  /** What people, other engines and other generators write. */
  private static final List<String> ODD =
      List.of(
          "",
          "null",
          "6",
          "centos:6",
          "centos:6.8",
          "^centos:6$",
          "centos$:6",
          "a^b",
          "[object Object]",
          "g++:4",
          "(?i)centos",
          "\\Qcentos:6.8\\E",
          "\\Acentos",
          "centos\\z",
          "centos\\Z",
          "[[:alpha:]]+",
          "a++",
          "a?+",
          "a*+",
          "(?>a)",
          "(?#x)a",
          "(?P<x>a)",
          "(?<x>a)\\k<x>",
          "\\k<x>",
          "(?<x>a)(?<x>b)",
          "(?<x>a)|(?<x>b)",
          "(?<=my)centos",
          "(?<!my)centos",
          "(?=c)centos",
          "^(?!(?:centos:6)$)",
          "(?:",
          "(",
          ")",
          "a)",
          "[",
          "]",
          "[]",
          "[^]",
          "[]a]",
          "[^]a]",
          "{",
          "}",
          "{}",
          "{1}",
          "a{",
          "a{1",
          "a{1,",
          "a{,1}",
          "a{1}",
          "a{2,1}",
          "a{1}{2}",
          "a{1}?{2}",
          "a{1}?",
          "a{1}??",
          "a{1}+",
          "a{1}*",
          "a{1,}{2}",
          "\\{1}{2}",
          "\\\\{1}{2}",
          "[{1}{2}]",
          "[{1}+]",
          "a[{1}{2}]",
          "a{1}\\{2}",
          "a{1}[{]2}",
          "*",
          "+a",
          "?",
          "a**",
          "a??",
          "a???",
          "a*?",
          "a*??",
          "|",
          "a|",
          "|a",
          "(|a)",
          "(a|)",
          "()",
          "(?:)",
          "(?:)*",
          "^*",
          "$*",
          "^+",
          "^?",
          "$?",
          "\\b*",
          "\\b+",
          "\\b{2}",
          "\\B?",
          "(?=a)*",
          "(?!a)+",
          "(?=a){2}",
          "(?<=a)*",
          "(?<!a)+",
          "\\",
          "a\\",
          "[\\",
          "[a\\",
          "[\\]",
          "\\]",
          "[z-a]",
          "[a-\\d]",
          "[\\d-a]",
          "[\\w-.]",
          "[a-]",
          "[-a]",
          "[--0]",
          "[a-b-c]",
          "[\\b]",
          "[\\B]",
          "\\0",
          "\\00",
          "\\1",
          "(a)\\1",
          "\\1(a)",
          "(a)\\2",
          "\\8",
          "\\9",
          "\\12",
          "\\08",
          "\\x",
          "\\x6",
          "\\x61",
          "\\u",
          "\\u006",
          "\\u0061",
          "\\u{61}",
          "\\u{2}",
          "\\p{L}",
          "\\pL",
          "\\P{L}",
          "\\c",
          "\\cA",
          "\\c1",
          "[\\c]",
          "[\\c1]",
          "\\h",
          "\\R",
          "\\G",
          "\\K",
          "\\X",
          "\\e",
          "\\a",
          "\\N",
          "\\-",
          "\\/",
          "\\ ",
          "\\_",
          "/centos/i",
          "[a&&b]",
          "[a-z&&[^c]]",
          "(?-i:a)",
          "(?i:a)",
          "(?s:.)",
          "a.b",
          "(?:.|\\n)",
          "\\s",
          "[\\s\\S]",
          "[\\d\\D]",
          "[^\\s\\S]",
          "\\w+:\\d",
          "\u017f",
          "s",
          "k",
          "\u212a",
          "i",
          "\u0130",
          "\u00c9",
          "[a-z\u017f]",
          "[\u00e0-\u00ef]",
          "(a*)*",
          "(a*)+",
          "(a+)?b",
          "(a|ab)(c|bcd)?",
          "(?:a|b)*?b",
          "(a)|b\\1",
          "(?:(a)|b)*\\1",
          "(?=(a))\\1",
          "(?!(a))\\1",
          "a{0}",
          "a{0,0}",
          "(a){0}\\1",
          "a{99999999999}",
          "a{1,99999999999}",
          "x{1}y",
          "^$",
          "$^",
          "(?:$|a)",
          "\\bcentos\\b",
          "^(?:(?:(?:index|registry-1)\\.)?docker\\.io/)?(?:library/)?centos(?::6(?:\\.[89])?)$");

  @TempDir private Path directory;

  @Test
  void aPatternIsSearchedAnywhereAndInAnyCase() throws InvalidPatternException {
    EcmaPattern pattern = EcmaPattern.compile("centos:6");

    assertThat(pattern.isFoundIn("docker.io/library/CentOS:6.9")).isTrue();
    assertThat(pattern.isFoundIn("docker.io/library/CentOS:6.9")).as("again").isTrue();
    assertThat(pattern.isFoundIn("centos:7")).isFalse();
  }

  @Test
  void whatNoEngineTakesIsRefusedWithAReasonOfOneLine() {
    for (String wrong : List.of("(", "g++:4", "(?i)x", "x{1}{2}", "(".repeat(200_000))) {
      assertThatThrownBy(() -> EcmaPattern.compile(wrong))
          .isInstanceOf(InvalidPatternException.class)
          .message()
          .isNotBlank()
          .doesNotContain("\n");
    }
  }

  @Test
  void aSearchThatWouldTakeAnHourIsGivenUp() throws InvalidPatternException {
    EcmaPattern slow = EcmaPattern.compile("(a+)+$");
    String name = "a".repeat(60) + "!";

    assertThat(slow.isFoundIn(name, 1_000_000)).isEmpty();
    assertThat(slow.isFoundIn("aaa", 1_000_000)).contains(true);
    assertThat(slow.isFoundIn("b", 1_000_000)).contains(false);
  }

  @Test
  void aPatternThatManyThreadsSearchForIsFoundByAll() throws InvalidPatternException {
    EcmaPattern pattern = EcmaPattern.compile("b$");

    assertThat(
            IntStream.range(0, 20_000)
                .parallel()
                .allMatch(
                    i -> pattern.isFoundIn("ab".repeat(i % 7 + 1)) && !pattern.isFoundIn("ba")))
        .isTrue();
  }

  @Test
  void nodeGivesTheSameAnswers() throws IOException, InterruptedException {
    List<String> patterns = new ArrayList<>(ODD);
    Random random = new Random(7);
    for (int i = 0; i < 2000; i++) {
      patterns.add(generated(random));
    }

    JsonNode theirs = node(patterns);

    List<String> differences = new ArrayList<>();
    for (int i = 0; i < patterns.size(); i++) {
      String ours = answers(patterns.get(i));
      if (!ours.equals(theirs.path(i).asString())) {
        differences.add(patterns.get(i) + ": " + ours + ", Node " + theirs.path(i).asString());
      }
    }
    assertThat(theirs).hasSameSizeAs(patterns);
    assertThat(differences).isEmpty();
  }

  private static String answers(String text) {
    try {
      EcmaPattern pattern = EcmaPattern.compile(text);
      StringBuilder answers = new StringBuilder();
      NAMES.forEach(name -> answers.append(pattern.isFoundIn(name) ? '1' : '0'));
      return answers.toString();
    } catch (InvalidPatternException e) {
      return "invalid";
    } catch (RuntimeException e) {
      // Of an engine that looks at a part of the pattern only when it searches.
      return String.valueOf(e.getMessage());
    }
  }

  private JsonNode node(List<String> patterns) throws IOException, InterruptedException {
    assumeTrue(isOnPath("node"), "node is not installed (Debian package nodejs)");
    Path script = directory.resolve("match.cjs");
    Files.writeString(
        script,
        """
        const { patterns, names } = JSON.parse(require('fs').readFileSync(process.argv[2]));
        console.log(JSON.stringify(patterns.map(text => {
          try {
            const pattern = new RegExp(text, 'gi');
            return names.map(name => (name.match(pattern) ? '1' : '0')).join('');
          } catch (e) {
            return 'invalid';
          }
        })));
        """);
    Path questions = directory.resolve("questions.json");
    Files.write(
        questions,
        MAPPER.writeValueAsBytes(
            MAPPER.createObjectNode().putPOJO("patterns", patterns).putPOJO("names", NAMES)));
    Path answers = directory.resolve("answers.json");
    Process process =
        new ProcessBuilder("node", script.toString(), questions.toString())
            .redirectOutput(answers.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return MAPPER.readTree(Files.readAllBytes(answers));
  }

  private static boolean isOnPath(String program) {
    for (String path : System.getenv().getOrDefault("PATH", "").split(":", -1)) {
      if (Files.isExecutable(Path.of(path, program))) {
        return true;
      }
    }
    return false;
  }

  /** A few parts that patterns are made of, in any order. */
  private static String generated(Random random) {
    List<String> parts =
        List.of(
            "a", "b", "c", "6", ":", "/", "centos", ".", "\\.", "^", "$", "|", "(", ")", "(?:",
            "(?=", "(?!", "(?<=", "(?<!", "[", "]", "[^", "-", "*", "+", "?", "{1}", "{0,2}",
            "{2,}", "{", "}", "\\d", "\\w", "\\W", "\\b", "\\B", "\\s", "\\1", "\\2", "[a-c]",
            "[\\w.-]", "(a)", "(?:a|b)", ",", "\\\\", "\\", "\\Q", "\\x61", "\\0", "@", "_");
    StringBuilder pattern = new StringBuilder();
    for (int n = 1 + random.nextInt(7); n > 0; n--) {
      pattern.append(parts.get(random.nextInt(parts.size())));
    }
    return pattern.toString();
  }
}
